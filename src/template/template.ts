/**
 * The template engine: playbook strings, nodes, conditions and template files → values and texts. An instance holds the
 * registries of filters, tests, lookups and globals (callers may add to them) and a cache of compiled templates.
 */
import path from 'node:path';
import { TemplateError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import type { Dict, Value } from '../core/values.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import { type TextCheck, TextChecks } from './check.ts';
import { CompileCache } from './compileCache.ts';
import { withoutBraces } from './conditionText.ts';
import { runTemplate } from './evaluate/blocks.ts';
import { toValue, toValueOfPath } from './evaluate/boundary.ts';
import { EvaluationContext } from './evaluate/context.ts';
import {
  type CompiledTemplate,
  Frame,
  type LoadedTemplate,
  type Render,
} from './evaluate/frame.ts';
import { FILE_MODE, type ModeName, RESULT_MODES, type ResultMode } from './evaluate/resultMode.ts';
import { legacyVariable } from './legacyMode.ts';
import { LoopTerms } from './loopTerms.ts';
import { withNewlines } from './newlines.ts';
import { OMIT } from './omit.ts';
import { type Origin, placeInFile } from './origin.ts';
import type { Filter, Lookup, SearchPath, TemplateHost, Test } from './plugins.ts';
import { isTrue } from './python/sequence.ts';
import { type Internal, NO_KEYWORDS } from './python/types.ts';
import type { Scope } from './scope.ts';
import { FILE_SYNTAX, PLAYBOOK_SYNTAX, type SyntaxOptions } from './syntax/tokens.ts';
import { loaderOf } from './templateFiles.ts';
import { headerOptions, syntaxOptions } from './templateHeader.ts';

export { isOmit, OMIT } from './omit.ts';
export { isUndefinedError } from './python/errors.ts';

export interface TemplateEngineOptions {
  readonly mode: ModeName;
  readonly host: TemplateHost;
  readonly filters: Map<string, Filter>;
  readonly tests: Map<string, Test>;
  readonly lookups: Map<string, Lookup>;
  readonly globals: Map<string, Internal>;
}

export interface EvaluateOptions extends Origin {
  /** Where lookups search for files. Default: the scope's `ansible_search_path`, else the playbook's directory. */
  readonly searchPath?: SearchPath | undefined;
}

/** The text of another template by the name it is included with. */
export type TemplateLoader = (
  name: string,
) => { readonly text: string; readonly file: string } | undefined;

export interface RenderOptions {
  /** Where the text begins, normally line 1 of the template file. */
  readonly source?: Source | undefined;
  /** Directories that `include`, `import` and `extends` search, or a loader of their own. */
  readonly searchPath?: readonly string[] | undefined;
  readonly load?: TemplateLoader | undefined;
  /** Options by Jinja's names (`trim_blocks`, `variable_start_string`, …); a `#jinja2:` header wins over them. */
  readonly syntax?: Readonly<Record<string, string | boolean>> | undefined;
}

export class TemplateEngine {
  readonly mode: ModeName;
  readonly host: TemplateHost;
  readonly filters: Map<string, Filter>;
  readonly tests: Map<string, Test>;
  readonly lookups: Map<string, Lookup>;
  readonly globals: Map<string, Internal>;
  readonly #cache = new CompileCache();
  readonly #checks: TextChecks;

  constructor(options: TemplateEngineOptions) {
    this.mode = options.mode;
    this.host = options.host;
    this.filters = options.filters;
    this.tests = options.tests;
    this.lookups = options.lookups;
    this.globals = new Map([...options.globals, ['omit', OMIT]]);
    this.#checks = new TextChecks(this);
  }

  /** Whether the text can hold a template at all; without a delimiter it is its own value. */
  isTemplate(text: string): boolean {
    return isTemplate(text);
  }

  /** The value of a playbook string: a sole `{{ expression }}` keeps its type. */
  evaluateText(text: string, scope: Scope, options: EvaluateOptions = {}): Value {
    if (!isTemplate(text)) return text;
    const kept = this.mode === 'legacy' ? legacyVariable(text, scope) : undefined;
    if (kept !== undefined) return kept;
    const template = this.#cache.template(text, PLAYBOOK_SYNTAX, options);
    const locate: Render['locate'] = (at) => placeInFile(options, at);
    const mode = RESULT_MODES[this.mode];
    const render = this.#render(template, scope, { mode, locate, searchPath: options.searchPath });
    const result = this.#run(template, render);
    // Roles of most ages take the None of a search that found nothing for empty text.
    if (this.mode === 'auto' && result === null && template.isAnswer) return '';
    return withNewlines(template.isPath ? toValueOfPath(result) : toValue(result), text);
  }

  /** The value of a node: its templates evaluated, keys too; `unsafe` scalars and `data` as they are. */
  evaluateNode(node: Node, scope: Scope, options: EvaluateOptions = {}): Value {
    switch (node.kind) {
      case 'data':
        return node.value;
      case 'scalar':
        return this.#scalar(node, scope, options);
      case 'sequence':
        return node.items.map((item) => this.evaluateNode(item, scope, options));
      case 'mapping': {
        const dict: Dict = new Map();
        for (const { key, value } of node.entries) {
          dict.set(this.#scalar(key, scope, options), this.evaluateNode(value, scope, options));
        }
        return dict;
      }
    }
  }

  /** The value of a bare expression, as `debug: var=` and `loop` templates without braces have it. */
  evaluateExpression(text: string, scope: Scope, options: EvaluateOptions = {}): Value {
    return toValue(this.#expression(text, scope, options));
  }

  /**
   * Whether a condition holds. A text is a bare expression; with `{{ }}` it is evaluated first, with a warning; what
   * is no boolean is judged by its truth.
   */
  evaluateCondition(condition: Value | Node, scope: Scope, options: EvaluateOptions = {}): boolean {
    if (isNode(condition)) {
      if (condition.kind !== 'scalar') return isTrue(this.evaluateNode(condition, scope, options));
      return this.evaluateCondition(condition.value, scope, { ...options, node: condition });
    }
    if (typeof condition !== 'string') return condition === null || isTrue(condition);
    if (condition.trim() === '') return true;
    if (!isTemplate(condition)) return isTrue(this.#expression(condition, scope, options));
    return this.#templatedCondition(condition, scope, options);
  }

  /** The text of a template file. */
  renderTemplate(text: string, scope: Scope, options: RenderOptions = {}): string {
    const given = { ...FILE_SYNTAX, ...syntaxOptions(Object.entries(options.syntax ?? {})) };
    const { syntax, body, headerLines } = headerOptions(text, given);
    const source = options.source && { ...options.source, line: options.source.line + headerLines };
    const template = this.#cache.template(body, syntax, { source });
    const render = this.#render(template, scope, {
      mode: FILE_MODE,
      locate: (at) => placeInFile({ source }, at),
      load: this.#loader(options.load ?? loaderOf(options.searchPath ?? []), syntax),
    });
    return String(withNewlines(toValue(this.#run(template, render)), body, syntax.newline));
  }

  /** A template file as `lookup('template', …)` renders it, with more variables than the scope's. */
  renderLookupFile(
    file: string,
    scope: Scope,
    extra: ReadonlyMap<string, Value>,
    syntax: ReadonlyMap<string, Internal>,
  ): string {
    const text = this.host.readFile(file).toString('utf8');
    const inner: Scope = {
      lookup: (name) => (extra.has(name) ? extra.get(name) : scope.lookup(name)),
      names: () => new Set([...extra.keys(), ...scope.names()]),
    };
    return this.renderTemplate(text, inner, {
      source: { file, line: 1, column: 1 },
      searchPath: [path.dirname(file)],
      syntax: Object.fromEntries([...syntax].map(([name, value]) => [name, String(value)])),
    });
  }

  /** The items of a `with_<lookup>` loop: its terms evaluated, the lookup's results, flattened as it does. */
  loopLookup(name: string, items: Node, scope: Scope): Value[] {
    const terms = new LoopTerms(this, scope).of(name, items);
    const context = new EvaluationContext(this, scope, undefined);
    const found = context.callLookup({ positional: [name, ...terms], keyword: NO_KEYWORDS }, true);
    return Array.isArray(found) ? found.map(toValue) : [];
  }

  /** What can be said about a text before it is evaluated: syntax errors, unknown plugins, the names it uses. */
  checkText(text: string, origin: Origin = {}): TextCheck {
    return this.#checks.check(text, origin, 'text');
  }

  /** As `checkText`, for a bare expression (`when`). */
  checkExpression(text: string, origin: Origin = {}): TextCheck {
    return this.#checks.check(text, origin, isTemplate(text) ? 'text' : 'expression');
  }

  /** Whether there is a lookup of that name. */
  checkLookup(name: string, source: Source): TextCheck {
    return this.#checks.checkLookup(name, { source });
  }

  /** As `checkText`, for the text of a template file, its `#jinja2:` line minded. */
  checkFile(text: string, file: string): TextCheck {
    const { syntax, body, headerLines } = headerOptions(text, FILE_SYNTAX);
    const source = { file, line: 1 + headerLines, column: 1 };
    return this.#checks.check(body, { source }, 'file', syntax);
  }

  get isNative(): boolean {
    return this.mode === 'native';
  }

  #scalar(node: ScalarNode, scope: Scope, { searchPath }: EvaluateOptions): Value {
    const { value, tag } = node;
    if (typeof value !== 'string' || tag === 'unsafe') return value;
    if (tag === 'vault') return this.#decrypted(value, node.source);
    if (!isTemplate(value)) return value;
    return this.evaluateText(value, scope, { searchPath, node });
  }

  #decrypted(text: string, source: Source): string {
    if (this.host.decrypt !== undefined) return this.host.decrypt(text, source);
    throw new TemplateError('a vaulted value was used, but no vault secrets are given', {
      code: 'DROVER_VAULT_NO_SECRET',
      source,
      hint: 'give the password with --ask-vault-pass or --vault-password-file',
    });
  }

  #expression(text: string, scope: Scope, options: EvaluateOptions): Internal {
    const evaluate = this.#cache.expression(text, options);
    const locate: Render['locate'] = (at) => placeInFile(options, at);
    const mode = RESULT_MODES[this.mode];
    return evaluate(
      new Frame(this.#render(undefined, scope, { mode, locate, searchPath: options.searchPath })),
    );
  }

  #templatedCondition(text: string, scope: Scope, options: EvaluateOptions): boolean {
    const place = placeInFile(options, { lineno: 0, colno: 0 });
    this.host.warn('a condition needs no {{ }} or {% %}', withoutBraces(text), place);
    const value = this.evaluateText(text, scope, options);
    if (typeof value !== 'string') return value === null || isTrue(value);
    if (value.trim() === '') return true;
    return isTrue(this.#expression(value, scope, options));
  }

  #loader(load: TemplateLoader | undefined, syntax: SyntaxOptions): Render['load'] {
    return (name): LoadedTemplate | undefined => {
      const found = load?.(name);
      if (found === undefined) return undefined;
      const source = { file: found.file, line: 1, column: 1 };
      return { file: found.file, template: this.#cache.template(found.text, syntax, { source }) };
    };
  }

  #render(
    template: CompiledTemplate | undefined,
    scope: Scope,
    parts: {
      readonly mode: ResultMode;
      readonly locate: Render['locate'];
      readonly searchPath?: SearchPath | undefined;
      readonly load?: Render['load'];
    },
  ): Render {
    const context = new EvaluationContext(this, scope, parts.searchPath);
    return {
      context,
      scope,
      globals: this.globals,
      mode: parts.mode,
      locate: parts.locate,
      load: parts.load ?? (() => undefined),
      copies: template?.changesValues === true ? new Map() : undefined,
      blocks: new Map(),
      parent: undefined,
    };
  }

  #run(template: CompiledTemplate, render: Render): Internal {
    const out: Internal[] = [];
    runTemplate(template, new Frame(render), out);
    return render.mode.result(out, (text) => text === render.context.keptText);
  }
}

/** A fast test: without one of the delimiters a text is its own value. */
export function isTemplate(text: string): boolean {
  return text.includes('{') && (text.includes('{{') || text.includes('{%') || text.includes('{#'));
}

function isNode(value: Value | Node): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value && 'source' in value;
}

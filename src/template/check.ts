/** What can be said about a template before it is evaluated: its syntax, the plugins and the names it uses. */
import { TemplateError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import {
  type Analysis,
  analyse,
  analyseLookup,
  type Known,
  type UnknownPlugin,
} from './analysis.ts';
import { withPlace } from './compileCache.ts';
import { type Origin, placeInFile } from './origin.ts';
import { joined, plainOutputs, shifted } from './plainOutputs.ts';
import { parseBareExpression, parseTemplate } from './syntax/parser.ts';
import type { Position } from './syntax/syntaxError.ts';
import { FILE_SYNTAX, PLAYBOOK_SYNTAX, type SyntaxOptions } from './syntax/tokens.ts';

export interface UsedName {
  readonly name: string;
  readonly source: Source | undefined;
  /** Whether the template is prepared for its absence (`is defined`, `default`). */
  readonly isOptional: boolean;
}

export interface TextCheck {
  /** Errors that every evaluation would meet: syntax, unknown filters, tests and lookups. */
  readonly errors: readonly TemplateError[];
  /** As `errors`, for plugins of other collections: no mistake of the author, and perhaps nothing evaluates them. */
  readonly missing: readonly TemplateError[];
  /** Variables that come from outside the template. */
  readonly names: readonly UsedName[];
  readonly filters: readonly string[];
  readonly tests: readonly string[];
  readonly lookups: readonly string[];
}

export type CheckKind = 'text' | 'expression' | 'file';

const NOTHING: TextCheck = {
  errors: [],
  missing: [],
  names: [],
  filters: [],
  tests: [],
  lookups: [],
};

/** Entries; conditions made in loops must not fill the memory. */
const MAX_ENTRIES = 1_000;

/** Checks texts, each different condition once: a role repeats its conditions, other texts are mostly different. */
export class TextChecks {
  readonly #known: Known;
  /** Of expressions. Without those that use unknown plugins: somebody may add them. */
  readonly #sound = new Map<string, Analysis>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** The lookup of a `with_<name>` loop. */
  checkLookup(name: string, origin: Origin): TextCheck {
    return placed(analyseLookup(name, this.#known), origin);
  }

  check(text: string, origin: Origin, kind: CheckKind, syntax = SYNTAX[kind]): TextCheck {
    try {
      return placed(this.#analysis(text, origin, kind, syntax), origin);
    } catch (error) {
      if (error instanceof TemplateError) return { ...NOTHING, errors: [error] };
      throw error;
    }
  }

  #analysis(text: string, origin: Origin, kind: CheckKind, syntax: SyntaxOptions): Analysis {
    if (kind === 'expression') return this.#expression(text, origin);
    const simple = syntax === PLAYBOOK_SYNTAX ? this.#simple(text) : undefined;
    if (simple !== undefined) return simple;
    const body = withPlace(origin, () => parseTemplate(text, syntax));
    return analyse(body, this.#known);
  }

  /** Of a text that is nothing but words and plain expressions; undefined: the parser must read it as a whole. */
  #simple(text: string): Analysis | undefined {
    const outputs = plainOutputs(text);
    if (outputs === undefined) return undefined;
    try {
      return joined(
        outputs.map(({ expression, at }) => shifted(this.#expression(expression, {}), at)),
      );
    } catch (error) {
      if (error instanceof TemplateError) return undefined;
      throw error;
    }
  }

  #expression(text: string, origin: Origin): Analysis {
    const sound = this.#sound.get(text);
    if (sound !== undefined) return sound;
    const tree = withPlace(origin, () => parseBareExpression(text, SYNTAX.expression));
    const analysis = analyse(tree, this.#known);
    if (analysis.unknown.length > 0) return analysis;
    if (this.#sound.size >= MAX_ENTRIES) this.#sound.clear();
    this.#sound.set(text, analysis);
    return analysis;
  }
}

const SYNTAX: Readonly<Record<CheckKind, SyntaxOptions>> = {
  text: PLAYBOOK_SYNTAX,
  expression: FILE_SYNTAX,
  file: FILE_SYNTAX,
};

function placed({ unknown, names, ...plugins }: Analysis, origin: Origin): TextCheck {
  const place = (at: Position): Source | undefined => placeInFile(origin, at) ?? origin.source;
  return {
    ...plugins,
    errors: unknown
      .filter(({ name }) => collectionOf(name) === undefined)
      .map((plugin) => unknownPlugin(plugin, place(plugin.at))),
    missing: unknown
      .filter(({ name }) => collectionOf(name) !== undefined)
      .map((plugin) => missingPlugin(plugin, place(plugin.at))),
    names: names.map(({ name, isOptional, at }) => ({ name, isOptional, source: place(at) })),
  };
}

function unknownPlugin(
  { kind, name, hint }: UnknownPlugin,
  source: Source | undefined,
): TemplateError {
  const code = `DROVER_UNKNOWN_${kind.toUpperCase()}`;
  return new TemplateError(`unknown ${kind} "${name}"`, { code, hint, source });
}

function missingPlugin({ kind, name }: UnknownPlugin, source: Source | undefined): TemplateError {
  const message = `drover does not have the ${kind} "${name}" of ${collectionOf(name)}`;
  const code = `DROVER_UNKNOWN_${kind.toUpperCase()}`;
  return new TemplateError(message, { code, hint: 'what uses it fails', source });
}

/** The collection in a plugin's name; undefined for those of ansible-core, of which there are no more than drover has. */
function collectionOf(name: string): string | undefined {
  const collection = /^(\w+\.\w+)\./.exec(name)?.[1];
  return collection?.startsWith('ansible.builtin') || collection?.startsWith('ansible.legacy')
    ? undefined
    : collection;
}

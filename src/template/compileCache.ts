/** Compiled templates and expressions by their text. */
import { compileExpression } from './evaluate/expression.ts';
import type { CompiledTemplate } from './evaluate/frame.ts';
import { compileTemplate } from './evaluate/template.ts';
import type { Evaluate } from './evaluate/unit.ts';
import { type Origin, placeInFile } from './origin.ts';
import { parseBareExpression, parseTemplate } from './syntax/parser.ts';
import { SyntaxFailure, syntaxError } from './syntax/syntaxError.ts';
import { FILE_SYNTAX, type SyntaxOptions } from './syntax/tokens.ts';

/** Entries; a project has some thousand templates, texts made in loops must not fill the memory. */
const MAX_ENTRIES = 20_000;

export class CompileCache {
  readonly #templates = new Map<string, CompiledTemplate>();
  readonly #expressions = new Map<string, Evaluate>();
  readonly #optionKeys = new WeakMap<SyntaxOptions, string>();

  /** @throws TemplateError with its place in `origin` when the text does not parse. */
  template(text: string, options: SyntaxOptions, origin: Origin): CompiledTemplate {
    return cached(this.#templates, this.#keyOf(options) + text, origin, () =>
      compileTemplate(parseTemplate(text, options)),
    );
  }

  /** As `template`, for a bare expression. */
  expression(text: string, origin: Origin): Evaluate {
    return cached(this.#expressions, text, origin, () =>
      compileExpression(parseBareExpression(text, FILE_SYNTAX), { changesValues: false }),
    );
  }

  #keyOf(options: SyntaxOptions): string {
    let key = this.#optionKeys.get(options);
    if (key === undefined) {
      key = JSON.stringify(Object.entries(options).sort());
      this.#optionKeys.set(options, key);
    }
    return key;
  }
}

function cached<T>(entries: Map<string, T>, key: string, origin: Origin, compile: () => T): T {
  const known = entries.get(key);
  if (known !== undefined) return known;
  const compiled = withPlace(origin, compile);
  if (entries.size >= MAX_ENTRIES) entries.clear();
  entries.set(key, compiled);
  return compiled;
}

/** Turns a syntax failure into an error with a place in the file. */
export function withPlace<T>(origin: Origin, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof SyntaxFailure)) throw error;
    throw syntaxError(error, placeInFile(origin, error.place) ?? origin.source);
  }
}

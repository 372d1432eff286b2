/** The names and surroundings that a piece of template is evaluated with. */
import type { Source } from '../../core/source.ts';
import { isUndefinedError } from '../python/errors.ts';
import { type Internal, Undefined } from '../python/types.ts';
import type { Scope } from '../scope.ts';
import type { Position } from '../syntax/syntaxError.ts';
import type { EvaluationContext } from './context.ts';
import type { ResultMode } from './resultMode.ts';

export interface CompiledTemplate {
  readonly body: RunBlock;
  /** Its own blocks by name, including nested ones. */
  readonly blocks: ReadonlyMap<string, RunBlock>;
  /** Whether it may change lists or dicts in place. */
  readonly changesValues: boolean;
  /** Whether it is one output of a variable or a part of one, whose value is data. */
  readonly isPath: boolean;
  /** Whether it is one output of a call or filter. `default` is none: who writes `default(none)` means None. */
  readonly isAnswer: boolean;
}

export type RunBlock = (frame: Frame, out: Internal[]) => void;

/** One template being rendered. Included and imported templates have renders of their own. */
export interface Render {
  readonly context: EvaluationContext;
  readonly scope: Scope;
  readonly globals: ReadonlyMap<string, Internal>;
  readonly mode: ResultMode;
  readonly locate: (position: Position) => Source | undefined;
  /** Finds and compiles another template (`include`, `import`, `extends`), or undefined. */
  readonly load: (name: string) => LoadedTemplate | undefined;
  /** Copies of variables, for templates that change lists and dicts in place. */
  readonly copies: Map<string, Internal> | undefined;
  /** Blocks by name, the most derived first. */
  readonly blocks: Map<string, RunBlock[]>;
  /** Set by `extends`. */
  parent: LoadedTemplate | undefined;
}

export interface LoadedTemplate {
  readonly template: CompiledTemplate;
  readonly file: string;
}

export class Frame {
  readonly render: Render;
  readonly parent: Frame | undefined;
  #names: Map<string, Internal> | undefined;

  constructor(render: Render, parent?: Frame, names?: Map<string, Internal>) {
    this.render = render;
    this.parent = parent;
    this.#names = names;
  }

  set(name: string, value: Internal): void {
    this.#names ??= new Map();
    this.#names.set(name, value);
  }

  /** What was set in this frame itself. */
  names(): ReadonlyMap<string, Internal> {
    return this.#names ?? new Map();
  }

  /** The value of a name here, around here, in the scope or among the globals. */
  get(name: string): Internal | undefined {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.parent) {
      const value = frame.#names?.get(name);
      if (value !== undefined) return value;
    }
    const value = variable(this.render, name);
    if (value !== undefined) return value;
    return this.render.context.lookupFunction(name) ?? this.render.globals.get(name);
  }

  /** All names that can be seen from here. */
  *allNames(): Iterable<string> {
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.parent) {
      if (frame.#names !== undefined) yield* frame.#names.keys();
    }
    yield* this.render.scope.names();
    yield* this.render.globals.keys();
  }
}

function variable(render: Render, name: string): Internal | undefined {
  const copy = render.copies?.get(name);
  if (copy !== undefined) return copy;
  const value = lookup(render.scope, name);
  if (render.copies === undefined || value === undefined) return value;
  const fresh = copied(value);
  render.copies.set(name, fresh);
  return fresh;
}

function lookup(scope: Scope, name: string): Internal | undefined {
  try {
    return scope.lookup(name);
  } catch (error) {
    if (!isUndefinedError(error)) throw error;
    return new Undefined(error.message, { source: error.source });
  }
}

/** Lists and dicts copied to the bottom, everything else shared. */
export function copied(value: Internal): Internal {
  if (Array.isArray(value)) return value.constructor === Array ? value.map(copied) : value;
  if (value instanceof Map && Object.getPrototypeOf(value) === Map.prototype) {
    return new Map([...value].map(([key, item]) => [key, copied(item)]));
  }
  return value;
}

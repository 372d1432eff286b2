/** What the compilers of statements share, so that no two of them need to know each other. */
import type { Internal } from '../python/types.ts';
import type { Body, Expression } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';

export type Evaluate = (frame: Frame) => Internal;

/** Runs statements: their outputs are appended to `out`. */
export type Run = (frame: Frame, out: Internal[]) => void;

/** What the compiler notes about a template on its way. */
export interface Notes {
  /** Whether a list or dict may be changed in place (`.append(…)`). */
  changesValues: boolean;
}

/** One template being compiled. */
export interface Unit {
  /** Its blocks, collected as they are met. */
  readonly blocks: Map<string, Run>;
  expression(node: Expression): Evaluate;
  body(body: Body): Run;
}

/** The outputs of a body as one value, as macros, captures and filter blocks need them. */
export function captureOf(run: Run): Evaluate {
  return (frame) => {
    const out: Internal[] = [];
    run(frame, out);
    return frame.render.mode.result(out, (text) => text === frame.render.context.keptText);
  };
}

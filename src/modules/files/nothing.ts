import type { Probe } from '../../target/probe.ts';

/** A probe for what need not be asked: it answers `value`. */
export function nothing<T = undefined>(value?: T): Probe<T | undefined> {
  return { script: '', args: [], parse: () => value };
}

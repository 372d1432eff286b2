/** The value of `omit`: an argument with it is left out. A text that nobody writes by chance. */
import type { Value } from '../core/values.ts';

export const OMIT = '__omit_place_holder__drover_1f0a9c52d1c64e7f__';

export function isOmit(value: Value): boolean {
  return value === OMIT;
}

/** Line breaks at the end of what a template gives. */
import type { Value } from '../core/values.ts';

/** Jinja drops one newline at the end; playbooks keep as many as were written. */
export function withNewlines(value: Value, text: string, newline = '\n'): Value {
  if (typeof value !== 'string') return value;
  const missing = newlinesAtEnd(text) - newlinesAtEnd(value);
  return missing > 0 ? value + newline.repeat(missing) : value;
}

function newlinesAtEnd(text: string): number {
  let count = 0;
  while (text.charCodeAt(text.length - 1 - count) === 10) count++;
  return count;
}

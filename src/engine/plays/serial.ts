/** `serial`: how the hosts of a play are cut into batches. */
import { DroverError } from '../../core/errors.ts';
import type { Source } from '../../core/source.ts';
import type { Value } from '../../core/values.ts';

/**
 * @param serial a number, a percentage, or a list of them; the last of a list repeats. Undefined: all hosts at once.
 * @throws DroverError when it is neither.
 */
export function batches(
  hosts: readonly string[],
  serial: Value | undefined,
  source: Source,
): string[][] {
  const sizes = sizesOf(serial, hosts.length, source);
  const result: string[][] = [];
  let start = 0;
  for (let i = 0; start < hosts.length; i += 1) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? hosts.length;
    result.push(hosts.slice(start, start + size));
    start += size;
  }
  return result;
}

function sizesOf(serial: Value | undefined, count: number, source: Source): number[] {
  if (serial === undefined || serial === null) return [count];
  const list = Array.isArray(serial) ? serial : [serial];
  const sizes = list.map((size) => sizeOf(size, count, source));
  return sizes.map((size) => (size <= 0 ? count : size));
}

/** A percentage is rounded down, and at least one host. */
function sizeOf(size: Value, count: number, source: Source): number {
  const match = /^\s*(\d+)\s*(%?)\s*$/.exec(String(size));
  if (match === null) {
    throw new DroverError(`serial takes numbers and percentages, not "${String(size)}"`, {
      code: 'DROVER_INVALID_KEYWORD',
      source,
      hint: 'e.g. serial: 2, serial: "30%" or serial: [1, 5, "50%"]',
    });
  }
  const number = Number(match[1]);
  return match[2] === '%' ? Math.max(1, Math.floor((number / 100) * count)) : number;
}

/** Ansible's `random` and `shuffle`, repeatable with a seed. */
import { createHash } from 'node:crypto';
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { typeError, usageError } from '../python/errors.ts';
import { iterate } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { type Internal, isInteger, isList, isNumber, Range } from '../python/types.ts';
import { integerOf } from './parameters.ts';

export const randomFilters = table<Filter>({
  random: (value, args, { host }) => {
    const [start, step, seed] = bind('random', args, 'start', 'step', 'seed');
    const random = generator(seed, host.random);
    if (!isInteger(value)) {
      if (start !== undefined || step !== undefined)
        throw usageError('start and step can only be used with integer values');
      if (!(isList(value) || typeof value === 'string' || value instanceof Range))
        throw typeError('random can only be used on sequences and integers');
      const items = iterate(value);
      const item = items[Math.floor(random() * items.length)];
      if (item === undefined) throw usageError('random item of an empty sequence');
      return item;
    }
    const [from, by] = [integerOf(start, 0), integerOf(step, 1)];
    const choices = Math.ceil((Number(value) - from) / by);
    if (choices <= 0) throw usageError(`empty range for random: ${from} to ${Number(value)}`);
    return from + by * Math.floor(random() * choices);
  },
  shuffle: (value, args, { host }) => {
    const [seed] = bind('shuffle', args, 'seed');
    // What is no sequence is left as it is.
    if (isNumber(value) || value === null) return value;
    return shuffled(iterate(value), generator(seed, host.random));
  },
});

/** Random numbers; with a seed always the same ones (not those of Python's generator). */
export function generator(seed: Internal | undefined, random: () => number): () => number {
  if (seed === undefined || seed === null) return random;
  let count = 0;
  const text = str(seed);
  return () =>
    createHash('sha256').update(`${text}\0${count++}`).digest().readUInt32BE(0) / 2 ** 32;
}

function shuffled(items: readonly Internal[], random: () => number): Internal[] {
  const result = [...items];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const [moved] = result.splice(other, 1);
    if (moved !== undefined) result.push(moved);
  }
  return result;
}

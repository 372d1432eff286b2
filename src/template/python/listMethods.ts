/** The methods of `list` and `tuple`. */
import { bind } from '../arguments.ts';
import { compare, equals } from './equality.ts';
import { typeError, usageError, valueError } from './errors.ts';
import { integerArgument, methodTable } from './method.ts';
import { isTrue, iterate } from './sequence.ts';
import { repr } from './text.ts';
import type { Arguments, Internal } from './types.ts';

export const tupleMethods = methodTable<Internal[]>({
  index: (self, args) => indexIn(self, args),
  count: (self, { positional: [item = null] }) =>
    self.filter((other) => equals(other, item)).length,
});

export const listMethods = methodTable<Internal[]>({
  ...Object.fromEntries(tupleMethods),
  append: (self, { positional: [item = null] }) => changed(self.push(item)),
  extend: (self, { positional: [items = null] }) => changed(self.push(...iterate(items))),
  insert: (self, { positional: [index, item = null] }) =>
    changed(self.splice(integerArgument(index, 0), 0, item)),
  remove: (self, { positional: [item = null] }) => remove(self, item),
  pop: (self, { positional: [index] }) => pop(self, integerArgument(index, -1)),
  clear: (self) => changed(self.splice(0)),
  reverse: (self) => changed(self.reverse()),
  copy: (self) => [...self],
  sort: (self, args) => sortInPlace(self, args),
});

/** Methods that change their list give None. */
function changed(_result: unknown): null {
  return null;
}

function indexIn(self: Internal[], { positional: [item = null, start, end] }: Arguments): number {
  const at = (value: Internal | undefined, fallback: number): number => {
    const index = integerArgument(value, fallback);
    return index < 0 ? Math.max(0, index + self.length) : index;
  };
  const [from, to] = [at(start, 0), at(end, self.length)];
  const found = self.findIndex(
    (other, index) => index >= from && index < to && equals(other, item),
  );
  if (found === -1) throw valueError(`${repr(item)} is not in list`);
  return found;
}

function remove(self: Internal[], item: Internal): null {
  const found = self.findIndex((other) => equals(other, item));
  if (found === -1) throw valueError('list.remove(x): x not in list');
  self.splice(found, 1);
  return null;
}

function pop(self: Internal[], index: number): Internal {
  if (self.length === 0) throw usageError('pop from empty list');
  const [item] = self.splice(index < 0 ? index + self.length : index, 1);
  if (item === undefined) throw usageError('pop index out of range');
  return item;
}

function sortInPlace(self: Internal[], args: Arguments): null {
  const [key, reverse = false] = bind('sort', args, '*key', '*reverse');
  if (key !== undefined && key !== null)
    throw typeError('sort() takes no key function in templates');
  self.sort((a, b) => compare(a, b));
  if (isTrue(reverse)) self.reverse();
  return null;
}

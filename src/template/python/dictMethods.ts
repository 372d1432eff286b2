/** The methods of `dict`. */
import { dictDelete, dictGet, dictSet } from './equality.ts';
import { usageError } from './errors.ts';
import { methodTable } from './method.ts';
import { iterate } from './sequence.ts';
import { repr } from './text.ts';
import {
  type Arguments,
  DictView,
  type Internal,
  type InternalDict,
  presentOr,
  tuple,
} from './types.ts';

export const dictMethods = methodTable<InternalDict>({
  keys: (self) => new DictView(self, 'keys'),
  values: (self) => new DictView(self, 'values'),
  items: (self) => new DictView(self, 'items'),
  get: (self, { positional: [key = null, fallback = null] }) =>
    presentOr(dictGet(self, key), () => fallback),
  copy: (self) => new Map(self),
  pop: (self, { positional: [key = null, fallback] }) => pop(self, key, fallback),
  popitem: (self) => popItem(self),
  clear: (self) => {
    self.clear();
    return null;
  },
  setdefault: (self, { positional: [key = null, fallback = null] }) => {
    const found = dictGet(self, key);
    if (found === undefined) dictSet(self, key, fallback);
    return found === undefined ? fallback : found;
  },
  update: (self, args) => {
    for (const [key, value] of dictFrom(args)) dictSet(self, key, value);
    return null;
  },
  fromkeys: (_self, { positional: [keys = null, value = null] }) =>
    new Map(iterate(keys).map((key) => [key, value])),
});

function pop(self: InternalDict, key: Internal, fallback: Internal | undefined): Internal {
  const found = dictGet(self, key);
  const value = found === undefined ? fallback : found;
  if (value === undefined) throw usageError(`KeyError: ${repr(key)}`);
  dictDelete(self, key);
  return value;
}

function popItem(self: InternalDict): Internal {
  const last = [...self].at(-1);
  if (last === undefined) throw usageError('popitem(): dictionary is empty');
  self.delete(last[0]);
  return tuple(...last);
}

/** `dict(mapping or pairs, **more)`. */
export function dictFrom({ positional: [source], keyword }: Arguments): InternalDict {
  const result: InternalDict = new Map(source instanceof Map ? source : undefined);
  if (source !== undefined && !(source instanceof Map)) {
    for (const pair of iterate(source)) addPair(result, pair);
  }
  for (const [name, value] of keyword) result.set(name, value);
  return result;
}

function addPair(dict: InternalDict, pair: Internal): void {
  const parts = iterate(pair);
  const [key, value] = parts;
  if (key === undefined || value === undefined || parts.length !== 2) {
    throw usageError(
      `dictionary update sequence element #${dict.size} has length ${parts.length}; 2 is required`,
    );
  }
  dictSet(dict, key, value);
}

/** The functions that every template has. */
import { bind } from './arguments.ts';
import { lipsum } from './lipsum.ts';
import type { TemplateHost } from './plugins.ts';
import { localTime, utcTime } from './python/datetime.ts';
import { dictFrom } from './python/dictMethods.ts';
import { typeError, valueError } from './python/errors.ts';
import { isTrue } from './python/sequence.ts';
import { strftime } from './python/strftime.ts';
import { str } from './python/text.ts';
import {
  type Arguments,
  Callable,
  HostObject,
  type Internal,
  isInteger,
  Range,
  tupleOf,
  typeName,
  Undefined,
} from './python/types.ts';

type GlobalFunction = (args: Arguments) => Internal;

/** The globals of a new engine, except those that need an evaluation (`lookup`). */
export function builtinGlobals(host: TemplateHost): Map<string, Internal> {
  const functions: Readonly<Record<string, GlobalFunction>> = {
    range,
    dict: dictFrom,
    namespace,
    cycler,
    joiner,
    undef,
    lipsum: (args) => lipsum(args, host.random),
    now: (args) => now(args, host),
  };
  return new Map(
    Object.entries(functions).map(([name, call]) => [
      name,
      new Callable(name, call, typeOfGlobal(name)),
    ]),
  );
}

function typeOfGlobal(name: string): string {
  return name === 'range' || name === 'dict' ? 'type' : 'function';
}

/** Jinja's sandbox limit; more items than this are a mistake in a template. */
const MAX_RANGE = 10_000_000;

function range({ positional }: Arguments): Internal {
  const [first = 0, second, step = 1] = positional.map(wholeNumber);
  if (positional.length === 0) throw typeError('range expected at least 1 argument, got 0');
  if (step === 0) throw valueError('range() arg 3 must not be zero');
  const made = second === undefined ? new Range(0, first, step) : new Range(first, second, step);
  if (made.length > MAX_RANGE) throw valueError(`range() is too large: ${made.length} items`);
  return made;
}

function wholeNumber(value: Internal): number {
  if (isInteger(value) || typeof value === 'boolean') return Number(value);
  if (value instanceof Undefined) isTrue(value);
  throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`);
}

function namespace(args: Arguments): Internal {
  const entries = [...dictFrom(args)].map(([key, value]): [string, Internal] => [str(key), value]);
  return new HostObject('Namespace', { attributes: new Map(entries) });
}

function cycler({ positional: items }: Arguments): Internal {
  if (items.length === 0) throw typeError('at least one item has to be provided');
  let at = 0;
  const current = (): Internal => items[at] ?? null;
  const methods: Readonly<Record<string, () => Internal>> = {
    next: () => {
      const item = current();
      at = (at + 1) % items.length;
      return item;
    },
    reset: () => {
      at = 0;
      return null;
    },
  };
  return new HostObject('Cycler', {
    computed: (name) => {
      if (name === 'current') return current();
      if (name === 'items') return tupleOf(items);
      const method = name === 'next' || name === 'reset' ? methods[name] : undefined;
      return method && new Callable(name, method);
    },
  });
}

function joiner(args: Arguments): Internal {
  const [separator = ', '] = bind('joiner', args, 'sep');
  let isUsed = false;
  return new HostObject('Joiner', {
    call: () => {
      const text = isUsed ? separator : '';
      isUsed = true;
      return text;
    },
  });
}

function undef(args: Arguments): Internal {
  const [hint] = bind('undef', args, 'hint');
  const isGiven = hint !== undefined && hint !== null && hint !== '';
  return new Undefined(isGiven ? str(hint) : 'Mandatory variable has not been overridden');
}

function now(args: Arguments, host: TemplateHost): Internal {
  const [utc = false, format] = bind('now', args, 'utc', 'fmt');
  const time = isTrue(utc) ? utcTime(host.now()) : localTime(host.now());
  return format === undefined || format === null ? time : strftime(time, str(format));
}

/** Ansible's filters on single values: booleans, choices, types. */
import { Float } from '../../core/values.ts';
import { bind } from '../arguments.ts';
import { acceptingUndefined, type Filter, table } from '../plugins.ts';
import { elementOf } from '../python/access.ts';
import { equals } from '../python/equality.ts';
import { defined, typeError, usageError } from '../python/errors.ts';
import { isTrue } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { float, type Internal, isNumber, typeName, Undefined } from '../python/types.ts';
import { numberFrom, textOf } from './parameters.ts';

const TRUE_TEXTS: ReadonlySet<string> = new Set(['yes', 'on', '1', 'true']);

export const logicFilters = table<Filter>({
  bool: (value) => toBoolean(value),
  ternary: (value, args) => {
    const [yes = null, no = null, none] = bind(
      'ternary',
      args,
      'true_val',
      'false_val',
      'none_val',
    );
    if (value === null && none !== undefined && none !== null) return none;
    return isTrue(value) ? yes : no;
  },
  mandatory: acceptingUndefined((value, args) => {
    const [message] = bind('mandatory', args, 'msg');
    if (!(value instanceof Undefined)) return value;
    const name = value.name === undefined ? '' : ` '${value.name}' `;
    throw usageError(
      message === undefined || message === null
        ? `Mandatory variable${name} not defined.`
        : str(message),
    );
  }),
  type_debug: acceptingUndefined((value) => typeName(value)),
  extract: (value, { positional: [container = null, ...more], keyword }) => {
    const given = more[0] === undefined ? keyword.get('morekeys') : more[0];
    const keys =
      given === undefined || given === null ? [] : Array.isArray(given) ? given : [given];
    return [value, ...keys].reduce<Internal>((found, key) => elementOf(found, key), container);
  },
  log: (value, args) => {
    const [base] = bind('log', args, 'base');
    const number = numberFrom(value, 'log');
    if (base === undefined) return float(Math.log(number));
    const by = numberFrom(base, 'log');
    return float(by === 10 ? Math.log10(number) : Math.log(number) / Math.log(by));
  },
  pow: (value, args) => {
    const [exponent = null] = bind('pow', args, 'y');
    return float(numberFrom(value, 'pow') ** numberFrom(exponent, 'pow'));
  },
  root: (value, args) => {
    const [base = 2] = bind('root', args, 'base');
    const number = numberFrom(value, 'root');
    const by = numberFrom(base, 'root');
    return float(by === 2 ? Math.sqrt(number) : number ** (1 / by));
  },
  human_readable: (value, args) => {
    const [isBits = false, unit] = bind('human_readable', args, 'isbits', 'unit');
    return humanReadable(
      value,
      isTrue(isBits),
      unit === undefined || unit === null ? undefined : str(unit),
    );
  },
  human_to_bytes: (value, args) => {
    const [defaultUnit, isBits = false] = bind('human_to_bytes', args, 'default_unit', 'isbits');
    return humanToBytes(str(value), textOf(defaultUnit), isTrue(isBits));
  },
});

/** Ansible's `bool`: the words for true are true, everything else is false; None stays None. */
export function toBoolean(value: Internal): Internal {
  const given = defined(value);
  if (given === null || typeof given === 'boolean') return given;
  if (typeof given === 'string') return TRUE_TEXTS.has(given.toLowerCase());
  return isNumber(given) && equals(given, 1);
}

const SIZES: readonly (readonly [string, number])[] = [
  ['Y', 2 ** 80],
  ['Z', 2 ** 70],
  ['E', 2 ** 60],
  ['P', 2 ** 50],
  ['T', 2 ** 40],
  ['G', 2 ** 30],
  ['M', 2 ** 20],
  ['K', 2 ** 10],
  ['B', 1],
];

function humanReadable(value: Internal, isBits: boolean, unit: string | undefined): string {
  const given = defined(value);
  if (!isNumber(given)) {
    throw typeError(
      `human_readable() failed on bad input: a number is needed, not ${typeName(given)}`,
    );
  }
  const size = given instanceof Float ? given.value : Number(given);
  const base = isBits ? 'bits' : 'Bytes';
  const found = SIZES.find(([suffix, limit]) =>
    unit === undefined ? size >= limit : unit.toUpperCase() === suffix,
  );
  const [suffix, limit] = found ?? ['B', 1];
  const name = suffix === 'B' ? base : suffix + base.charAt(0);
  return `${(size / limit).toFixed(2)} ${name}`;
}

function humanToBytes(text: string, defaultUnit: string, isBits: boolean): Internal {
  const match = /^\s*([\d.]*\d)\s*([A-Za-z]+)?$/.exec(text);
  const failed = (why: string) => usageError(`human_to_bytes() can't interpret ${why}`);
  if (match === null) throw failed(`the number: ${text}`);
  const unit = (match[2] ?? defaultUnit) || 'B';
  const [, limit] = SIZES.find(([suffix]) => unit.charAt(0).toUpperCase() === suffix) ?? [];
  if (limit === undefined) throw failed(`the unit of ${text}`);
  const wanted = isBits ? ['b', 'bit', 'bits'] : ['b', 'byte', 'bytes'];
  const rest = unit.charAt(0).toUpperCase() === 'B' && limit === 1 ? unit : unit.slice(1);
  const isCased = rest.length === 1 && rest !== (isBits ? 'b' : 'B');
  if (rest !== '' && (isCased || !wanted.includes(rest.toLowerCase())))
    throw failed(`the unit of ${text}`);
  return Math.round(Number(match[1]) * limit);
}

/** `sequence`: numbers from `start=`, `end=`, `count=`, `stride=`, `format=`, or the short form `4-16/2:host%02d`. */
import { TemplateError } from '../../core/errors.ts';
import { usageError } from '../python/errors.ts';
import { percentFormat } from '../python/percentFormat.ts';
import { repr, str } from '../python/text.ts';
import { splitWords } from '../python/textOperations.ts';
import type { Internal } from '../python/types.ts';
import type { Options } from './options.ts';

interface Numbers {
  readonly start?: number;
  readonly end?: number;
  readonly count?: number;
  readonly stride?: number;
  readonly format?: string;
}

export function sequence(terms: readonly Internal[], options: Options): Internal[] {
  const given =
    terms.length === 0 ? [parsed([...options])] : terms.map((term) => fromTerm(str(term)));
  return given.flatMap(numbersOf);
}

/** Also what only looks like a number, so that the error can say which one is wrong. */
const SHORT = /^(?:(-?\w+)-)?(-?\w+)(?:\/(-?\w+))?(?::(.+))?$/;

function fromTerm(term: string): Numbers {
  const short = SHORT.exec(term.trim());
  if (short !== null) {
    const [, start, end, stride, format] = short;
    return parsed(
      [
        ['start', start],
        ['end', end],
        ['stride', stride],
        ['format', format],
      ].flatMap(([key, value]) =>
        key === undefined || value === undefined ? [] : [[key, value] as const],
      ),
    );
  }
  const words = splitWords(term).map((word) => word.split(/=(.*)/s));
  return parsed(words.map(([key = '', value = '']) => [key, value] as const));
}

const OPTIONS: ReadonlySet<string> = new Set(['start', 'end', 'count', 'stride', 'format']);

function parsed(entries: readonly (readonly [string, Internal])[]): Numbers {
  const values = new Map(entries);
  const unknown = [...values.keys()].filter((key) => !OPTIONS.has(key));
  if (unknown.length > 0)
    throw usageError(`unrecognized arguments to with_sequence: ${repr(unknown)}`);
  const number = (key: string): number | undefined => {
    const value = values.get(key);
    return value === undefined ? undefined : wholeNumber(str(value), key);
  };
  const [start, end, count, stride] = ['start', 'end', 'count', 'stride'].map(number);
  const format = values.get('format');
  return {
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...(count !== undefined && { count }),
    ...(stride !== undefined && { stride }),
    ...(format !== undefined && { format: str(format) }),
  };
}

function wholeNumber(text: string, key: string): number {
  const value = Number(text.replace(/^0+(?=\d)/, ''));
  if (!Number.isInteger(value)) throw usageError(`can't parse ${key}=${text} as integer`);
  return value;
}

/** More would only exhaust the memory. */
const MAX_NUMBERS = 10_000_000;

function numbersOf(given: Numbers): Internal[] {
  const { start = 1, stride = 1, format = '%d', count } = given;
  if (count === undefined && given.end === undefined)
    throw usageError('must specify count or end in with_sequence');
  if (count !== undefined && given.end !== undefined)
    throw usageError("can't specify both count and end in with_sequence");
  if (count === 0 || stride === 0) return [];
  const end =
    count === undefined ? (given.end ?? start) : start + count * stride - Math.sign(stride);
  if (stride > 0 && end < start) throw usageError('to count backwards make stride negative');
  if (stride < 0 && end > start) throw usageError("to count forward don't make stride negative");
  const length = Math.floor((end - start) / stride) + 1;
  if (length > MAX_NUMBERS) throw usageError(`with_sequence: ${length} numbers are too many`);
  return Array.from({ length }, (_, index) => formatted(format, start + index * stride));
}

function formatted(format: string, number: number): string {
  try {
    return percentFormat(format, number);
  } catch (error) {
    if (error instanceof TemplateError) throw usageError(`bad formatting string: ${format}`);
    throw error;
  }
}

/** The methods of `str`. Positions and widths count code points. */
import { bind } from '../arguments.ts';
import { typeError, valueError } from './errors.ts';
import { padded } from './formatSpec.ts';
import { integerArgument, type Method, methodTable, textArgument } from './method.ts';
import { characters, iterate, textLength } from './sequence.ts';
import {
  capitalized,
  center,
  encodeText,
  replaceText,
  splitLines,
  splitWords,
  strip,
  titled,
} from './textOperations.ts';
import { type Arguments, type Internal, isMapping, tuple, typeName } from './types.ts';

type TextMethod = Method<string>;

const matches =
  (pattern: RegExp): TextMethod =>
  (self) =>
    pattern.test(self);

const CASED = /\p{Lu}|\p{Ll}|\p{Lt}/u;

export const stringMethods = methodTable<string>({
  upper: (self) => self.toUpperCase(),
  lower: (self) => self.toLowerCase(),
  casefold: (self) => self.toLowerCase().replaceAll('ß', 'ss'),
  capitalize: (self) => capitalized(self),
  title: (self) => titled(self),
  swapcase: (self) => characters(self).map(swapped).join(''),
  strip: (self, args) => stripped(self, args, true, true),
  lstrip: (self, args) => stripped(self, args, true, false),
  rstrip: (self, args) => stripped(self, args, false, true),
  split: (self, args) => split(self, args, false),
  rsplit: (self, args) => split(self, args, true),
  splitlines: (self, args) => splitLines(self, Boolean(bind('splitlines', args, 'keepends')[0])),
  join: (self, { positional: [items = null] }) => iterate(items).map(joinable).join(self),
  replace: (self, args) => replaced(self, args),
  find: (self, args) => position(self, args, false),
  rfind: (self, args) => position(self, args, true),
  index: (self, args) => foundPosition(self, args, false),
  rindex: (self, args) => foundPosition(self, args, true),
  count: (self, args) => count(self, args),
  startswith: (self, args) => hasAffix(self, args, (text, affix) => text.startsWith(affix)),
  endswith: (self, args) => hasAffix(self, args, (text, affix) => text.endsWith(affix)),
  removeprefix: (self, { positional: [prefix] }) => {
    const start = textArgument(prefix, 'removeprefix');
    return self.startsWith(start) ? self.slice(start.length) : self;
  },
  removesuffix: (self, { positional: [suffix] }) => {
    const end = textArgument(suffix, 'removesuffix');
    return end !== '' && self.endsWith(end) ? self.slice(0, -end.length) : self;
  },
  isdigit: matches(/^[\p{Nd}²³¹\u2070\u2074-\u2079\u2080-\u2089]+$/u),
  isdecimal: matches(/^\p{Nd}+$/u),
  isnumeric: matches(/^\p{N}+$/u),
  isalpha: matches(/^\p{L}+$/u),
  isalnum: matches(/^[\p{L}\p{N}]+$/u),
  isspace: matches(/^\s+$/),
  isascii: (self) => !/[^\0-\x7f]/.test(self),
  isidentifier: matches(/^[\p{L}_][\p{L}\p{N}_]*$/u),
  isprintable: (self) => !/[^\P{C}]|[^\P{Z} ]/u.test(self),
  islower: (self) => CASED.test(self) && self === self.toLowerCase(),
  isupper: (self) => CASED.test(self) && self === self.toUpperCase(),
  istitle: (self) => CASED.test(self) && self === titled(self),
  ljust: (self, args) => justified(self, args, '<'),
  rjust: (self, args) => justified(self, args, '>'),
  center: (self, args) => centered(self, args),
  zfill: (self, { positional: [width] }) => zeroFilled(self, integerArgument(width, 0)),
  partition: (self, args) => partition(self, args, false),
  rpartition: (self, args) => partition(self, args, true),
  expandtabs: (self, args) => {
    const [size] = bind('expandtabs', args, 'tabsize');
    return expandTabs(self, integerArgument(size, 8));
  },
  encode: (self, args) => encoded(self, args),
  translate: (self, { positional: [table = null] }) => translated(self, table),
});

function swapped(char: string): string {
  return char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase();
}

function stripped(self: string, args: Arguments, atStart: boolean, atEnd: boolean): string {
  const [chars] = bind('strip', args, 'chars');
  return strip(
    self,
    chars === undefined || chars === null ? undefined : textArgument(chars, 'strip'),
    atStart,
    atEnd,
  );
}

function split(self: string, args: Arguments, fromRight: boolean): string[] {
  const [separator, maximum] = bind('split', args, 'sep', 'maxsplit');
  const limit = integerArgument(maximum, -1);
  if (separator === undefined || separator === null) return splitWords(self, limit, fromRight);
  const by = textArgument(separator, 'split');
  if (by === '') throw valueError('empty separator');
  return limited(self.split(by), limit, by, fromRight);
}

function limited(parts: string[], limit: number, by: string, fromRight: boolean): string[] {
  if (limit < 0 || parts.length <= limit + 1) return parts;
  if (fromRight) {
    const cut = parts.length - limit;
    return [parts.slice(0, cut).join(by), ...parts.slice(cut)];
  }
  return [...parts.slice(0, limit), parts.slice(limit).join(by)];
}

function joinable(item: Internal, index: number): string {
  if (typeof item === 'string') return item;
  throw typeError(`sequence item ${index}: expected str instance, ${typeName(item)} found`);
}

function replaced(self: string, args: Arguments): string {
  const [from, to, times] = bind('replace', args, 'old', 'new', 'count');
  return replaceText(
    self,
    textArgument(from, 'replace'),
    textArgument(to, 'replace'),
    integerArgument(times, -1),
  );
}

/** The part of the text that `start` and `end` select, and where it begins. */
function selected(self: string, start: Internal | undefined, end: Internal | undefined) {
  const items = characters(self);
  const at = (value: Internal | undefined, fallback: number): number => {
    const index = integerArgument(value, fallback);
    return Math.max(0, Math.min(index < 0 ? index + items.length : index, items.length));
  };
  const from = at(start, 0);
  const isPast = integerArgument(start, 0) > items.length;
  return { text: items.slice(from, at(end, items.length)).join(''), from, isPast };
}

function position(self: string, args: Arguments, fromRight: boolean): number {
  const [part, start, end] = args.positional;
  const { text, from, isPast } = selected(self, start, end);
  const wanted = textArgument(part, 'find');
  const found = isPast ? -1 : fromRight ? text.lastIndexOf(wanted) : text.indexOf(wanted);
  return found === -1 ? -1 : from + textLength(text.slice(0, found));
}

function foundPosition(self: string, args: Arguments, fromRight: boolean): number {
  const found = position(self, args, fromRight);
  if (found === -1) throw valueError('substring not found');
  return found;
}

function count(self: string, { positional: [part, start, end] }: Arguments): number {
  const { text } = selected(self, start, end);
  const wanted = textArgument(part, 'count');
  return wanted === '' ? textLength(text) + 1 : text.split(wanted).length - 1;
}

function hasAffix(
  self: string,
  { positional: [affix, start, end] }: Arguments,
  test: (text: string, affix: string) => boolean,
): boolean {
  const { text } = selected(self, start, end);
  const affixes = Array.isArray(affix) ? affix : [affix];
  return affixes.some((one) => test(text, textArgument(one, 'startswith first')));
}

function fillOf(fill: Internal | undefined): string {
  const text = fill === undefined ? ' ' : textArgument(fill, 'fill');
  if (textLength(text) !== 1)
    throw typeError('The fill character must be exactly one character long');
  return text;
}

function justified(self: string, { positional: [width, fill] }: Arguments, align: string): string {
  return padded(self, integerArgument(width, 0), fillOf(fill), align);
}

function centered(self: string, { positional: [width, fill] }: Arguments): string {
  return center(self, integerArgument(width, 0), fillOf(fill));
}

function zeroFilled(text: string, width: number): string {
  const sign = /^[+-]/.test(text) ? text.charAt(0) : '';
  return sign + padded(text.slice(sign.length), width - sign.length, '0', '>');
}

function partition(
  self: string,
  { positional: [separator] }: Arguments,
  fromRight: boolean,
): Internal {
  const by = textArgument(separator, 'partition');
  if (by === '') throw valueError('empty separator');
  const at = fromRight ? self.lastIndexOf(by) : self.indexOf(by);
  if (at === -1) return fromRight ? tuple('', '', self) : tuple(self, '', '');
  return tuple(self.slice(0, at), by, self.slice(at + by.length));
}

function expandTabs(text: string, size: number): string {
  let column = 0;
  return characters(text)
    .map((char) => {
      const width = size > 0 ? size - (column % size) : 0;
      const isBreak = char === '\n' || char === '\r';
      column = isBreak ? 0 : column + (char === '\t' ? width : 1);
      return char === '\t' ? ' '.repeat(width) : char;
    })
    .join('');
}

function encoded(self: string, args: Arguments): Internal {
  const [encoding = 'utf-8'] = bind('encode', args, 'encoding', 'errors');
  return encodeText(self, textArgument(encoding, 'encode'));
}

function translated(self: string, table: Internal): string {
  if (!isMapping(table)) throw typeError(`'${typeName(table)}' object is not subscriptable`);
  return characters(self)
    .map((char) => {
      const to = table.get(char.codePointAt(0) ?? 0);
      if (to === undefined) return char;
      return to === null ? '' : typeof to === 'number' ? String.fromCodePoint(to) : String(to);
    })
    .join('');
}

/** Jinja's filters on text. */
import { bind } from '../arguments.ts';
import { acceptingUndefined, type Filter, givingText, table } from '../plugins.ts';
import { defined, typeError } from '../python/errors.ts';
import { percentFormat } from '../python/percentFormat.ts';
import { iterate, textLength } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { capitalized, center, replaceText, splitLines, strip } from '../python/textOperations.ts';
import { type Internal, tupleOf } from '../python/types.ts';
import { flagOf, integerOf, textOf } from './parameters.ts';
import { wordWrap } from './wordWrap.ts';

const onText =
  (change: (text: string) => Internal): Filter =>
  (value, args) => {
    bind('filter', args);
    return change(str(value));
  };

export const textFilters = table<Filter>({
  upper: onText((text) => text.toUpperCase()),
  lower: onText((text) => text.toLowerCase()),
  capitalize: onText(capitalized),
  title: onText(titleWords),
  string: givingText((value) => str(value)),
  escape: onText(escapeHtml),
  e: onText(escapeHtml),
  forceescape: onText(escapeHtml),
  safe: onText((text) => text),
  striptags: onText((text) =>
    text
      .replace(/<!--.*?-->|<[^>]*>/gs, '')
      .split(/\s+/)
      .filter(Boolean)
      .join(' '),
  ),
  wordcount: onText((text) => text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0),
  trim: (value, args) => {
    const [chars] = bind('trim', args, 'chars');
    return strip(str(value), chars === undefined || chars === null ? undefined : str(chars));
  },
  replace: (value, args) => {
    const [from, to, count] = bind('replace', args, 'old', 'new', 'count');
    if (from === undefined || to === undefined)
      throw typeError('replace needs the old and the new text');
    const [old, replacement] = [defined(from), defined(to)];
    return replaceText(str(value), str(old), str(replacement), integerOf(count, -1));
  },
  format: (value, { positional, keyword }) => {
    if (positional.length > 0 && keyword.size > 0) {
      throw typeError("can't handle positional and keyword arguments at the same time");
    }
    const values = keyword.size > 0 ? new Map<Internal, Internal>(keyword) : tupleOf(positional);
    return percentFormat(str(value), values);
  },
  center: (value, args) => {
    const [width] = bind('center', args, 'width');
    return center(str(value), integerOf(width, 80));
  },
  indent: (value, args) => {
    const [width = 4, first, blank] = bind('indent', args, 'width', 'first', 'blank');
    const margin = typeof width === 'string' ? width : ' '.repeat(integerOf(width, 4));
    return indented(str(value), margin, flagOf(first), flagOf(blank));
  },
  truncate: (value, args) => {
    const [size, killWords, end, leeway] = bind(
      'truncate',
      args,
      'length',
      'killwords',
      'end',
      'leeway',
    );
    return truncated(
      str(value),
      integerOf(size, 255),
      flagOf(killWords),
      textOf(end, '...'),
      integerOf(leeway, 5),
    );
  },
  wordwrap: (value, args) => {
    const [width, long, string, hyphens] = bind(
      'wordwrap',
      args,
      'width',
      'break_long_words',
      'wrapstring',
      'break_on_hyphens',
    );
    return wordWrap(str(value), {
      width: integerOf(width, 79),
      breaksLongWords: flagOf(long, true),
      lineEnd: textOf(string, '\n'),
      breaksOnHyphens: flagOf(hyphens, true),
    });
  },
  urlencode: (value) => urlEncoded(value),
  filesizeformat: (value, args) =>
    fileSize(value, flagOf(bind('filesizeformat', args, 'binary')[0])),
  xmlattr: (value, args) =>
    xmlAttributes(value, flagOf(bind('xmlattr', args, 'autospace')[0], true)),
  pprint: acceptingUndefined((value) => str(defined(value))),
});

/** Jinja's `title`: only white space, hyphens and brackets begin a new word. */
function titleWords(text: string): string {
  return text
    .split(/([-\s({[<]+)/)
    .map((part) => capitalized(part))
    .join('');
}

const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>'"]/g, (char) => HTML[char] ?? char);
}

function indented(
  text: string,
  margin: string,
  indentsFirst: boolean,
  indentsBlank: boolean,
): string {
  const lines = splitLines(`${text}\n`);
  const rest = lines.slice(1).map((line) => (line === '' && !indentsBlank ? line : margin + line));
  const [first = ''] = lines;
  return [indentsFirst ? margin + first : first, ...rest].join('\n');
}

function truncated(
  text: string,
  size: number,
  killWords: boolean,
  end: string,
  leeway: number,
): string {
  if (textLength(text) <= size + leeway) return text;
  const cut = [...text].slice(0, size - textLength(end)).join('');
  if (killWords) return cut + end;
  const space = cut.lastIndexOf(' ');
  return (space === -1 ? cut : cut.slice(0, space)) + end;
}

/** Python's `quote` with `/` kept. */
export function percentEncoded(text: string, kept = '/'): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%2F/g, kept.includes('/') ? '/' : '%2F');
}

function urlEncoded(value: Internal): string {
  const given = defined(value);
  if (given instanceof Map) return pairs([...given]);
  if (typeof given === 'string' || !Array.isArray(given)) return percentEncoded(str(given));
  return pairs(given.map((pair) => [...iterate(pair)]));
}

function pairs(entries: readonly (readonly Internal[])[]): string {
  const encoded = (part: Internal | undefined): string =>
    percentEncoded(textOf(part), '').replace(/%20/g, '+');
  return entries.map(([key, value]) => `${encoded(key)}=${encoded(value)}`).join('&');
}

function fileSize(value: Internal, isBinary: boolean): string {
  const size = Number(typeof value === 'string' ? value : str(value));
  const base = isBinary ? 1024 : 1000;
  const prefixes = isBinary
    ? ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']
    : ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  if (size === 1) return '1 Byte';
  if (size < base) return `${Math.trunc(size)} Bytes`;
  let unit = 1;
  while (unit < prefixes.length && size >= base ** (unit + 1)) unit++;
  return `${(size / base ** unit).toFixed(1)} ${prefixes[unit - 1]}B`;
}

function xmlAttributes(value: Internal, hasSpace: boolean): string {
  if (!(value instanceof Map)) throw typeError('xmlattr needs a dict');
  const entries = [...value].filter(([, item]) => item !== null);
  const text = entries
    .map(([key, item]) => `${escapeHtml(str(key))}="${escapeHtml(str(item))}"`)
    .join(' ');
  return hasSpace && text !== '' ? ` ${text}` : text;
}

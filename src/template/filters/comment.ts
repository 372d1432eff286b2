/** The `comment` filter: text as a comment of a programming language. */
import type { Filter } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import type { Internal } from '../python/types.ts';

interface Style {
  readonly decoration: string;
  readonly beginning?: string;
  readonly end?: string;
}

const STYLES: ReadonlyMap<string, Style> = new Map<string, Style>([
  ['plain', { decoration: '# ' }],
  ['erlang', { decoration: '% ' }],
  ['c', { decoration: '// ' }],
  ['cblock', { beginning: '/*', decoration: ' * ', end: ' */' }],
  ['xml', { beginning: '<!--', decoration: ' - ', end: '-->' }],
]);

/** `text | comment(style, decoration=, prefix=, prefix_count=, postfix=, postfix_count=, beginning=, end=, newline=)`. */
export const comment: Filter = (value, { positional: [first], keyword }) => {
  const name = str(first ?? keyword.get('style') ?? 'plain');
  const style = STYLES.get(name);
  if (style === undefined) throw usageError(`comment: unknown style "${name}"`);
  const option = (key: string, fallback: string): string => textOption(keyword.get(key), fallback);
  const decoration = option('decoration', style.decoration);
  const newline = option('newline', '\n');
  const edge = decoration.trimEnd();
  const prefix = option('prefix', edge);
  const prefixLine = prefix === newline ? newline : prefix + newline;
  const beginning = option('beginning', style.beginning ?? '');
  const end = option('end', style.end ?? '');
  return [
    beginning === '' ? '' : beginning + newline,
    prefix === '' ? '' : prefixLine.repeat(timesOf(keyword.get('prefix_count'))),
    decorated(str(value), decoration, newline),
    (newline + option('postfix', edge)).repeat(timesOf(keyword.get('postfix_count'))),
    end === '' ? '' : newline + end,
  ].join('');
};

/** Every line with the decoration; an empty one keeps none of its blanks, except for the last. */
function decorated(text: string, decoration: string, newline: string): string {
  return (decoration + text.replaceAll(newline, newline + decoration)).replaceAll(
    decoration + newline,
    decoration.trimEnd() + newline,
  );
}

function textOption(value: Internal | undefined, fallback: string): string {
  return value === undefined ? fallback : str(value);
}

function timesOf(count: Internal | undefined): number {
  return count === undefined ? 1 : Number(str(count));
}

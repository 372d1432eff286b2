/** How `lineinfile` changes a text: which line counts as the line, and where a new one goes. Pure. */
import { expandReplacement, pythonRegex } from '../../../core/pythonRegex.ts';
import { bare, linesOf } from './textEdit.ts';

export interface LineOptions {
  readonly regexp?: string | undefined;
  readonly search_string?: string | undefined;
  readonly line?: string | undefined;
  readonly insertafter?: string | undefined;
  readonly insertbefore?: string | undefined;
  readonly backrefs: boolean;
  readonly firstmatch: boolean;
}

export interface Edited {
  readonly text: string;
  /** What was done, in words; empty when nothing was. */
  readonly msg: string;
  readonly found?: number;
}

/**
 * `text` with the line in it: in place of the last (or first) line that matches; else, when it is nowhere, after or
 * before the place that is named, at the end by default. With `backrefs`, a text that does not match stays as it is.
 */
export function withLine(text: string, options: LineOptions): Edited {
  const { line = '', backrefs } = options;
  const lines = linesOf(text);
  const matched = matchingLine(lines, options);
  if (matched !== undefined) {
    const { index, match } = matched;
    const replacement = backrefs && match ? expandReplacement(line, match) : line;
    return replaced(text, lines, index, replacement);
  }
  const { exact, place } = placesOf(lines, options);
  if (exact !== undefined) return replaced(text, lines, exact, line);
  return backrefs ? { text, msg: '' } : inserted(text, lines, place, options);
}

/** `text` without the lines that match, or equal `line`. */
export function withoutLine(text: string, options: LineOptions): Edited {
  const { line = '' } = options;
  const matches = matcherOf(options) ?? ((each: string) => bare(each) === bare(line));
  const lines = linesOf(text);
  const kept = lines.filter((each) => !matches(each));
  const found = lines.length - kept.length;
  return { text: kept.join(''), msg: found === 0 ? '' : `${found} line(s) removed`, found };
}

function matcherOf({ regexp, search_string: search }: LineOptions) {
  if (regexp !== undefined) {
    const pattern = pythonRegex(regexp);
    return (line: string) => firstMatch(pattern, line) !== undefined;
  }
  return search === undefined ? undefined : (line: string) => line.includes(search);
}

function firstMatch(pattern: RegExp, line: string): RegExpExecArray | undefined {
  pattern.lastIndex = 0;
  return pattern.exec(line) ?? undefined;
}

function matchingLine(
  lines: readonly string[],
  options: LineOptions,
): { readonly index: number; readonly match: RegExpExecArray | undefined } | undefined {
  const matches = matcherOf(options);
  if (matches === undefined) return undefined;
  const index = options.firstmatch ? lines.findIndex(matches) : lines.findLastIndex(matches);
  if (index < 0) return undefined;
  const { regexp } = options;
  const match =
    regexp === undefined ? undefined : firstMatch(pythonRegex(regexp), lines[index] ?? '');
  return { index, match };
}

interface Places {
  /** The last line that is the wanted one already. */
  readonly exact?: number;
  /** Where to insert, when `insertafter` or `insertbefore` is a pattern that matches. */
  readonly place?: number;
}

/** With `firstmatch` nothing behind the first match is looked at. */
function placesOf(lines: readonly string[], options: LineOptions): Places {
  const { line = '', insertafter, insertbefore, firstmatch } = options;
  const anchor = anchorOf(options);
  const pattern = anchor === undefined ? undefined : pythonRegex(anchor);
  let places: Places = {};
  for (const [index, each] of lines.entries()) {
    if (bare(each) === line) places = { ...places, exact: index };
    else if (pattern !== undefined && firstMatch(pattern, each) !== undefined) {
      const isAfter = insertafter !== undefined && insertbefore === undefined;
      places = { ...places, place: isAfter ? index + 1 : index };
      if (firstmatch) break;
    }
  }
  return places;
}

function anchorOf({ insertafter, insertbefore }: LineOptions): string | undefined {
  const anchor = insertbefore ?? insertafter;
  return anchor === 'BOF' || anchor === 'EOF' ? undefined : anchor;
}

function replaced(text: string, lines: readonly string[], index: number, line: string): Edited {
  const ended = line.endsWith('\n') ? line : `${line}\n`;
  if (lines[index] === ended) return { text, msg: '' };
  return { text: lines.with(index, ended).join(''), msg: 'line replaced' };
}

function inserted(
  text: string,
  lines: readonly string[],
  place: number | undefined,
  { line = '', insertafter, insertbefore }: LineOptions,
): Edited {
  const isFirst = insertbefore === 'BOF' || insertafter === 'BOF';
  const at = isFirst ? 0 : (place ?? lines.length);
  // With `firstmatch`, the line may stand right there without having been looked at.
  const next = place === undefined || isFirst ? undefined : lines[at];
  if (next !== undefined && bare(next) === line) return { text, msg: '' };
  const before = lines.slice(0, at).join('');
  const gap = before === '' || /[\r\n]$/.test(before) ? '' : '\n';
  const after = lines.slice(at).join('');
  return { text: `${before}${gap}${line}\n${after}`, msg: 'line added' };
}

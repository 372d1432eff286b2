/** The styles of YAML scalars as PyYAML's emitter chooses and writes them. */
import { plainScalar } from '../../source/plainScalars.ts';

export interface Analysis {
  readonly isEmpty: boolean;
  readonly isMultiline: boolean;
  /** Whether the plain text would be read as another type (`yes`, `1`, `null`). */
  readonly readsAsOther: boolean;
  readonly allowsFlowPlain: boolean;
  readonly allowsBlockPlain: boolean;
  readonly allowsSingleQuoted: boolean;
}

/** What plain text means besides the core types: dates, the merge key, the default value. */
const OTHER =
  /^(?:<<|=|\d{4}-\d\d-\d\d|\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)$/;

const BREAK = /[\n\x85\u2028\u2029]/;

/** What the characters of a text allow (libyaml, which PyYAML uses, with allow_unicode: nothing beyond the BMP). */
export function analyse(text: string): Analysis {
  if (text === '') {
    return {
      isEmpty: true,
      isMultiline: false,
      readsAsOther: true,
      allowsFlowPlain: false,
      allowsBlockPlain: true,
      allowsSingleQuoted: true,
    };
  }
  const flowIndicators = hasFlowIndicators(text);
  const blockIndicators = hasBlockIndicators(text);
  const hasSpecial = hasUnprintable(text);
  const edge = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text);
  const breakThenSpace = /[\n\x85\u2028\u2029] /.test(text);
  const spaceThenBreak = / [\n\x85\u2028\u2029]/.test(text);
  const isMultiline = BREAK.test(text);
  const isPlain = !edge && !breakThenSpace && !spaceThenBreak && !hasSpecial && !isMultiline;
  return {
    isEmpty: false,
    isMultiline,
    readsAsOther: typeof plainScalar(text) !== 'string' || OTHER.test(text),
    allowsFlowPlain: isPlain && !flowIndicators,
    allowsBlockPlain: isPlain && !blockIndicators,
    allowsSingleQuoted: !spaceThenBreak && !hasSpecial,
  };
}

function hasFlowIndicators(text: string): boolean {
  return (
    /^(?:---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`?]/.test(text) ||
    /^[:-](?:\s|$)/.test(text) ||
    /^:/.test(text) ||
    /[,?[\]{}]/.test(text.slice(1)) ||
    /:/.test(text.slice(1)) ||
    /(?<=\s)#/.test(text)
  );
}

function hasBlockIndicators(text: string): boolean {
  return (
    /^(?:---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?:-](?:\s|$)/.test(text) ||
    /.:(?:\s|$)/s.test(text) ||
    /(?<=\s)#/.test(text)
  );
}

function hasUnprintable(text: string): boolean {
  return /[^\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u.test(text);
}

export interface Line {
  /** Where the scalar begins, and what its further lines are indented by. */
  readonly column: number;
  readonly indent: number;
  readonly width: number;
}

/** Plain text; a line that is too long breaks at a space. */
export function plain(text: string, line: Line): string {
  return folded(text, line, 0, false);
}

/** Breaks at single spaces once the column is past the width. Nothing is lost: the reader joins with one space. */
function folded(
  text: string,
  { column, indent, width }: Line,
  offset: number,
  isQuoted: boolean,
): string {
  let at = column + offset;
  let result = '';
  for (const [index, part] of text.split(/( +)/).entries()) {
    const isSpace = index % 2 === 1;
    const isInside = !isQuoted || (result !== '' && index < text.split(/( +)/).length - 1);
    if (isSpace && part.length === 1 && at > width && isInside) {
      result += `\n${' '.repeat(indent)}`;
      at = indent;
    } else {
      result += part;
      at += part.length;
    }
  }
  return result;
}

export function singleQuoted(text: string, line: Line): string {
  const lines = text.replaceAll("'", "''").split('\n');
  const margin = ' '.repeat(line.indent);
  let result = `'${folded(lines[0] ?? '', line, 1, true)}`;
  for (let index = 1; index < lines.length; index++) {
    const isAfterText = lines[index - 1] !== '' || index === 1;
    const part = lines[index] ?? '';
    const isLast = index === lines.length - 1;
    result += isAfterText ? '\n\n' : '\n';
    if (part !== '' || isLast)
      result += margin + folded(part, { ...line, column: line.indent }, 0, true);
  }
  return `${result}'`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

export function doubleQuoted(text: string, { column, indent, width }: Line): string {
  let result = '"';
  let at = column + 1;
  const chars = [...text];
  for (const [index, char] of chars.entries()) {
    const written = escaped(char);
    const isInside = index > 0 && index < chars.length - 1;
    if (char === ' ' && at > width && isInside) {
      const next = chars[index + 1] === ' ' ? '\\' : '';
      result += `\\\n${' '.repeat(indent)}${next === '' ? '\\ ' : '\\ '}`;
      at = indent + 2;
    } else {
      result += written;
      at += written.length;
    }
  }
  return `${result}"`;
}

function escaped(char: string): string {
  const known = ESCAPES[char];
  if (known !== undefined) return known;
  if (!hasUnprintable(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${hex(code, 2)}`;
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, width: number): string {
  return code.toString(16).toUpperCase().padStart(width, '0');
}

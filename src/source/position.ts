/** Where a character of a scalar's value stands in the file: through quotes, escapes, folding and indentation. */
import type { Source } from '../core/source.ts';
import type { ScalarNode } from './node.ts';

/** The place of `node.value[offset]` (a text). For a blank it is the next visible character's. */
export function positionInScalar(node: ScalarNode, offset: number): Source {
  const { source, raw } = node;
  if (raw === undefined) {
    const quote = node.style === 'plain' ? 0 : 1;
    return { ...source, column: source.column + quote + offset };
  }
  const before = countVisible(String(node.value).slice(0, offset));
  return advance(source, raw.slice(0, rawOffset(node.style, raw, before)));
}

/** `source` moved behind `text`. */
export function advance(source: Source, text: string): Source {
  const lastBreak = text.lastIndexOf('\n');
  if (lastBreak < 0) return { ...source, column: source.column + text.length };
  const lines = text.split('\n').length - 1;
  return { ...source, line: source.line + lines, column: text.length - lastBreak };
}

/** Folding and indentation only touch blanks, so the n-th visible character of the value is the n-th of the raw text. */
function rawOffset(style: ScalarNode['style'], raw: string, visibleBefore: number): number {
  let remaining = visibleBefore;
  let end = 0;
  for (const { index, length, visible } of visibleCharacters(style, raw)) {
    if (remaining < visible) return index;
    remaining -= visible;
    end = index + length;
  }
  return end;
}

interface Character {
  readonly index: number;
  readonly length: number;
  /** How many visible UTF-16 units of the value it stands for. */
  readonly visible: number;
}

const ESCAPE = /\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S])/y;
/** Escapes that give a blank or nothing: `\n`, `\t`, `\ `, an escaped line break, … */
const BLANK_ESCAPE = /^\\(?:[ntrvfN_LP \t\n\r]|x(?:09|0[aAbBcCdD]|20|85|[aA]0))$/;

function* visibleCharacters(style: ScalarNode['style'], raw: string): Iterable<Character> {
  for (let index = contentStart(style, raw); index < raw.length; ) {
    const character = characterAt(style, raw, index);
    if (character.visible > 0) yield character;
    index += character.length;
  }
}

function contentStart(style: ScalarNode['style'], raw: string): number {
  if (style === 'plain') return 0;
  return style === 'single' || style === 'double' ? 1 : raw.indexOf('\n') + 1;
}

function characterAt(style: ScalarNode['style'], raw: string, index: number): Character {
  if (style === 'single' && raw.startsWith("''", index)) return { index, length: 2, visible: 1 };
  if (style === 'double' && raw[index] === '\\') return escapeAt(raw, index);
  return { index, length: 1, visible: countVisible(raw.charAt(index)) };
}

function escapeAt(raw: string, index: number): Character {
  ESCAPE.lastIndex = index;
  const text = ESCAPE.exec(raw)?.[0] ?? '\\';
  const isAstral = text.startsWith('\\U') && Number.parseInt(text.slice(2), 16) > 0xffff;
  return { index, length: text.length, visible: BLANK_ESCAPE.test(text) ? 0 : isAstral ? 2 : 1 };
}

function countVisible(text: string): number {
  return text.length - (text.match(/\s/g)?.length ?? 0);
}

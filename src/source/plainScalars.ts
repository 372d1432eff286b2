/** What an unquoted word means: the YAML 1.1 rules that PyYAML follows, because playbooks are written for them. */
import { Float, type Scalar } from '../core/values.ts';

const BOOLEANS = new Map<string, boolean>(
  ['yes', 'true', 'on']
    .flatMap((word) => spellings(word, true))
    .concat(['no', 'false', 'off'].flatMap((word) => spellings(word, false))),
);
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);
const MAY_BE_SPECIAL = /^[-+.0-9~yYnNtTfFoO]/;

const INTEGER =
  /^[-+]?(?:0b[01_]+|0[0-7_]+|0|[1-9][0-9_]*|0x[0-9a-fA-F_]+|[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The value of an unquoted scalar. Dates and times stay text, as playbooks see them once they are printed. */
export function plainScalar(text: string): Scalar {
  if (NULLS.has(text)) return null;
  if (!MAY_BE_SPECIAL.test(text)) return text;
  const boolean = BOOLEANS.get(text);
  if (boolean !== undefined) return boolean;
  if (INTEGER.test(text)) return integer(text);
  return FLOAT.test(text) ? float(text) : text;
}

/** A YAML 1.1 integer: decimal, 0b, 0 or 0x, `_` between digits, or base 60 with colons. */
export function integer(text: string): number | bigint {
  const { isNegative, digits } = unsigned(text);
  const size = digits.includes(':') ? base60(digits) : BigInt(asLiteral(digits));
  const value = isNegative ? -size : size;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** A YAML 1.1 float, also `.inf`, `.nan` and base 60. */
export function float(text: string): number | Float {
  const { isNegative, digits } = unsigned(text.toLowerCase());
  const size = floatSize(digits);
  const value = isNegative ? -size : size;
  return Number.isInteger(value) ? new Float(value) : value;
}

function floatSize(digits: string): number {
  if (digits === '.inf') return Infinity;
  if (digits === '.nan') return Number.NaN;
  if (!digits.includes(':')) return Number(digits);
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

function unsigned(text: string): { isNegative: boolean; digits: string } {
  return {
    isNegative: text.startsWith('-'),
    digits: text.replace(/^[-+]/, '').replaceAll('_', ''),
  };
}

function asLiteral(digits: string): string {
  if (/^0[0-7]+$/.test(digits)) return `0o${digits.slice(1)}`;
  return digits;
}

function base60(digits: string): bigint {
  return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

function spellings(word: string, value: boolean): [string, boolean][] {
  const capitalised = word.charAt(0).toUpperCase() + word.slice(1);
  return [word, capitalised, word.toUpperCase()].map((spelling) => [spelling, value]);
}

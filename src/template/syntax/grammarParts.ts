/** What the grammars of expressions and statements share: the parser as they see it, literals, places. */
import { Float, type Value } from '../../core/values.ts';
import { integer } from '../python/arithmetic.ts';
import type { ComparisonOperator, Expression } from './ast.ts';
import type { Position } from './syntaxError.ts';
import type { TokenType } from './tokens.ts';

/** What the grammar's functions need of the parser. */
export interface ExpressionParser {
  peekToken(): Position & { readonly type: string; readonly value: string };
  nextToken(): Position & { readonly type: string; readonly value: string };
  /** Whether the next token is of this type (and value); `takes` also consumes it. */
  at(type: TokenType, value?: string): boolean;
  takes(type: TokenType, value?: string): boolean;
  takesName(name: string): boolean;
  needs(type: TokenType, value?: string): Position & { readonly value: string };
  failAt(message: string, position: Position): never;
  /** A whole expression with its inline `if`; one without. */
  expression(): Expression;
  disjunction(): Expression;
}

/** The names that are values. */
export const CONSTANTS: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['True', true],
  ['false', false],
  ['False', false],
  ['none', null],
  ['None', null],
]);

export function integerLiteral(text: string): Value {
  const digits = text.replaceAll('_', '');
  return integer(BigInt(digits));
}

export function floatLiteral(text: string): Value {
  const value = Number(text.replaceAll('_', ''));
  return Number.isInteger(value) ? new Float(value) : value;
}

/** How a token that no expression begins with is reported. */
export function unexpected({
  type,
  value,
}: {
  readonly type: string;
  readonly value: string;
}): string {
  if (type === 'end') return 'unexpected end of the expression';
  if (type === 'block-end') return "Expected an expression, got 'end of statement block'";
  return type === 'variable-end' ? "unexpected 'end of print statement'" : `unexpected '${value}'`;
}

/** The place of a node or token alone. */
export function place({ lineno, colno }: Position): Position {
  return { lineno, colno };
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

/** The comparison that comes next, consumed, or undefined. */
export function comparisonOperator(parser: ExpressionParser): ComparisonOperator | undefined {
  const token = parser.peekToken();
  if (token.type === 'operator' && isComparison(token.value)) {
    parser.nextToken();
    return token.value;
  }
  if (parser.takesName('in')) return 'in';
  if (!parser.takesName('not')) return undefined;
  if (!parser.takesName('in')) parser.failAt("expected 'in' after 'not'", parser.peekToken());
  return 'not in';
}

function isComparison(text: string): text is ComparisonOperator {
  return COMPARISONS.has(text);
}

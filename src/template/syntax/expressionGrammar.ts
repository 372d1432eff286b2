/** Jinja's grammar of expressions below `not`: comparisons, arithmetic, filters, tests, literals. */
import type { Operator } from '../python/arithmetic.ts';
import type { CallArguments, ComparisonOperator, Expression } from './ast.ts';
import {
  CONSTANTS,
  comparisonOperator,
  type ExpressionParser,
  floatLiteral,
  integerLiteral,
  place,
  unexpected,
} from './grammarParts.ts';
import type { Position } from './syntaxError.ts';
import type { TokenType } from './tokens.ts';

export function parseComparison(parser: ExpressionParser): Expression {
  const first = parseSum(parser);
  const rest: { operator: ComparisonOperator; operand: Expression }[] = [];
  for (;;) {
    const operator = comparisonOperator(parser);
    if (operator === undefined) break;
    rest.push({ operator, operand: parseSum(parser) });
  }
  return rest.length === 0 ? first : { kind: 'compare', first, rest, ...place(first) };
}

function parseSum(parser: ExpressionParser): Expression {
  return leftToRight(parser, ['+', '-'], parseConcat);
}

function parseConcat(parser: ExpressionParser): Expression {
  const first = parseProduct(parser);
  if (!parser.at('tilde')) return first;
  const items = [first];
  while (parser.takes('tilde')) items.push(parseProduct(parser));
  return { kind: 'concat', items, ...place(first) };
}

function parseProduct(parser: ExpressionParser): Expression {
  return leftToRight(parser, ['*', '/', '//', '%'], parsePower);
}

function parsePower(parser: ExpressionParser): Expression {
  return leftToRight(parser, ['**'], (inner) => parseUnary(inner, true));
}

function leftToRight(
  parser: ExpressionParser,
  operators: readonly Operator[],
  operand: (parser: ExpressionParser) => Expression,
): Expression {
  let left = operand(parser);
  for (;;) {
    const token = parser.peekToken();
    const operator = operators.find((one) => token.type === 'operator' && token.value === one);
    if (operator === undefined) return left;
    parser.nextToken();
    left = { kind: 'binary', operator, left, right: operand(parser), ...place(token) };
  }
}

function parseUnary(parser: ExpressionParser, withFilters: boolean): Expression {
  const token = parser.peekToken();
  let node: Expression;
  if (parser.takes('operator', '-')) {
    node = { kind: 'negative', operand: parseUnary(parser, false), ...place(token) };
  } else if (parser.takes('operator', '+')) {
    node = { kind: 'positive', operand: parseUnary(parser, false), ...place(token) };
  } else {
    node = parsePrimary(parser);
  }
  node = parsePostfix(parser, node);
  return withFilters ? parseFilters(parser, node) : node;
}

export function parsePrimary(parser: ExpressionParser): Expression {
  const token = parser.nextToken();
  switch (token.type) {
    case 'symbol': {
      const constant = CONSTANTS.get(token.value);
      if (constant !== undefined) return { kind: 'literal', value: constant, ...place(token) };
      return { kind: 'name', value: token.value, ...place(token) };
    }
    case 'string':
      return { kind: 'literal', value: adjacentTexts(parser, token.value), ...place(token) };
    case 'int':
      return { kind: 'literal', value: integerLiteral(token.value), ...place(token) };
    case 'float':
      return { kind: 'literal', value: floatLiteral(token.value), ...place(token) };
    case 'left-paren': {
      const inner = parseTuple(parser, { ends: ['right-paren'], mayBeEmpty: true });
      parser.needs('right-paren');
      return inner;
    }
    case 'left-bracket':
      return { kind: 'list', items: parseItems(parser, 'right-bracket'), ...place(token) };
    case 'left-curly':
      return parseDict(parser, token);
    default:
      return parser.failAt(unexpected(token), token);
  }
}

function adjacentTexts(parser: ExpressionParser, first: string): string {
  let text = first;
  while (parser.at('string')) text += parser.nextToken().value;
  return text;
}

function parseItems(parser: ExpressionParser, end: TokenType): Expression[] {
  const items: Expression[] = [];
  while (!parser.takes(end)) {
    if (items.length > 0) parser.needs('comma');
    if (parser.takes(end)) break;
    items.push(parser.expression());
  }
  return items;
}

function parseDict(parser: ExpressionParser, start: Position): Expression {
  const entries: [Expression, Expression][] = [];
  while (!parser.takes('right-curly')) {
    if (entries.length > 0) parser.needs('comma');
    if (parser.takes('right-curly')) break;
    const key = parser.expression();
    parser.needs('colon');
    entries.push([key, parser.expression()]);
  }
  return { kind: 'dict', entries, ...place(start) };
}

export interface TupleRules {
  readonly ends: readonly TokenType[];
  /** Names that end it, as `recursive` in a loop's head. */
  readonly endNames?: readonly string[];
  readonly mayBeEmpty?: boolean;
  /** Without an inline `if`, as a loop's items. */
  readonly isSimple?: boolean;
}

/** One expression, or a tuple when commas follow. */
export function parseTuple(parser: ExpressionParser, rules: TupleRules): Expression {
  const start = parser.peekToken();
  const items: Expression[] = [];
  let isTuple = false;
  while (!isTupleEnd(parser, rules)) {
    items.push(rules.isSimple === true ? parser.disjunction() : parser.expression());
    if (!parser.takes('comma')) break;
    isTuple = true;
  }
  const [first] = items;
  if (first !== undefined && !isTuple) return first;
  if (first === undefined && rules.mayBeEmpty !== true) parser.failAt(unexpected(start), start);
  return { kind: 'tuple', items, ...place(start) };
}

function isTupleEnd(parser: ExpressionParser, { ends, endNames = [] }: TupleRules): boolean {
  return ends.some((type) => parser.at(type)) || endNames.some((name) => parser.at('symbol', name));
}

export function parsePostfix(parser: ExpressionParser, start: Expression): Expression {
  let node = start;
  for (;;) {
    const token = parser.peekToken();
    if (parser.takes('operator', '.')) node = parseAttribute(parser, node);
    else if (parser.takes('left-bracket')) node = parseSubscript(parser, node, token);
    else if (parser.at('left-paren')) node = parseCall(parser, node);
    else return node;
  }
}

function parseAttribute(parser: ExpressionParser, target: Expression): Expression {
  const token = parser.nextToken();
  if (token.type === 'symbol')
    return { kind: 'attribute', target, name: token.value, ...place(token) };
  if (token.type !== 'int')
    parser.failAt(`expected a name or number after '.', got '${token.value}'`, token);
  const key: Expression = { kind: 'literal', value: integerLiteral(token.value), ...place(token) };
  return { kind: 'element', target, key, ...place(token) };
}

function parseSubscript(parser: ExpressionParser, target: Expression, start: Position): Expression {
  const parts: (Expression | undefined)[] = [undefined];
  const keys: Expression[] = [];
  while (!parser.at('right-bracket')) {
    if (parser.takes('colon')) {
      parts.push(undefined);
    } else if (parser.takes('comma')) {
      keys.push(parts.at(-1) ?? parser.failAt("unexpected ','", parser.peekToken()));
    } else {
      parts[parts.length - 1] = parser.expression();
    }
  }
  const end = parser.needs('right-bracket');
  if (parts.length > 1) return { kind: 'slice', target, bounds: parts, ...place(start) };
  const [key] = parts;
  if (key === undefined) return parser.failAt('expected an index between the brackets', end);
  const whole: Expression =
    keys.length === 0 ? key : { kind: 'tuple', items: [...keys, key], ...place(key) };
  return { kind: 'element', target, key: whole, ...place(start) };
}

export function parseCall(parser: ExpressionParser, callee: Expression): Expression {
  const start = parser.peekToken();
  return { kind: 'call', callee, args: parseArguments(parser), ...place(start) };
}

const NO_ARGUMENTS: CallArguments = {
  positional: [],
  keyword: [],
  rest: undefined,
  keywordRest: undefined,
};

function parseArguments(parser: ExpressionParser): CallArguments {
  parser.needs('left-paren');
  const positional: Expression[] = [];
  const keyword: { name: string; value: Expression }[] = [];
  let rest: Expression | undefined;
  let keywordRest: Expression | undefined;
  while (!parser.takes('right-paren')) {
    if (parser.takes('operator', '**')) keywordRest = parser.expression();
    else if (parser.takes('operator', '*')) rest = parser.expression();
    else {
      const value = parser.expression();
      if (value.kind === 'name' && parser.takes('operator', '=')) {
        keyword.push({ name: value.value, value: parser.expression() });
      } else {
        if (keyword.length > 0) parser.failAt('invalid syntax for function call expression', value);
        positional.push(value);
      }
    }
    if (!parser.at('right-paren')) parser.needs('comma');
  }
  return { positional, keyword, rest, keywordRest };
}

function parseFilters(parser: ExpressionParser, start: Expression): Expression {
  let node = start;
  for (;;) {
    if (parser.takes('pipe')) node = parseFilter(parser, node);
    else if (parser.takesName('is')) node = parseTest(parser, node);
    else if (parser.at('left-paren')) node = parseCall(parser, node);
    else return node;
  }
}

function dottedName(parser: ExpressionParser): Position & { readonly value: string } {
  const first = parser.needs('symbol');
  let value = first.value;
  while (parser.takes('operator', '.')) value += `.${parser.needs('symbol').value}`;
  return { value, ...place(first) };
}

/** A filter after its `|`; without a target the first of a filter block or `set` block. */
export function parseFilter(parser: ExpressionParser, target: Expression | undefined): Expression {
  const name = dottedName(parser);
  const args = parser.at('left-paren') ? parseArguments(parser) : NO_ARGUMENTS;
  return { kind: 'filter', name: name.value, target, args, ...place(name) };
}

/** Names after a test that are not its argument. */
const NOT_ARGUMENTS: ReadonlySet<string> = new Set([
  'else',
  'or',
  'and',
  'if',
  'in',
  'not',
  'recursive',
]);
const ARGUMENT_STARTS: ReadonlySet<string> = new Set([
  'string',
  'int',
  'float',
  'left-bracket',
  'left-curly',
]);

function parseTest(parser: ExpressionParser, target: Expression): Expression {
  const isNegated = parser.takesName('not');
  const name = dottedName(parser);
  const args = testArguments(parser);
  const test: Expression = { kind: 'test', name: name.value, target, args, ...place(name) };
  return isNegated ? { kind: 'not', operand: test, ...place(name) } : test;
}

function testArguments(parser: ExpressionParser): CallArguments {
  if (parser.at('left-paren')) return parseArguments(parser);
  const token = parser.peekToken();
  if (token.type === 'symbol' && token.value === 'is') {
    parser.failAt('You cannot chain multiple tests with is', token);
  }
  const isName = token.type === 'symbol' && !NOT_ARGUMENTS.has(token.value);
  if (!isName && !ARGUMENT_STARTS.has(token.type)) return NO_ARGUMENTS;
  const argument = parsePostfix(parser, parsePrimary(parser));
  return { ...NO_ARGUMENTS, positional: [argument] };
}

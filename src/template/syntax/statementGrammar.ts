/** Jinja's statements whose grammar nunjucks does not have, one function per tag. */
import type { AssignmentTarget, Body, Expression, Parameter, Signature, Statement } from './ast.ts';
import { parseFilter, parsePrimary, parseTuple } from './expressionGrammar.ts';
import { type ExpressionParser, place } from './grammarParts.ts';
import type { Position } from './syntaxError.ts';

export interface Grammar extends ExpressionParser {
  /** The statements up to one of the end tags; its name is the next token. */
  statements(...ends: string[]): Body;
  endOfTag(): void;
  parseWithContext(): boolean | null;
}

type ParseStatement = (parser: Grammar, tag: Position) => Statement[];

export const STATEMENTS: ReadonlyMap<string, ParseStatement> = new Map<string, ParseStatement>([
  ['for', parseFor],
  ['set', parseSet],
  ['macro', parseMacro],
  ['call', parseCallBlock],
  ['filter', parseFilterBlock],
  ['with', parseWith],
  ['block', parseBlock],
  ['include', parseInclude],
  ['print', parsePrint],
  ['autoescape', parseAutoescape],
]);

/** The rest of the start tag, the body and the end tag. */
function bodyUntil(parser: Grammar, end: string): Body {
  parser.endOfTag();
  const body = parser.statements(end);
  parser.needs('symbol', end);
  return body;
}

function closedBody(parser: Grammar, end: string): Body {
  const body = bodyUntil(parser, end);
  parser.endOfTag();
  return body;
}

function parseFor(parser: Grammar, tag: Position): Statement[] {
  const target = parseTarget(parser, ['in']);
  parser.needs('symbol', 'in');
  const items = parseTuple(parser, {
    ends: ['block-end'],
    endNames: ['recursive'],
    isSimple: true,
  });
  const filter = parser.takesName('if') ? parser.expression() : undefined;
  const isRecursive = parser.takesName('recursive');
  parser.endOfTag();
  const body = parser.statements('endfor', 'else');
  const otherwise = parser.needs('symbol').value === 'else' ? bodyUntil(parser, 'endfor') : [];
  parser.endOfTag();
  return [{ kind: 'for', target, items, filter, isRecursive, body, otherwise, ...place(tag) }];
}

/** A name, `namespace.name`, or several with commas. */
function parseTarget(parser: Grammar, endNames: readonly string[] = []): AssignmentTarget {
  const start = parser.peekToken();
  const items: AssignmentTarget[] = [];
  let isTuple = false;
  do {
    const isEnd =
      parser.at('block-end') ||
      parser.at('operator', '=') ||
      endNames.some((name) => parser.at('symbol', name));
    if (isEnd) break;
    items.push(parseSingleTarget(parser));
    isTuple ||= parser.at('comma');
  } while (parser.takes('comma'));
  const [first] = items;
  if (first === undefined) return parser.failAt('expected a name to assign to', start);
  return isTuple ? { kind: 'targets', items, ...place(start) } : first;
}

function parseSingleTarget(parser: Grammar): AssignmentTarget {
  const token = parser.peekToken();
  if (parser.takes('left-paren')) {
    const inner = parseNestedTargets(parser);
    parser.needs('right-paren');
    return { kind: 'targets', items: inner, ...place(token) };
  }
  const { value } = parser.needs('symbol');
  if (!parser.takes('operator', '.')) return { kind: 'name', value, ...place(token) };
  return { kind: 'member', object: value, name: parser.needs('symbol').value, ...place(token) };
}

function parseNestedTargets(parser: Grammar): AssignmentTarget[] {
  const items: AssignmentTarget[] = [];
  while (!parser.at('right-paren')) {
    items.push(parseSingleTarget(parser));
    if (!parser.takes('comma')) break;
  }
  return items;
}

function parseSet(parser: Grammar, tag: Position): Statement[] {
  const target = parseTarget(parser);
  if (parser.takes('operator', '=')) {
    const value = parseTuple(parser, { ends: ['block-end'] });
    parser.endOfTag();
    return [{ kind: 'set', target, value, ...place(tag) }];
  }
  const filter = parseFilterChain(parser, undefined);
  return [{ kind: 'capture', target, filter, body: closedBody(parser, 'endset'), ...place(tag) }];
}

function parseFilterChain(parser: Grammar, start: Expression | undefined): Expression | undefined {
  let filter = start;
  while (parser.takes('pipe')) filter = parseFilter(parser, filter);
  return filter;
}

function parseMacro(parser: Grammar, tag: Position): Statement[] {
  const { value: name } = parser.needs('symbol');
  const parameters = parseParameters(parser);
  return [{ kind: 'macro', name, parameters, body: closedBody(parser, 'endmacro'), ...place(tag) }];
}

function parseParameters(parser: Grammar): Parameter[] {
  const parameters: Parameter[] = [];
  parser.needs('left-paren');
  while (!parser.takes('right-paren')) {
    const { value: name, ...at } = parser.needs('symbol');
    const fallback = parser.takes('operator', '=') ? parser.expression() : undefined;
    if (fallback === undefined && parameters.at(-1)?.fallback !== undefined) {
      parser.failAt('non-default argument follows default argument', at);
    }
    parameters.push({ name, fallback });
    if (!parser.at('right-paren')) parser.needs('comma');
  }
  return parameters;
}

function parseCallBlock(parser: Grammar, tag: Position): Statement[] {
  const parameters = parser.at('left-paren') ? parseParameters(parser) : [];
  const call = parser.expression();
  if (call.kind !== 'call') return parser.failAt('expected call', call);
  const signature: Signature = { parameters, body: closedBody(parser, 'endcall') };
  return [{ kind: 'callBlock', call, ...signature, ...place(tag) }];
}

function parseFilterBlock(parser: Grammar, tag: Position): Statement[] {
  const filter = parseFilterChain(parser, parseFilter(parser, undefined));
  if (filter === undefined) return parser.failAt('expected a filter', tag);
  return [{ kind: 'filterBlock', filter, body: closedBody(parser, 'endfilter'), ...place(tag) }];
}

function parseWith(parser: Grammar, tag: Position): Statement[] {
  const assignments: { target: AssignmentTarget; value: Expression }[] = [];
  while (!parser.at('block-end')) {
    if (assignments.length > 0) parser.needs('comma');
    const target = parseSingleTarget(parser);
    parser.needs('operator', '=');
    assignments.push({ target, value: parser.expression() });
  }
  return [{ kind: 'with', assignments, body: closedBody(parser, 'endwith'), ...place(tag) }];
}

function parseBlock(parser: Grammar, tag: Position): Statement[] {
  const { value: name } = parser.needs('symbol');
  const isScoped = parser.takesName('scoped');
  const isRequired = parser.takesName('required');
  const body = bodyUntil(parser, 'endblock');
  parser.takesName(name);
  parser.endOfTag();
  return [{ kind: 'block', name, isScoped, isRequired, body, ...place(tag) }];
}

function parseInclude(parser: Grammar, tag: Position): Statement[] {
  const template = parser.expression();
  const ignoreMissing = parser.takesName('ignore');
  if (ignoreMissing) parser.needs('symbol', 'missing');
  const withContext = parser.parseWithContext() ?? true;
  parser.endOfTag();
  return [{ kind: 'include', template, ignoreMissing, withContext, ...place(tag) }];
}

function parsePrint(parser: Grammar, tag: Position): Statement[] {
  const statements: Statement[] = [];
  do {
    statements.push({ kind: 'output', value: parser.expression(), ...place(tag) });
  } while (parser.takes('comma'));
  parser.endOfTag();
  return statements;
}

/** Playbook templates are not escaped; only the block's scope remains. */
function parseAutoescape(parser: Grammar, tag: Position): Statement[] {
  parsePrimary(parser);
  return [{ kind: 'scope', body: closedBody(parser, 'endautoescape'), ...place(tag) }];
}

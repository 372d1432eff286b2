/**
 * The one door to nunjucks: its parser, with Jinja's own grammar where nunjucks' differs, fed by our tokenizer and
 * turned into our syntax tree. Nothing outside this file knows of nunjucks.
 */
import nodes from 'nunjucks/src/nodes.js';
import nunjucks from 'nunjucks/src/parser.js';
import type { Body, Expression, Statement } from './ast.ts';
import { parseComparison, parsePrimary, parseTuple } from './expressionGrammar.ts';
import { place } from './grammarParts.ts';
import { type Grammar, STATEMENTS } from './statementGrammar.ts';
import { type Position, SyntaxFailure } from './syntaxError.ts';
import { tokenize, tokenizeExpression } from './tokenizer.ts';
import type { SyntaxOptions, Token, TokenType } from './tokens.ts';

/** The statements of a template. @throws SyntaxFailure */
export function parseTemplate(text: string, options: SyntaxOptions): Body {
  return new JinjaParser(tokenize(text, options)).template();
}

/** A bare expression, as in `when`. @throws SyntaxFailure */
export function parseBareExpression(text: string, options: SyntaxOptions): Expression {
  return new JinjaParser(tokenizeExpression(text, options)).bareExpression();
}

function tokenStream(tokens: readonly Token[]): { nextToken(): Token } {
  let at = 0;
  const last: Token = tokens.at(-1) ?? { type: 'end', value: '', lineno: 0, colno: 0 };
  return { nextToken: () => tokens[at++] ?? last };
}

class JinjaParser extends nunjucks.Parser implements Grammar {
  constructor(tokens: readonly Token[]) {
    super(tokenStream(tokens));
  }

  template(): Body {
    const body = statementsOf(this.parseNodes());
    const rest = this.peekToken();
    if (rest.type !== 'end') this.failAt(`Encountered unknown tag '${rest.value}'.`, rest);
    return body;
  }

  bareExpression(): Expression {
    if (this.peekToken().type === 'end') this.failAt('Expected an expression', this.peekToken());
    const expression = this.expression();
    const rest = this.peekToken();
    if (rest.type !== 'end') {
      this.failAt(`expected the end of the expression, got '${rest.value}'`, rest);
    }
    return expression;
  }

  expression(): Expression {
    return toExpression(this.parseInlineIf());
  }

  disjunction(): Expression {
    return toExpression(this.parseOr());
  }

  statements(...ends: string[]): Body {
    return this.parseUntilBlocks(...ends);
  }

  takes(type: TokenType, value?: string): boolean {
    return value === undefined ? this.skip(type) : this.skipValue(type, value);
  }

  takesName(name: string): boolean {
    return this.skipSymbol(name);
  }

  at(type: TokenType, value?: string): boolean {
    const token = this.peekToken();
    return token.type === type && (value === undefined || token.value === value);
  }

  needs(type: TokenType, value?: string): Position & { readonly value: string } {
    const token = this.nextToken();
    if (token.type === type && (value === undefined || token.value === value)) return token;
    return this.failAt(
      `expected ${value === undefined ? NAMES[type] : `'${value}'`}, got ${shown(token)}`,
      token,
    );
  }

  endOfTag(): void {
    this.needs('block-end');
  }

  failAt(message: string, { lineno, colno }: Position): never {
    throw new SyntaxFailure(message, { lineno, colno });
  }

  override fail(message: string, lineno?: number, colno?: number): never {
    const next = this.peekToken();
    throw new SyntaxFailure(message, { lineno: lineno ?? next.lineno, colno: colno ?? next.colno });
  }

  override parseExpression(): Expression {
    return this.expression();
  }

  override parseInlineIf(): Expression {
    let then = this.disjunction();
    while (this.takesName('if')) {
      const condition = this.disjunction();
      const otherwise = this.takesName('else') ? this.expression() : undefined;
      const { lineno, colno } = then;
      then = { kind: 'conditional', condition, whenTrue: then, otherwise, lineno, colno };
    }
    return then;
  }

  /** nunjucks' chain of levels ends here; the levels below `not` are Jinja's. */
  override parseIn(): Expression {
    return parseComparison(this);
  }

  override parsePrimary(): Expression {
    return parsePrimary(this);
  }

  override parseUntilBlocks(...names: string[]): Body {
    const start = this.peekToken();
    const parsed = super.parseUntilBlocks(...names);
    if (this.peekToken().type === 'end') {
      const wanted = names.map((name) => `'${name}'`).join(' or ');
      this.failAt(`Unexpected end of template, looking for ${wanted}`, start);
    }
    return parsed instanceof nodes.NodeList ? statementsOf(parsed.children) : [];
  }

  override parseNodes(): Statement[] {
    const statements: Statement[] = [];
    for (let token = this.nextToken(); token.type !== 'end'; token = this.nextToken()) {
      const { lineno, colno } = token;
      if (token.type === 'data') {
        statements.push({ kind: 'text', text: token.value, lineno, colno });
      } else if (token.type === 'variable-start') {
        const value = this.#printed();
        statements.push({ kind: 'output', value, lineno, colno });
      } else {
        const statement = this.parseStatement();
        if (statement === null) return statements;
        statements.push(...statement);
      }
    }
    this.pushToken({ type: 'end', value: '', lineno: 0, colno: 0 });
    return statements;
  }

  #printed(): Expression {
    if (this.at('variable-end')) {
      this.failAt("Expected an expression, got 'end of print statement'", this.peekToken());
    }
    const value = parseTuple(this, { ends: ['variable-end'] });
    const end = this.nextToken();
    if (end.type !== 'variable-end') {
      this.failAt(`expected token 'end of print statement', got ${shown(end)}`, end);
    }
    return value;
  }

  override parseStatement(): Statement[] | null {
    const tag = this.peekToken();
    if (tag.type !== 'symbol') this.failAt('tag name expected', tag);
    if (tag.value !== 'elseif' && this.breakOnBlocks?.includes(tag.value)) return null;
    const inherited = this.#inherited(tag.value);
    if (inherited !== undefined) return [inherited];
    const parse = STATEMENTS.get(tag.value);
    if (parse === undefined) this.failAt(`Encountered unknown tag '${tag.value}'.`, tag);
    this.nextToken();
    return parse(this, tag);
  }

  /** The statements whose grammar is the same in nunjucks. */
  #inherited(tag: string): Statement | undefined {
    switch (tag) {
      case 'if':
        return toStatement(this.parseIf());
      case 'extends':
        return toStatement(this.parseExtends());
      case 'import': {
        const statement = toStatement(this.parseImport());
        return statement;
      }
      case 'from':
        return toStatement(this.parseFrom());
      default:
        return undefined;
    }
  }
}

const NAMES: Readonly<Record<TokenType, string>> = {
  data: 'text',
  'block-start': "'{%'",
  'block-end': "token 'end of statement block'",
  'variable-start': "'{{'",
  'variable-end': "token 'end of print statement'",
  string: 'a string',
  int: 'a whole number',
  float: 'a number',
  symbol: 'a name',
  operator: 'an operator',
  'left-paren': "'('",
  'right-paren': "')'",
  'left-bracket': "'['",
  'right-bracket': "']'",
  'left-curly': "'{'",
  'right-curly': "'}'",
  comma: "','",
  colon: "':'",
  tilde: "'~'",
  pipe: "'|'",
  end: 'the end of the template',
};

function shown(token: { readonly type: string; readonly value: string }): string {
  if (token.type === 'end') return 'the end of the template';
  if (token.type === 'block-end') return "'end of statement block'";
  return token.type === 'variable-end' ? "'end of print statement'" : `'${token.value}'`;
}

function isOurs(node: unknown): node is Expression {
  return typeof node === 'object' && node !== null && 'kind' in node;
}

function isStatement(node: unknown): node is Statement {
  return typeof node === 'object' && node !== null && 'kind' in node;
}

function toExpression(node: unknown): Expression {
  if (isOurs(node)) return node;
  if (node instanceof nodes.Not) {
    return { kind: 'not', operand: toExpression(node.target), ...place(node) };
  }
  if (node instanceof nodes.And || node instanceof nodes.Or) {
    const kind = node instanceof nodes.And ? 'and' : 'or';
    return { kind, left: toExpression(node.left), right: toExpression(node.right), ...place(node) };
  }
  throw new Error('the parser gave an expression of an unknown kind');
}

function statementsOf(children: readonly unknown[]): Statement[] {
  return children.map(toStatement);
}

function toStatement(node: unknown): Statement {
  if (isStatement(node)) return node;
  if (node instanceof nodes.If) return toIf(node);
  if (node instanceof nodes.Extends) {
    return { kind: 'extends', template: toExpression(node.template), ...place(node) };
  }
  if (node instanceof nodes.Import) {
    const template = toExpression(node.template);
    const withContext = node.withContext ?? false;
    return { kind: 'import', template, name: nameOf(node.target), withContext, ...place(node) };
  }
  if (node instanceof nodes.FromImport) return toFromImport(node);
  throw new Error('the parser gave a statement of an unknown kind');
}

function toIf(node: InstanceType<typeof nodes.If>): Statement {
  return {
    kind: 'if',
    condition: toExpression(node.cond),
    whenTrue: bodyOf(node.body),
    otherwise: node.else_ instanceof nodes.If ? [toIf(node.else_)] : bodyOf(node.else_),
    ...place(node),
  };
}

function bodyOf(body: unknown): Body {
  return Array.isArray(body) ? body : [];
}

function toFromImport(node: InstanceType<typeof nodes.FromImport>): Statement {
  const names = node.names.children.map((child) => {
    const [name, alias] = child instanceof nodes.Pair ? [child.key, child.value] : [child, child];
    return { name: nameOf(name), alias: nameOf(alias) };
  });
  const withContext = node.withContext ?? false;
  return {
    kind: 'fromImport',
    template: toExpression(node.template),
    names,
    withContext,
    ...place(node),
  };
}

function nameOf(node: unknown): string {
  const expression = toExpression(node);
  if (expression.kind === 'name') return expression.value;
  throw new SyntaxFailure('expected a name', expression);
}

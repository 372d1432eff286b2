/** The part of nunjucks' untyped parser that `parser.ts` builds on (nunjucks 3.2.4, src/parser.js and src/nodes.js). */

declare module 'nunjucks/src/nodes.js' {
  interface Positioned {
    readonly lineno: number;
    readonly colno: number;
  }
  class Or implements Positioned {
    readonly lineno: number;
    readonly colno: number;
    readonly left: unknown;
    readonly right: unknown;
  }
  class And extends Or {}
  class Not implements Positioned {
    readonly lineno: number;
    readonly colno: number;
    readonly target: unknown;
  }
  class If implements Positioned {
    readonly lineno: number;
    readonly colno: number;
    readonly cond: unknown;
    readonly body: unknown;
    readonly else_: unknown;
  }
  class Extends implements Positioned {
    readonly lineno: number;
    readonly colno: number;
    readonly template: unknown;
  }
  class Import implements Positioned {
    readonly lineno: number;
    readonly colno: number;
    readonly template: unknown;
    readonly target: unknown;
    readonly withContext: boolean | null;
  }
  class Pair implements Positioned {
    readonly lineno: number;
    readonly colno: number;
    readonly key: unknown;
    readonly value: unknown;
  }
  class NodeList implements Positioned {
    readonly lineno: number;
    readonly colno: number;
    readonly children: readonly unknown[];
  }
  class FromImport implements Positioned {
    readonly lineno: number;
    readonly colno: number;
    readonly template: unknown;
    readonly names: NodeList;
    readonly withContext: boolean | null;
  }
  const nodes: {
    readonly Or: typeof Or;
    readonly And: typeof And;
    readonly Not: typeof Not;
    readonly If: typeof If;
    readonly Extends: typeof Extends;
    readonly Import: typeof Import;
    readonly FromImport: typeof FromImport;
    readonly Pair: typeof Pair;
    readonly NodeList: typeof NodeList;
  };
  export default nodes;
}

declare module 'nunjucks/src/parser.js' {
  interface ParserToken {
    readonly type: string;
    readonly value: string;
    readonly lineno: number;
    readonly colno: number;
  }
  class Parser {
    constructor(tokens: { nextToken(): ParserToken });
    breakOnBlocks: readonly string[] | null;
    nextToken(withWhitespace?: boolean): ParserToken;
    peekToken(): ParserToken;
    pushToken(token: ParserToken): void;
    error(message: string, lineno?: number, colno?: number): Error;
    fail(message: string, lineno?: number, colno?: number): never;
    skip(type: string): boolean;
    skipValue(type: string, value: string): boolean;
    skipSymbol(value: string): boolean;
    expect(type: string): ParserToken;
    advanceAfterBlockEnd(name?: string): ParserToken;
    parseExpression(): unknown;
    parseInlineIf(): unknown;
    parseOr(): unknown;
    parseIn(): unknown;
    parsePrimary(): unknown;
    parseIf(): unknown;
    parseImport(): unknown;
    parseFrom(): unknown;
    parseExtends(): unknown;
    parseWithContext(): boolean | null;
    parseStatement(): unknown;
    parseUntilBlocks(...names: string[]): unknown;
    parseNodes(): unknown[];
  }
  const parser: { readonly Parser: typeof Parser };
  export default parser;
}

/** Tokens in the form that nunjucks' parser reads. Lines and columns are 0-based. */
export type TokenType =
  | 'data'
  | 'block-start'
  | 'block-end'
  | 'variable-start'
  | 'variable-end'
  | 'string'
  | 'int'
  | 'float'
  | 'symbol'
  | 'operator'
  | 'left-paren'
  | 'right-paren'
  | 'left-bracket'
  | 'right-bracket'
  | 'left-curly'
  | 'right-curly'
  | 'comma'
  | 'colon'
  | 'tilde'
  | 'pipe'
  | 'end';

export interface Token {
  readonly type: TokenType;
  readonly value: string;
  readonly lineno: number;
  readonly colno: number;
}

/** Delimiters and white space rules of a template, as the `template` module and `#jinja2:` headers set them. */
export interface SyntaxOptions {
  readonly blockStart: string;
  readonly blockEnd: string;
  readonly variableStart: string;
  readonly variableEnd: string;
  readonly commentStart: string;
  readonly commentEnd: string;
  readonly trimBlocks: boolean;
  readonly lstripBlocks: boolean;
  readonly newline: string;
  readonly keepTrailingNewline: boolean;
  /** Whether backslashes in texts inside `{{ }}` stand for themselves, as in playbooks (files use escapes). */
  readonly literalBackslashes: boolean;
}

export const PLAYBOOK_SYNTAX: SyntaxOptions = {
  blockStart: '{%',
  blockEnd: '%}',
  variableStart: '{{',
  variableEnd: '}}',
  commentStart: '{#',
  commentEnd: '#}',
  trimBlocks: true,
  lstripBlocks: false,
  newline: '\n',
  keepTrailingNewline: false,
  literalBackslashes: true,
};

export const FILE_SYNTAX: SyntaxOptions = { ...PLAYBOOK_SYNTAX, literalBackslashes: false };

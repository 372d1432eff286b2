/** The syntax tree of templates: what the parser gives and the compiler reads. */
import type { Value } from '../../core/values.ts';
import type { Operator } from '../python/arithmetic.ts';
import type { Position } from './syntaxError.ts';

export type ComparisonOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface CallArguments {
  readonly positional: readonly Expression[];
  readonly keyword: readonly { readonly name: string; readonly value: Expression }[];
  /** `*items` and `**mapping`. */
  readonly rest: Expression | undefined;
  readonly keywordRest: Expression | undefined;
}

export type Expression = Position &
  (
    | { readonly kind: 'literal'; readonly value: Value }
    | { readonly kind: 'name'; readonly value: string }
    | { readonly kind: 'list' | 'tuple' | 'concat'; readonly items: readonly Expression[] }
    | { readonly kind: 'dict'; readonly entries: readonly (readonly [Expression, Expression])[] }
    | { readonly kind: 'attribute'; readonly target: Expression; readonly name: string }
    | { readonly kind: 'element'; readonly target: Expression; readonly key: Expression }
    | {
        readonly kind: 'slice';
        readonly target: Expression;
        readonly bounds: readonly (Expression | undefined)[];
      }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: CallArguments }
    | {
        readonly kind: 'filter';
        readonly name: string;
        /** Absent for the first filter of a `{% filter %}` block. */
        readonly target: Expression | undefined;
        readonly args: CallArguments;
      }
    | {
        readonly kind: 'test';
        readonly name: string;
        readonly target: Expression;
        readonly args: CallArguments;
      }
    | { readonly kind: 'not' | 'negative' | 'positive'; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: Operator;
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'compare';
        readonly first: Expression;
        readonly rest: readonly {
          readonly operator: ComparisonOperator;
          readonly operand: Expression;
        }[];
      }
    | {
        readonly kind: 'conditional';
        readonly condition: Expression;
        readonly whenTrue: Expression;
        readonly otherwise: Expression | undefined;
      }
  );

export type ExpressionOf<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

/** What is assigned to: a name, `namespace.name`, or a tuple of targets. */
export type AssignmentTarget = Position &
  (
    | { readonly kind: 'name'; readonly value: string }
    | { readonly kind: 'member'; readonly object: string; readonly name: string }
    | { readonly kind: 'targets'; readonly items: readonly AssignmentTarget[] }
  );

export interface Parameter {
  readonly name: string;
  readonly fallback: Expression | undefined;
}

export interface Signature {
  readonly parameters: readonly Parameter[];
  readonly body: Body;
}

export type Body = readonly Statement[];

export type Statement = Position &
  (
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'output'; readonly value: Expression }
    | {
        readonly kind: 'if';
        readonly condition: Expression;
        readonly whenTrue: Body;
        readonly otherwise: Body;
      }
    | {
        readonly kind: 'for';
        readonly target: AssignmentTarget;
        readonly items: Expression;
        readonly filter: Expression | undefined;
        readonly isRecursive: boolean;
        readonly body: Body;
        readonly otherwise: Body;
      }
    | { readonly kind: 'set'; readonly target: AssignmentTarget; readonly value: Expression }
    | {
        readonly kind: 'capture';
        readonly target: AssignmentTarget;
        readonly filter: Expression | undefined;
        readonly body: Body;
      }
    | {
        readonly kind: 'with';
        readonly assignments: readonly {
          readonly target: AssignmentTarget;
          readonly value: Expression;
        }[];
        readonly body: Body;
      }
    | ({ readonly kind: 'macro'; readonly name: string } & Signature)
    | ({ readonly kind: 'callBlock'; readonly call: ExpressionOf<'call'> } & Signature)
    | { readonly kind: 'filterBlock'; readonly filter: Expression; readonly body: Body }
    | {
        readonly kind: 'block';
        readonly name: string;
        readonly isScoped: boolean;
        readonly isRequired: boolean;
        readonly body: Body;
      }
    | { readonly kind: 'extends'; readonly template: Expression }
    | {
        readonly kind: 'include';
        readonly template: Expression;
        readonly ignoreMissing: boolean;
        readonly withContext: boolean;
      }
    | {
        readonly kind: 'import';
        readonly template: Expression;
        readonly name: string;
        readonly withContext: boolean;
      }
    | {
        readonly kind: 'fromImport';
        readonly template: Expression;
        readonly names: readonly { readonly name: string; readonly alias: string }[];
        readonly withContext: boolean;
      }
    | { readonly kind: 'scope'; readonly body: Body }
    | { readonly kind: 'do'; readonly value: Expression }
  );

/** Expressions of the syntax tree → closures over a frame. */
import { attributeOf, elementOf, sliceOf } from '../python/access.ts';
import { arithmetic, negative, positive } from '../python/arithmetic.ts';
import { compare, dictSet, equals } from '../python/equality.ts';
import { located } from '../python/errors.ts';
import { MUTATING_METHODS } from '../python/methods.ts';
import { contains, isTrue } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { type Internal, tupleOf, Undefined } from '../python/types.ts';
import type { ComparisonOperator, Expression, ExpressionOf } from '../syntax/ast.ts';
import type { Position } from '../syntax/syntaxError.ts';
import { compileCall, compileFilter, compileTest } from './call.ts';
import type { Frame } from './frame.ts';
import type { Evaluate, Notes } from './unit.ts';

/** The closure of an expression. It throws `TemplateError`s with their position. */
export function compileExpression(node: Expression, notes: Notes): Evaluate {
  const compileInner = (inner: Expression): Evaluate => compileExpression(inner, notes);
  switch (node.kind) {
    case 'literal':
      return () => node.value;
    case 'name':
      return compileName(node);
    case 'list':
    case 'tuple':
    case 'concat':
      return compileItems(node, node.items.map(compileInner));
    case 'dict':
      return compileDict(
        node.entries.map(([key, value]) => [compileInner(key), compileInner(value)]),
      );
    case 'attribute':
      notes.changesValues ||= MUTATING_METHODS.has(node.name);
      return compileAttribute(node, compileInner(node.target));
    case 'element':
      return compileElement(node, compileInner(node.target), compileInner(node.key));
    case 'slice':
      return compileSlice(node, compileInner);
    case 'call':
      return guarded(node, compileCall(node, compileInner));
    case 'filter':
      return guarded(node, compileFilter(node, compileInner));
    case 'test':
      return guarded(node, compileTest(node, compileInner));
    case 'binary':
      return guarded(node, compileBinary(node, compileInner));
    case 'compare':
      return guarded(node, compileComparison(node, compileInner));
    default:
      return guarded(node, compileLogic(node, compileInner));
  }
}

type CompileInner = (node: Expression) => Evaluate;

/** Adds the node's position to errors that have none. */
export function guarded<T>(node: Position, run: (frame: Frame) => T): (frame: Frame) => T {
  return (frame) => {
    try {
      return run(frame);
    } catch (error) {
      throw located(error, frame.render.locate(node));
    }
  };
}

function compileName(node: ExpressionOf<'name'>): Evaluate {
  const name = node.value;
  return (frame) => {
    const value = frame.get(name);
    return value === undefined ? undefinedName(node, frame) : value;
  };
}

function undefinedName(node: ExpressionOf<'name'>, frame: Frame): Undefined {
  return new Undefined(`'${node.value}' is undefined`, {
    name: node.value,
    candidates: () => frame.allNames(),
    source: frame.render.locate(node),
  });
}

function compileItems(
  node: ExpressionOf<'list' | 'tuple' | 'concat'>,
  items: Evaluate[],
): Evaluate {
  if (node.kind === 'list') return (frame) => items.map((item) => item(frame));
  if (node.kind === 'tuple') return (frame) => tupleOf(items.map((item) => item(frame)));
  return guarded(node, (frame) => items.map((item) => str(item(frame))).join(''));
}

function compileDict(entries: [Evaluate, Evaluate][]): Evaluate {
  return (frame) => {
    const dict = new Map<Internal, Internal>();
    for (const [key, value] of entries) dictSet(dict, key(frame), value(frame));
    return dict;
  };
}

/** A missing attribute or element remembers where it was asked for. */
function placed(value: Internal, frame: Frame, node: Position): Internal {
  if (!(value instanceof Undefined) || value.source !== undefined) return value;
  const { name, candidates } = value;
  return new Undefined(value.message, {
    name,
    source: frame.render.locate(node),
    ...(candidates && { candidates }),
  });
}

function compileAttribute(node: ExpressionOf<'attribute'>, target: Evaluate): Evaluate {
  const { name } = node;
  return (frame) => placed(attributeOf(target(frame), name), frame, node);
}

function compileElement(node: ExpressionOf<'element'>, target: Evaluate, key: Evaluate): Evaluate {
  return guarded(node, (frame) => placed(elementOf(target(frame), key(frame)), frame, node));
}

function compileSlice(node: ExpressionOf<'slice'>, compileInner: CompileInner): Evaluate {
  const target = compileInner(node.target);
  const [start = none, stop = none, step = none] = node.bounds.map((bound) =>
    bound === undefined ? none : compileInner(bound),
  );
  return guarded(node, (frame) => sliceOf(target(frame), start(frame), stop(frame), step(frame)));
}

function none(): null {
  return null;
}

function compileBinary(node: ExpressionOf<'binary'>, compileInner: CompileInner): Evaluate {
  const { operator } = node;
  const [left, right] = [compileInner(node.left), compileInner(node.right)];
  return (frame) => arithmetic(operator, left(frame), right(frame));
}

function compileComparison(node: ExpressionOf<'compare'>, compileInner: CompileInner): Evaluate {
  const first = compileInner(node.first);
  const rest = node.rest.map(({ operator, operand }) => ({
    operator,
    operand: compileInner(operand),
  }));
  return (frame) => {
    let left = first(frame);
    for (const { operator, operand } of rest) {
      const right = operand(frame);
      if (!holds(operator, left, right)) return false;
      left = right;
    }
    return true;
  };
}

function holds(operator: ComparisonOperator, left: Internal, right: Internal): boolean {
  switch (operator) {
    case '==':
      return equals(left, right);
    case '!=':
      return !equals(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case '<':
      return compare(left, right, operator) < 0;
    case '<=':
      return compare(left, right, operator) <= 0;
    case '>':
      return compare(left, right, operator) > 0;
    case '>=':
      return compare(left, right, operator) >= 0;
  }
}

type LogicNode =
  | ExpressionOf<'not' | 'negative' | 'positive'>
  | ExpressionOf<'and' | 'or'>
  | ExpressionOf<'conditional'>;

function compileLogic(node: LogicNode, compileInner: CompileInner): Evaluate {
  if (node.kind === 'conditional') return compileConditional(node, compileInner);
  if ('left' in node) return compileAndOr(node, compileInner);
  const operand = compileInner(node.operand);
  if (node.kind === 'not') return (frame) => !isTrue(operand(frame));
  const change = node.kind === 'negative' ? negative : positive;
  return (frame) => change(operand(frame));
}

function compileAndOr(node: ExpressionOf<'and' | 'or'>, compileInner: CompileInner): Evaluate {
  const [left, right] = [compileInner(node.left), compileInner(node.right)];
  const goesOnWhen = node.kind === 'and';
  return (frame) => {
    const value = left(frame);
    return isTrue(value) === goesOnWhen ? right(frame) : value;
  };
}

function compileConditional(
  node: ExpressionOf<'conditional'>,
  compileInner: CompileInner,
): Evaluate {
  const [condition, then] = [compileInner(node.condition), compileInner(node.whenTrue)];
  const otherwise = node.otherwise === undefined ? undefined : compileInner(node.otherwise);
  return (frame) => {
    if (isTrue(condition(frame))) return then(frame);
    if (otherwise !== undefined) return otherwise(frame);
    return new Undefined(
      'the inline if-expression evaluated to false and no else section was defined.',
      { source: frame.render.locate(node), isLenient: true },
    );
  };
}

/** Calls, filters and tests: evaluated arguments meet functions. */

import type { Filter } from '../plugins.ts';
import { defined, typeError } from '../python/errors.ts';
import { iterate, unrolled } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import {
  type Arguments,
  Callable,
  HostObject,
  type Internal,
  NO_KEYWORDS,
  typeName,
} from '../python/types.ts';
import type { CallArguments, Expression, ExpressionOf } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';
import type { Evaluate } from './unit.ts';

type CompileInner = (node: Expression) => Evaluate;

const NO_ARGUMENTS: Arguments = { positional: [], keyword: NO_KEYWORDS };

export function compileArguments(
  args: CallArguments,
  compileInner: CompileInner,
): (frame: Frame) => Arguments {
  const positional = args.positional.map(compileInner);
  const keyword = args.keyword.map(({ name, value }) => ({ name, value: compileInner(value) }));
  const rest = args.rest && compileInner(args.rest);
  const keywordRest = args.keywordRest && compileInner(args.keywordRest);
  if (rest === undefined && keywordRest === undefined && keyword.length === 0) {
    if (positional.length === 0) return () => NO_ARGUMENTS;
    return (frame) => ({ positional: positional.map((arg) => arg(frame)), keyword: NO_KEYWORDS });
  }
  return (frame) => ({
    positional: [...positional.map((arg) => arg(frame)), ...(rest ? iterate(rest(frame)) : [])],
    keyword: new Map([
      ...keyword.map(({ name, value }): [string, Internal] => [name, value(frame)]),
      ...(keywordRest ? keywordEntries(keywordRest(frame)) : []),
    ]),
  });
}

function keywordEntries(value: Internal): [string, Internal][] {
  const mapping = defined(value);
  if (mapping instanceof Map) return [...mapping].map(([key, item]) => [str(key), item]);
  throw typeError(`argument after ** must be a mapping, not ${typeName(mapping)}`);
}

export function compileCall(node: ExpressionOf<'call'>, compileInner: CompileInner): Evaluate {
  const callee = compileInner(node.callee);
  const args = compileArguments(node.args, compileInner);
  return (frame) => call(callee(frame), args(frame));
}

/** `callee(*args)`. @throws TemplateError when it is no function. */
export function call(callee: Internal, args: Arguments): Internal {
  if (callee instanceof Callable) return callee.call(args);
  if (callee instanceof HostObject && callee.call !== undefined) return callee.call(args);
  throw typeError(`'${typeName(defined(callee))}' object is not callable`);
}

export function compileFilter(node: ExpressionOf<'filter'>, compileInner: CompileInner): Evaluate {
  const target = node.target === undefined ? captured : compileInner(node.target);
  const args = compileArguments(node.args, compileInner);
  const { name } = node;
  return (frame) => {
    const { context, locate } = frame.render;
    return context.applyFilter(name, target(frame), args(frame), () => locate(node));
  };
}

/** The name under which a filter block hands its text to the first filter: no template can spell it. */
export const CAPTURED = ' captured';

function captured(frame: Frame): Internal {
  return frame.get(CAPTURED) ?? '';
}

/** Runs a filter as templates do: undefined values are refused for it, lazy results become lists. */
export function runFilter(filter: Filter, run: () => Internal, value: Internal): Internal {
  if (filter.acceptsUndefined !== true) defined(value);
  return unrolled(run());
}

export function compileTest(node: ExpressionOf<'test'>, compileInner: CompileInner): Evaluate {
  const target = compileInner(node.target);
  const args = compileArguments(node.args, compileInner);
  const { name } = node;
  return (frame) => frame.render.context.applyTest(name, target(frame), args(frame));
}

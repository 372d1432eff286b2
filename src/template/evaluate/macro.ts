/** `macro` and `call` blocks. */
import { typeError } from '../python/errors.ts';
import {
  type Arguments,
  Callable,
  type Internal,
  presentOr,
  tupleOf,
  Undefined,
} from '../python/types.ts';
import type { Signature, Statement } from '../syntax/ast.ts';
import { walk } from '../syntax/walk.ts';
import { call, compileArguments } from './call.ts';
import { Frame } from './frame.ts';
import { captureOf, type Evaluate, type Run, type Unit } from './unit.ts';

interface Macro {
  readonly name: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly fallback: Evaluate | undefined;
  }[];
  readonly body: Evaluate;
  /** Which of the special names its body uses; others are refused as arguments. */
  readonly uses: ReadonlySet<string>;
}

export function compileMacro(node: Extract<Statement, { kind: 'macro' }>, unit: Unit): Run {
  const macro = macroOf(node.name, node, unit);
  return (frame) => frame.set(node.name, macroValue(macro, frame));
}

/** `{% call(x) f(y) %}…{% endcall %}`: f gets the body as its argument `caller`. */
export function compileCallBlock(node: Extract<Statement, { kind: 'callBlock' }>, unit: Unit): Run {
  const callee = unit.expression(node.call.callee);
  const args = compileArguments(node.call.args, unit.expression);
  const caller = macroOf('caller', node, unit);
  return (frame, out) => {
    const { positional, keyword } = args(frame);
    const withCaller = new Map(keyword).set('caller', macroValue(caller, frame));
    const result = call(callee(frame), { positional, keyword: withCaller });
    out.push(frame.render.mode.output(result));
  };
}

function macroOf(name: string, { parameters, body }: Signature, unit: Unit): Macro {
  const uses = new Set<string>();
  walk(body, (node) => {
    if (node.kind === 'name') uses.add(node.value);
    return true;
  });
  return {
    name,
    parameters: parameters.map(({ name: parameter, fallback }) => ({
      name: parameter,
      fallback: fallback && unit.expression(fallback),
    })),
    body: captureOf(unit.body(body)),
    uses,
  };
}

function macroValue(macro: Macro, outer: Frame): Callable {
  const names = macro.parameters.map(({ name }) => name);
  const attributes = new Map<string, Internal>([
    ['name', macro.name],
    ['arguments', tupleOf(names)],
    ['catch_kwargs', macro.uses.has('kwargs')],
    ['catch_varargs', macro.uses.has('varargs')],
    ['caller', macro.uses.has('caller')],
  ]);
  const run = (args: Arguments): Internal => macro.body(argumentFrame(macro, args, outer));
  return new Callable(macro.name, run, 'Macro', attributes);
}

function argumentFrame(macro: Macro, args: Arguments, outer: Frame): Frame {
  const frame = new Frame(outer.render, outer);
  const keyword = new Map(args.keyword);
  for (const [index, { name, fallback }] of macro.parameters.entries()) {
    const given = args.positional[index];
    const value = given === undefined ? keyword.get(name) : given;
    frame.set(
      name,
      presentOr(value, () => missing(name, fallback, frame)),
    );
    if (given === undefined) keyword.delete(name);
  }
  bindSpecial(macro, frame, args.positional.slice(macro.parameters.length), keyword);
  return frame;
}

function missing(name: string, fallback: Evaluate | undefined, frame: Frame): Internal {
  return fallback === undefined
    ? new Undefined(`parameter '${name}' was not provided`, { name })
    : fallback(frame);
}

function bindSpecial(
  { name, uses, parameters }: Macro,
  frame: Frame,
  extra: readonly Internal[],
  keyword: Map<string, Internal>,
): void {
  if (uses.has('caller') && !parameters.some((parameter) => parameter.name === 'caller')) {
    frame.set(
      'caller',
      presentOr(
        keyword.get('caller'),
        () => new Undefined('No caller defined', { name: 'caller' }),
      ),
    );
    keyword.delete('caller');
  }
  if (uses.has('kwargs')) frame.set('kwargs', new Map<Internal, Internal>(keyword));
  else refuseKeywords(name, keyword);
  if (uses.has('varargs')) frame.set('varargs', tupleOf(extra));
  else if (extra.length > 0) {
    throw typeError(`macro '${name}' takes not more than ${parameters.length} argument(s)`);
  }
}

function refuseKeywords(name: string, keyword: ReadonlyMap<string, Internal>): void {
  if (keyword.has('caller')) {
    throw typeError(
      `macro '${name}' was invoked with two values for the special caller argument. This is most likely a bug.`,
    );
  }
  const [first] = keyword.keys();
  if (first !== undefined) throw typeError(`macro '${name}' takes no keyword argument '${first}'`);
}

/** `for`: iteration, its `loop` variable, filters, `else` and recursion. */
import { equals } from '../python/equality.ts';
import { typeError } from '../python/errors.ts';
import { isTrue, iterate } from '../python/sequence.ts';
import {
  Callable,
  HostObject,
  type Internal,
  presentOr,
  tupleOf,
  Undefined,
} from '../python/types.ts';
import type { Statement } from '../syntax/ast.ts';
import { type Assign, compileAssignment } from './assignment.ts';
import { Frame } from './frame.ts';
import type { Evaluate, Run, Unit } from './unit.ts';

interface Loop {
  readonly assign: Assign;
  readonly filter: Evaluate | undefined;
  readonly isRecursive: boolean;
  readonly body: Run;
  readonly otherwise: Run;
}

export function compileFor(node: Extract<Statement, { kind: 'for' }>, unit: Unit): Run {
  const items = unit.expression(node.items);
  const loop: Loop = {
    assign: compileAssignment(node.target),
    filter: node.filter && unit.expression(node.filter),
    isRecursive: node.isRecursive,
    body: unit.body(node.body),
    otherwise: unit.body(node.otherwise),
  };
  return (frame, out) => run(loop, items(frame), frame, out, 0);
}

function run(loop: Loop, source: Internal, frame: Frame, out: Internal[], depth: number): void {
  const items = filtered(loop, iterate(source), frame);
  if (items.length === 0) {
    loop.otherwise(new Frame(frame.render, frame), out);
    return;
  }
  const state: LoopState = { items, index: 0, depth, lastChecked: undefined };
  const variable = loopVariable(state, loop, frame);
  for (let index = 0; index < items.length; index++) {
    state.index = index;
    const inner = new Frame(frame.render, frame);
    inner.set('loop', variable);
    loop.assign(inner, items[index] ?? null);
    loop.body(inner, out);
  }
}

function filtered(loop: Loop, items: readonly Internal[], frame: Frame): readonly Internal[] {
  const { filter, assign } = loop;
  if (filter === undefined) return items;
  return items.filter((item) => {
    const inner = new Frame(frame.render, frame);
    assign(inner, item);
    return isTrue(filter(inner));
  });
}

interface LoopState {
  readonly items: readonly Internal[];
  index: number;
  readonly depth: number;
  lastChecked: readonly Internal[] | undefined;
}

function loopVariable(state: LoopState, loop: Loop, frame: Frame): HostObject {
  const again = (argument: Internal | undefined): Internal => {
    if (!loop.isRecursive) {
      throw typeError("The loop must have the 'recursive' marker to be called recursively.");
    }
    const out: Internal[] = [];
    run(loop, argument ?? null, frame, out, state.depth + 1);
    return frame.render.mode.result(out, () => false);
  };
  return new HostObject('LoopContext', {
    computed: (name) => loopAttribute(name, state),
    call: ({ positional: [items] }) => again(items),
    text: () => `<LoopContext ${state.index + 1}/${state.items.length}>`,
  });
}

function loopAttribute(name: string, state: LoopState): Internal | undefined {
  const { items, index, depth } = state;
  switch (name) {
    case 'index':
      return index + 1;
    case 'index0':
      return index;
    case 'revindex':
      return items.length - index;
    case 'revindex0':
      return items.length - index - 1;
    case 'first':
      return index === 0;
    case 'last':
      return index === items.length - 1;
    case 'length':
      return items.length;
    case 'depth':
      return depth + 1;
    case 'depth0':
      return depth;
    case 'previtem':
      return presentOr(items[index - 1], () => new Undefined('there is no previous item'));
    case 'nextitem':
      return presentOr(items[index + 1], () => new Undefined('there is no next item'));
    case 'cycle':
      return new Callable(name, ({ positional }) => cycled(positional, index));
    case 'changed':
      return new Callable(name, ({ positional }) => hasChanged(state, positional));
    default:
      return undefined;
  }
}

function cycled(values: readonly Internal[], index: number): Internal {
  const value = values[index % values.length];
  if (value === undefined) throw typeError('no items for cycling given');
  return value;
}

function hasChanged(state: LoopState, values: readonly Internal[]): boolean {
  const { lastChecked } = state;
  if (lastChecked !== undefined && equals(tupleOf(lastChecked), tupleOf(values))) return false;
  state.lastChecked = values;
  return true;
}

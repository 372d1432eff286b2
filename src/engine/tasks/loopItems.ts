/** The items of a loop, and the variables that each iteration sees. */
import { DroverError } from '../../core/errors.ts';
import type { Value } from '../../core/values.ts';
import type { Loop, LoopControl } from '../../playbook/model.ts';
import type { Scope } from '../../template/scope.ts';
import type { TemplateEngine } from '../../template/template.ts';
import type { KeywordReader } from './keywordReader.ts';

/** @throws TemplateError or DroverError at the loop's place. */
export function loopItems(loop: Loop, scope: Scope, templates: TemplateEngine): Value[] {
  if (loop.lookup !== undefined) {
    return templates.loopLookup(loop.lookup, loop.items, scope);
  }
  const value = templates.evaluateNode(loop.items, scope);
  if (Array.isArray(value)) return [...value];
  throw new DroverError(`loop needs a list, and got ${kindOf(value)}`, {
    code: 'DROVER_INVALID_LOOP',
    source: loop.items.source,
    hint: value instanceof Map ? 'to loop over a dict, add `| dict2items`' : undefined,
  });
}

function kindOf(value: Value): string {
  if (value === null) return 'nothing';
  if (value instanceof Map) return 'a dict';
  return typeof value === 'string' ? 'text' : typeof value;
}

/** Names that `loop_control` chose, evaluated once. */
export interface LoopNames {
  readonly item: string;
  readonly index: string | undefined;
  readonly isExtended: boolean;
  readonly hasAllItems: boolean;
  readonly pauseMs: number;
}

export function loopNames(control: LoopControl | undefined, reader: KeywordReader): LoopNames {
  const { loopVar, indexVar, extended, extendedAllItems, pause } = control ?? {};
  return {
    item: loopVar === undefined ? 'item' : String(reader.evaluate(loopVar)),
    index: indexVar === undefined ? undefined : String(reader.evaluate(indexVar)),
    isExtended: extended !== undefined && reader.evaluate(extended) === true,
    hasAllItems: extendedAllItems === undefined || reader.evaluate(extendedAllItems) === true,
    pauseMs: pause === undefined ? 0 : Number(reader.evaluate(pause)) * 1000,
  };
}

/** What iteration `index` sees: the item under its name, the index, `ansible_loop_var`, `ansible_loop`. */
export function iterationVariables(
  items: readonly Value[],
  index: number,
  names: LoopNames,
): Map<string, Value> {
  const variables = new Map<string, Value>([
    [names.item, items[index] ?? null],
    ['ansible_loop_var', names.item],
  ]);
  if (names.index !== undefined) {
    variables.set(names.index, index);
    variables.set('ansible_index_var', names.index);
  }
  if (names.isExtended) variables.set('ansible_loop', extendedLoop(items, index, names));
  return variables;
}

function extendedLoop(items: readonly Value[], index: number, names: LoopNames): Value {
  const length = items.length;
  const loop = new Map<Value, Value>([
    ['index', index + 1],
    ['index0', index],
    ['first', index === 0],
    ['last', index === length - 1],
    ['length', length],
    ['revindex', length - index],
    ['revindex0', length - index - 1],
  ]);
  if (names.hasAllItems) loop.set('allitems', [...items]);
  if (index > 0) loop.set('previtem', items[index - 1] ?? null);
  if (index < length - 1) loop.set('nextitem', items[index + 1] ?? null);
  return loop;
}

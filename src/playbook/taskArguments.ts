/** What a task hands to its module, from any of the ways to write it. */
import {
  type MappingEntry,
  type MappingNode,
  type Node,
  type ScalarNode,
  scalarNode,
} from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isTemplate, Shapes, textOfScalar } from '../source/shapes.ts';
import { isCommand, takesText } from './actions.ts';
import type { TaskArguments } from './model.ts';
import { readShortForm, splitFirstWord } from './shortForm.ts';

/** The module of a task as written, with what stands behind it. */
export interface Action {
  readonly module: string;
  readonly key: ScalarNode;
  readonly value: Node;
}

/** `action:` or `local_action:`: a text (`copy src=a`) or a mapping with `module`. Undefined after noting what is wrong. */
export function readAction({ key, value }: MappingEntry, problems: Problems): Action | undefined {
  if (value.kind === 'mapping') return mappingAction(key, value, problems);
  const scalar = new Shapes(problems).scalar(value, `"${key.value}"`);
  if (scalar === undefined) return undefined;
  const { first, rest } = splitFirstWord(scalar);
  const module = textOfScalar(first.value);
  return { module, key: first, value: rest ?? scalarNode(null, first.source) };
}

/** `{module: copy, src: a}`, or `{module: copy src=a}`. */
function mappingAction(
  key: ScalarNode,
  mapping: MappingNode,
  problems: Problems,
): Action | undefined {
  const module = mapping.entries.find((entry) => entry.key.value === 'module');
  if (module === undefined) {
    problems.error(
      'DROVER_NO_MODULE',
      `"${key.value}" names no module`,
      key.source,
      'add "module:"',
    );
    return undefined;
  }
  const scalar = new Shapes(problems).scalar(module.value, '"module"');
  if (scalar === undefined) return undefined;
  const { first, rest } = splitFirstWord(scalar);
  const others = mapping.entries.filter((entry) => entry !== module);
  const fromText = rest === undefined ? [] : readShortForm(rest, false).entries;
  const value: MappingNode = { ...mapping, entries: merged(others, fromText) };
  return { module: textOfScalar(first.value), key: first, value };
}

/** @param args the task's `args:`; the module's own arguments win over it. */
export function readArguments(
  action: Action,
  args: MappingEntry | undefined,
  problems: Problems,
): TaskArguments {
  const own = ownArguments(action, problems);
  if (args === undefined) return own;
  if (isTemplate(args.value) && args.value.kind === 'scalar') {
    return { ...own, template: args.value };
  }
  const extra = argsMapping(action, args, problems);
  if (extra === undefined) return own;
  const named = { ...own.named, entries: merged(extra.entries, own.named.entries) };
  return { ...own, named };
}

function argsMapping(action: Action, { value }: MappingEntry, problems: Problems) {
  if (value.kind !== 'scalar' || value.value === null) {
    return value.kind === 'scalar' ? undefined : new Shapes(problems).mapping(value, '"args"');
  }
  const { entries } = readShortForm(value, isCommand(action.module));
  return { kind: 'mapping', entries, source: value.source } satisfies MappingNode;
}

function ownArguments({ module, value }: Action, problems: Problems): TaskArguments {
  switch (value.kind) {
    case 'mapping':
      return { named: value };
    case 'scalar':
      return textArguments(module, value);
    case 'sequence':
      new Shapes(problems).wrong(
        value,
        `the arguments of "${module}"`,
        'a mapping or text',
        'write each argument as "name: value"',
      );
      return { named: nothing(value) };
    case 'data':
      return { named: nothing(value) };
    default:
      return value satisfies never;
  }
}

const SOLE_EXPRESSION = /^\s*\{\{(?:(?!\}\})[\s\S])*\}\}\s*$/;

function textArguments(module: string, value: ScalarNode): TaskArguments {
  if (value.value === null) return { named: nothing(value) };
  const text = textOfScalar(value.value);
  if (SOLE_EXPRESSION.test(text) && !takesText(module)) {
    return { named: nothing(value), template: value };
  }
  const { entries, rest } = readShortForm({ ...value, value: text }, isCommand(module));
  const named: MappingNode = { kind: 'mapping', entries, source: value.source };
  return rest === undefined ? { named } : { named, freeForm: rest };
}

function nothing({ source }: Node): MappingNode {
  return { kind: 'mapping', entries: [], source };
}

function merged(
  first: readonly MappingEntry[],
  winning: readonly MappingEntry[],
): readonly MappingEntry[] {
  const names = new Set(winning.map(({ key }) => key.value));
  return [...first.filter(({ key }) => !names.has(key.value)), ...winning];
}

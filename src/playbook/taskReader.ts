/** One entry of a task list → a `Task`. Imports and includes come out as tasks too; `itemReader.ts` expands them. */
import { didYouMean } from '../core/nearest.ts';
import type { MappingEntry, MappingNode, Node, ScalarNode } from '../source/node.ts';
import { scalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, isTemplate, listed, Shapes } from '../source/shapes.ts';
import { shortName } from './actions.ts';
import {
  type KeywordDraft,
  keyName,
  readKeyword,
  reportUnknownKey,
  TASK_KEYWORDS,
} from './keywords.ts';
import type { Block, Task } from './model.ts';
import { type Action, readAction, readArguments } from './taskArguments.ts';

export interface TaskPlace {
  readonly parent?: Block;
  readonly isHandler: boolean;
  /** Whether anybody knows a module of this name; undefined when there is nobody to ask. */
  readonly knowsModule: (name: string) => boolean | undefined;
  readonly problems: Problems;
}

/** Keys of a task that are read here and not by the keyword table. */
const OWN_KEYS = ['name', 'action', 'local_action', 'args', 'listen', 'static'];

/** @returns undefined after noting what makes the task unusable. @throws LoadError for keys or text that cannot be read at all. */
export function readTask(mapping: MappingNode, place: TaskPlace): Task | undefined {
  const parts = partsOf(mapping, place);
  const action = chooseAction(mapping, parts, place);
  if (action === undefined) return undefined;
  if (parts.isLocal) parts.keywords.delegateTo = scalarNode('localhost', action.key.source);
  return {
    kind: 'task',
    isHandler: place.isHandler,
    ...(parts.name === undefined ? {} : { name: parts.name }),
    module: action.module,
    moduleSource: action.key.source,
    arguments: readArguments(action, parts.args, place.problems),
    keywords: parts.keywords,
    listen: parts.listen,
    ...(place.parent === undefined ? {} : { parent: place.parent }),
    source: mapping.source,
  };
}

interface TaskParts {
  name: ScalarNode | undefined;
  args: MappingEntry | undefined;
  listen: readonly Node[];
  isLocal: boolean;
  readonly keywords: KeywordDraft;
  readonly actions: Action[];
}

function partsOf(mapping: MappingNode, place: TaskPlace): TaskParts {
  const parts: TaskParts = {
    name: undefined,
    args: undefined,
    listen: [],
    isLocal: false,
    keywords: {},
    actions: [],
  };
  for (const entry of mapping.entries) readEntry(entry, parts, place);
  return parts;
}

function readEntry(entry: MappingEntry, parts: TaskParts, place: TaskPlace): void {
  const { key, value } = entry;
  const name = keyName(key);
  switch (name) {
    case 'name':
      if (!isNull(value)) parts.name = new Shapes(place.problems).scalar(value, '"name"');
      return;
    case 'args':
      parts.args = entry;
      return;
    case 'listen':
      readListen(entry, parts, place);
      return;
    case 'static':
      return;
    case 'local_action':
      parts.isLocal = true;
      addAction(readAction(entry, place.problems), parts);
      return;
    case 'action':
      addAction(readAction(entry, place.problems), parts);
      return;
    default:
      if (readLookupLoop(name, entry, parts)) return;
      if (readKeyword(TASK_KEYWORDS, entry, parts.keywords, place.problems)) return;
      parts.actions.push({ module: name, key, value });
  }
}

function addAction(action: Action | undefined, parts: TaskParts): void {
  if (action !== undefined) parts.actions.push(action);
}

function readListen(entry: MappingEntry, parts: TaskParts, { isHandler, problems }: TaskPlace) {
  parts.listen = listed(entry.value);
  if (isHandler) return;
  const hint = 'move the task to "handlers", or remove "listen"';
  problems.error('DROVER_UNKNOWN_KEYWORD', '"listen" is for handlers', entry.key.source, hint);
}

const LOOKUP_LOOP = /^with_(\w+(?:\.\w+)*)$/;

/** `with_items: …`. Another loop beside it is caught by the order of keys: the table reads `loop` into the same place. */
function readLookupLoop(name: string, { key, value }: MappingEntry, { keywords }: TaskParts) {
  const lookup = LOOKUP_LOOP.exec(name)?.[1];
  if (lookup === undefined) return false;
  keywords.loop = { lookup, items: value, source: key.source };
  return true;
}

/** The one module among the keys that are no keywords. */
function chooseAction(
  mapping: MappingNode,
  { actions }: TaskParts,
  place: TaskPlace,
): Action | undefined {
  reportDoubleLoop(mapping, place.problems);
  if (actions.length === 0) return noModule(mapping, place.problems);
  const known = actions.filter(({ module }) => place.knowsModule(module) === true);
  if (actions.length === 1) return actions[0];
  if (known.length === 1) return onlyKnown(known[0], actions, place.problems);
  return severalModules(actions, place.problems);
}

function reportDoubleLoop({ entries }: MappingNode, problems: Problems): void {
  const loops = entries.filter(({ key }) => /^(?:with_[\w.]+|loop)$/.test(String(key.value)));
  const [first, second] = loops;
  if (first === undefined || second === undefined) return;
  const message = `a task has one loop, this one has "${first.key.value}" and "${second.key.value}"`;
  problems.error('DROVER_CONFLICTING_KEYWORDS', message, second.key.source);
}

function noModule(mapping: MappingNode, problems: Problems): undefined {
  const hint = 'add the module with its arguments, e.g. "debug: { msg: hello }"';
  problems.error('DROVER_NO_MODULE', 'this task has no module', mapping.source, hint);
  return undefined;
}

function onlyKnown(known: Action | undefined, actions: readonly Action[], problems: Problems) {
  const names = [...Object.keys(TASK_KEYWORDS), ...OWN_KEYS];
  for (const { key } of actions.filter((action) => action !== known)) {
    reportUnknownKey(key, 'a task', names, problems);
  }
  return known;
}

function severalModules(actions: readonly Action[], problems: Problems): undefined {
  const names = actions.map(({ module }) => `"${module}"`).join(' and ');
  const keywords = [...Object.keys(TASK_KEYWORDS), ...OWN_KEYS];
  const hints = actions.map(({ module }) => didYouMean(module, keywords));
  problems.error(
    'DROVER_CONFLICTING_MODULES',
    `a task has one module, this one has ${names}`,
    actions[1]?.key.source,
    hints.find((hint) => hint !== undefined) ?? 'write one task for each, or correct the keyword',
  );
  return undefined;
}

/** The old `include:` as what it does: `include_tasks` when its file is only known at run time, else `import_tasks`. */
export function modernInclude(task: Task, problems: Problems): Task {
  if (shortName(task.module) !== 'include') return task;
  const file = task.arguments.freeForm;
  const isDynamic = task.keywords.loop !== undefined || (file !== undefined && isTemplate(file));
  const module = isDynamic ? 'include_tasks' : 'import_tasks';
  problems.deprecate(
    '"include" is an old spelling',
    task.moduleSource,
    `write "${module}" instead`,
  );
  return withParametersAsVars({ ...task, module });
}

/** `include: x.yml name=value` hands over variables. */
function withParametersAsVars(task: Task): Task {
  const { named } = task.arguments;
  const parameters = named.entries.filter(
    ({ key }) => key.value !== 'file' && key.value !== 'apply',
  );
  const options = named.entries.filter((entry) => !parameters.includes(entry));
  const given = parameters.map(({ key, value }) => [String(key.value), value] as const);
  const vars = new Map([...given, ...(task.keywords.vars ?? [])]);
  return {
    ...task,
    keywords: { ...task.keywords, vars },
    arguments: { ...task.arguments, named: { ...named, entries: options } },
  };
}

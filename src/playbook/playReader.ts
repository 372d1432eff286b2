/** A mapping of a playbook → a `Play`. */
import { didYouMean } from '../core/nearest.ts';
import {
  entryOf,
  type MappingEntry,
  type MappingNode,
  type Node,
  type ScalarNode,
} from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, listed, Shapes, textOfScalar } from '../source/shapes.ts';
import { openBlock } from './itemReader.ts';
import {
  type KeywordDraft,
  keyName,
  keywordVariables,
  PLAY_KEYWORDS,
  readKeyword,
  reportUnknownKey,
} from './keywords.ts';
import type { Block, Item, Keywords, Play, PlayOptions, Variables } from './model.ts';
import { readRoleEntry } from './roleEntry.ts';
import type { RoleUses } from './roleUses.ts';
import type { ItemPlace } from './session.ts';

/** Keywords that `import_playbook` lays on the plays that it brings. */
export type Imposed = Pick<Keywords, 'when' | 'tags' | 'vars'>;

const OPTIONS = {
  fact_path: 'factPath',
  force_handlers: 'forceHandlers',
  gather_facts: 'gatherFacts',
  gather_subset: 'gatherSubset',
  gather_timeout: 'gatherTimeout',
  max_fail_percentage: 'maxFailPercentage',
  order: 'order',
  serial: 'serial',
  strategy: 'strategy',
} as const satisfies Record<string, keyof PlayOptions>;

const SECTIONS = {
  pre_tasks: 'preTasks',
  tasks: 'tasks',
  post_tasks: 'postTasks',
} as const;

const OTHER_KEYS = ['name', 'hosts', 'roles', 'handlers', 'vars_files', 'vars_prompt', 'user'];

const PROMPT_KEYS: readonly string[] = [
  'name',
  'prompt',
  'default',
  'private',
  'confirm',
  'encrypt',
  'salt',
  'salt_size',
  'unsafe',
];

/** Every key that a play may have. */
export const PLAY_KEYS: readonly string[] = [
  ...Object.keys(PLAY_KEYWORDS),
  ...Object.keys(OPTIONS),
  ...Object.keys(SECTIONS),
  ...OTHER_KEYS,
];

/** The keywords of a play, read before its tasks: imports in them use its variables. */
export interface PlayHead {
  readonly keywords: Keywords;
  readonly variables: Variables;
  readonly collections: readonly string[];
}

export function readPlayHead(mapping: MappingNode, imposed: Imposed, problems: Problems): PlayHead {
  const keywords: KeywordDraft = {};
  for (const entry of mapping.entries) readHeadEntry(entry, keywords, problems);
  impose(keywords, imposed);
  return {
    keywords,
    variables: keywords.vars ?? new Map(),
    collections: (keywords.collections ?? []).flatMap((node) =>
      node.kind === 'scalar' ? [textOfScalar(node.value)] : [],
    ),
  };
}

function readHeadEntry(entry: MappingEntry, keywords: KeywordDraft, problems: Problems): void {
  const name = keyName(entry.key);
  if (name in OPTIONS || name in SECTIONS) return;
  if (name === 'user') {
    problems.deprecate(
      '"user" is an old spelling',
      entry.key.source,
      'write "remote_user" instead',
    );
    keywords.remoteUser = entry.value;
    return;
  }
  if (OTHER_KEYS.includes(name)) return;
  if (readKeyword(PLAY_KEYWORDS, entry, keywords, problems)) return;
  reportUnknownKey(entry.key, 'a play', [...PLAY_KEYS, 'import_playbook'], problems);
}

function impose(keywords: KeywordDraft, { when, tags, vars }: Imposed): void {
  if (when !== undefined) keywords.when = when;
  if (tags !== undefined) keywords.tags = [...(keywords.tags ?? []), ...tags];
  if (vars !== undefined) keywords.vars = new Map([...(keywords.vars ?? []), ...vars]);
}

/** @returns undefined after noting that there are no hosts. */
export function readPlay(
  mapping: MappingNode,
  head: PlayHead,
  uses: RoleUses,
  problems: Problems,
): Play | undefined {
  const hosts = entryOf(mapping, 'hosts');
  if (hosts === undefined || isNull(hosts)) {
    const hint = 'add "hosts:" with a group, a host or "all"';
    problems.error('DROVER_PLAY_HOSTS', 'this play has no hosts', mapping.source, hint);
  } else if (hosts.kind === 'mapping') {
    new Shapes(problems).wrong(hosts, '"hosts"', 'a pattern or a list of patterns');
  }
  const reader = new PlaySections(mapping, uses, problems);
  const name = entryOf(mapping, 'name');
  const play = {
    ...(name?.kind === 'scalar' && name.value !== null ? { name } : {}),
    file: mapping.source.file,
    keywords: head.keywords,
    options: optionsOf(mapping),
    varsFiles: reader.list('vars_files'),
    varsPrompt: reader.prompts(),
    preTasks: reader.tasks('pre_tasks'),
    roles: reader.roles(),
    tasks: reader.tasks('tasks'),
    postTasks: reader.tasks('post_tasks'),
    handlers: reader.handlers(),
    source: mapping.source,
  };
  return hosts === undefined ? undefined : { ...play, hosts };
}

function optionsOf(mapping: MappingNode): PlayOptions {
  const options: { -readonly [K in keyof PlayOptions]: Node } = {};
  for (const { key, value } of mapping.entries) {
    const option = Object.entries(OPTIONS).find(([name]) => name === key.value)?.[1];
    if (option !== undefined && !isNull(value)) options[option] = value;
  }
  return options;
}

class PlaySections {
  readonly #mapping: MappingNode;
  readonly #uses: RoleUses;
  readonly #problems: Problems;

  constructor(mapping: MappingNode, uses: RoleUses, problems: Problems) {
    this.#mapping = mapping;
    this.#uses = uses;
    this.#problems = problems;
  }

  list(key: string): readonly Node[] {
    const node = entryOf(this.#mapping, key);
    return node === undefined ? [] : listed(node);
  }

  prompts(): readonly MappingNode[] {
    const shapes = new Shapes(this.#problems);
    const entries = this.list('vars_prompt').flatMap(
      (item) => shapes.mapping(item, 'a "vars_prompt"') ?? [],
    );
    for (const { key } of entries.flatMap((entry) => entry.entries)) this.#promptKey(key);
    return entries;
  }

  #promptKey(key: ScalarNode): void {
    const name = String(key.value);
    if (PROMPT_KEYS.includes(name)) return;
    const message = `Invalid vars_prompt data structure, found unsupported key '${name}'`;
    const hint = didYouMean(name, PROMPT_KEYS) ?? `known are ${PROMPT_KEYS.join(', ')}`;
    this.#problems.error('DROVER_UNKNOWN_KEYWORD', message, key.source, hint);
  }

  tasks(key: keyof typeof SECTIONS): Block {
    const node = entryOf(this.#mapping, key);
    const section = openBlock('section', {}, undefined, node?.source ?? this.#mapping.source);
    if (node !== undefined) section.block.push(...this.#items(node, key, section, false));
    return section;
  }

  roles(): Block {
    const node = entryOf(this.#mapping, 'roles');
    const section = openBlock('section', {}, undefined, node?.source ?? this.#mapping.source);
    if (node === undefined || isNull(node)) return section;
    const place = { parent: section, isHandler: false, openFiles: [] };
    const items = new Shapes(this.#problems).sequence(node, '"roles"')?.items ?? [];
    section.block.push(...items.flatMap((item) => this.#role(item, place) ?? []));
    return section;
  }

  handlers(): readonly Item[] {
    const node = entryOf(this.#mapping, 'handlers');
    return node === undefined ? [] : this.#items(node, 'handlers', undefined, true);
  }

  #role(item: Node, place: ItemPlace): Block | undefined {
    const entry = this.#problems.attempt(() => readRoleEntry(item, this.#problems));
    return entry && this.#uses.useEntry(entry, place);
  }

  #items(node: Node, key: string, parent: Block | undefined, isHandler: boolean): Item[] {
    return this.#uses.items.readList(node, `"${key}"`, { parent, isHandler, openFiles: [] });
  }
}

/** What an `import_playbook` lays on its plays. */
export function imposedBy(mapping: MappingNode, outer: Imposed, problems: Problems): Imposed {
  const draft: KeywordDraft = {};
  for (const { key, value } of mapping.entries) {
    if (key.value === 'when') draft.when = listed(value);
    else if (key.value === 'vars') draft.vars = keywordVariables(value, problems);
    else if (key.value === 'tags') readKeyword(PLAY_KEYWORDS, { key, value }, draft, problems);
  }
  return {
    when: [...(outer.when ?? []), ...(draft.when ?? [])],
    tags: [...(outer.tags ?? []), ...(draft.tags ?? [])],
    vars: new Map([...(draft.vars ?? []), ...(outer.vars ?? [])]),
  };
}

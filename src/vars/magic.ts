/** The magic variables of Ansible's documentation ("Special variables"): what the run itself knows. */
import path from 'node:path';
import type { Value } from '../core/values.ts';
import type { Block, Play, RoleUse, Task } from '../playbook/model.ts';
import { enclosingBlocks } from '../playbook/searchPath.ts';

/** What never changes during a run. */
export interface RunFacts {
  readonly checkMode: boolean;
  readonly diffMode: boolean;
  readonly verbosity: number;
  readonly forks: number;
  readonly version: string;
  readonly limit: string | undefined;
  readonly runTags: readonly string[];
  readonly skipTags: readonly string[];
  readonly inventorySources: readonly string[];
  readonly configFile: string | undefined;
  /** Directory of the playbook that runs now, absolute. */
  readonly playbookDir: () => string;
}

/** The version of Ansible's language that drover follows; roles ask for it with `is version`. */
const LANGUAGE = { full: '2.19.0', major: 2, minor: 19, revision: 0 };

export function runMagic(run: RunFacts): Record<string, () => Value | undefined> {
  return {
    ansible_check_mode: () => run.checkMode,
    ansible_diff_mode: () => run.diffMode,
    ansible_verbosity: () => run.verbosity,
    ansible_forks: () => run.forks,
    ansible_limit: () => run.limit,
    ansible_run_tags: () => (run.runTags.length === 0 ? ['all'] : [...run.runTags]),
    ansible_skip_tags: () => [...run.skipTags],
    ansible_inventory_sources: () => [...run.inventorySources],
    ansible_config_file: () => run.configFile ?? null,
    ansible_version: languageVersion,
    ansible_playbook_python: () => '/usr/bin/python3',
    drover_version: () => run.version,
    playbook_dir: run.playbookDir,
  };
}

function languageVersion(): Value {
  const { full, major, minor, revision } = LANGUAGE;
  return new Map<Value, Value>([
    ['full', full],
    ['string', full],
    ['major', major],
    ['minor', minor],
    ['revision', revision],
  ]);
}

/** Hosts of the play as it goes; the lists shrink when hosts fail. */
export interface PlayHosts {
  /** Those that the pattern names, in the order of the inventory. */
  readonly all: readonly string[];
  readonly batch: readonly string[];
  /** Those that failed, got lost or left the play so far, in earlier plays and batches too. */
  readonly gone: () => ReadonlySet<string>;
}

export function playMagic(
  play: Play,
  name: string,
  hosts: PlayHosts,
  roles: readonly RoleUse[],
): Record<string, () => Value | undefined> {
  const without = (names: readonly string[], gone: ReadonlySet<string>) =>
    names.filter((host) => !gone.has(host));
  const active = () => without(hosts.all, hosts.gone());
  const direct = () => directRoles(play.roles, roles);
  return {
    ansible_play_name: () => name,
    ansible_play_hosts: active,
    play_hosts: active,
    ansible_play_hosts_all: () => [...hosts.all],
    ansible_play_batch: () => without(hosts.batch, hosts.gone()),
    ansible_play_role_names: direct,
    ansible_role_names: () => [...new Set(roles.map((use) => use.role.name))],
    role_names: direct,
    ansible_dependent_role_names: () => dependencies(play.roles),
  };
}

/** Names of the entries of `roles:` and of what `import_role` imports, without what they depend on. */
function directRoles({ block }: Block, uses: readonly RoleUse[]): string[] {
  const imported = uses.filter(({ usedBy }) => usedBy === 'import').map(({ role }) => role.name);
  const names = block.flatMap((item) =>
    item.kind === 'block' && item.role !== undefined ? [item.role.role.name] : [],
  );
  return [...new Set([...names, ...imported])];
}

function dependencies(roles: Block): string[] {
  const names = new Set<string>();
  for (const use of roles.block) if (use.kind === 'block') collectDependencies(use, names);
  return [...names];
}

function collectDependencies(block: Block, names: Set<string>): void {
  for (const item of block.block) {
    if (item.kind !== 'block' || item.role === undefined) continue;
    names.add(item.role.role.name);
    collectDependencies(item, names);
  }
}

/** What depends on where a task stands. */
export function taskMagic(
  task: Task,
  searchPath: () => readonly string[],
): Record<string, () => Value | undefined> {
  const uses = [...enclosingBlocks(task)].flatMap((block) => block.role ?? []);
  const [use] = uses;
  const parents = parentsAmong(uses);
  const base: Record<string, () => Value | undefined> = {
    ansible_search_path: () => [...searchPath()],
  };
  if (use === undefined) return base;
  return {
    ...base,
    role_name: () => shortName(use.role.name),
    role_path: () => use.role.path,
    role_uuid: () => `${use.source.file}:${use.source.line}`,
    ansible_role_name: () => use.role.name,
    ansible_collection_name: () => collectionOf(use.role.name),
    ...(parents.length === 0 ? {} : parentMagic(parents)),
  };
}

/** The roles that included this one, nearest first. A role that the play or a dependency names has none. */
function parentsAmong(uses: readonly RoleUse[]): readonly RoleUse[] {
  const named = uses.findIndex((use) => use.usedBy === 'entry');
  return uses.slice(1, named < 0 ? undefined : named + 1);
}

function parentMagic(parents: readonly RoleUse[]): Record<string, () => Value> {
  return {
    ansible_parent_role_names: () => parents.map((parent) => parent.role.name),
    ansible_parent_role_paths: () => parents.map((parent) => parent.role.path),
  };
}

function shortName(name: string): string {
  return name.split('.').at(-1) ?? name;
}

function collectionOf(name: string): string | undefined {
  const parts = name.split('.');
  return parts.length === 3 ? parts.slice(0, 2).join('.') : undefined;
}

export function hostMagic(
  host: string,
  inventory: {
    groupsOf(host: string): readonly string[];
    sourceOf(host: string): string | undefined;
  },
): Record<string, () => Value | undefined> {
  const file = inventory.sourceOf(host);
  return {
    inventory_hostname: () => host,
    inventory_hostname_short: () => host.split('.')[0],
    group_names: () => inventory.groupsOf(host).filter((group) => group !== 'all'),
    inventory_file: () => file ?? null,
    inventory_dir: () => (file === undefined ? null : path.dirname(file)),
  };
}

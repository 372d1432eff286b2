/** All settings as a list, for those who show them or ask for one by name. */
import { DESCRIPTIONS } from './descriptions.ts';
import type { Kind } from './kinds.ts';
import type { Setting, Settings } from './settings.ts';
import { type Definition, SETTINGS } from './table.ts';

export interface CatalogEntry {
  /** As `drover.yml` has it. */
  readonly name: string;
  readonly description: string;
  readonly kind: Kind;
  /** `section.key` of `ansible.cfg`. */
  readonly keys: readonly string[];
  /** Environment variables, in the order in which they win. */
  readonly environment: readonly string[];
  readonly default: unknown;
  readonly setting: Setting<unknown>;
}

/** Constants of Ansible that are called neither as their environment variable nor `DEFAULT_…` of it. */
const CONSTANTS: Readonly<Record<string, string>> = {
  ANSIBLE_FORCE_COLOR: 'FORCE_COLOR',
  ANSIBLE_NOCOLOR: 'NOCOLOR',
  DEFAULT_HOST_LIST: 'INVENTORY',
  DEFAULT_MANAGED_STR: 'MANAGED_STR',
  DEFAULT_MODULE_PATH: 'LIBRARY',
  DEFAULT_UNDEFINED_VAR_BEHAVIOR: 'ERROR_ON_UNDEFINED_VARS',
  INJECT_FACTS_AS_VARS: 'INJECT_FACT_VARS',
  TAGS_RUN: 'RUN_TAGS',
  TAGS_SKIP: 'SKIP_TAGS',
};

/** Every setting with its value, by name. */
export function catalog(settings: Settings): readonly CatalogEntry[] {
  const entries = Object.entries(SETTINGS).flatMap(([group, definitions]) =>
    Object.entries<Definition<unknown>>(definitions).map(([key, definition]) =>
      entryOf(definition, textIn(DESCRIPTIONS, group, key), settingIn(settings, group, key)),
    ),
  );
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * A setting by any of its names: that of `drover.yml`, `section.key`, an environment variable, or Ansible's constant
 * (`DEFAULT_ROLES_PATH`), which is what the `config` lookup takes.
 */
export function findSetting(settings: Settings, name: string): CatalogEntry | undefined {
  const wanted = CONSTANTS[name] ?? name.replace(/^(?:DEFAULT|ANSIBLE|DROVER)_/, '');
  return catalog(settings).find(
    (entry) =>
      entry.name === name ||
      entry.keys.includes(name) ||
      entry.environment.some((variable) => variable === name || bare(variable) === wanted),
  );
}

function entryOf(
  { keys, env, kind, default: fallback }: Definition<unknown>,
  description: string,
  setting: Setting<unknown>,
): CatalogEntry {
  const [first = ''] = keys;
  return {
    name: first.slice(first.indexOf('.') + 1),
    description,
    kind,
    keys,
    environment: [...env.map((name) => `DROVER_${name}`), ...env.map((name) => `ANSIBLE_${name}`)],
    default: fallback,
    setting,
  };
}

function bare(variable: string): string {
  return variable.replace(/^(?:ANSIBLE|DROVER)_/, '');
}

type Groups<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

function settingIn(groups: Groups<Setting<unknown>>, group: string, key: string): Setting<unknown> {
  const setting = groups[group]?.[key];
  if (setting === undefined) throw new Error(`no setting ${group}.${key}`);
  return setting;
}

function textIn(groups: Groups<string>, group: string, key: string): string {
  return groups[group]?.[key] ?? '';
}

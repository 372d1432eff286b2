/**
 * Settings, each with its origin. Flags win over `DROVER_*`, these over `ANSIBLE_*`, then `drover.yml`, then
 * `ansible.cfg`, then the defaults.
 */
import { join } from 'node:path';
import { type DroverError, LoadError, type Warning } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import { type FileSystem, nodeFiles } from '../source/files.ts';
import { Problems } from '../source/problems.ts';
import { readConfigFile, type WrittenSetting } from './files.ts';
import { convert, type Kind } from './kinds.ts';
import { ACCEPTED_KEYS, type Definition, type Definitions, SETTINGS } from './table.ts';

export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly source: Source };

export interface Setting<T> {
  readonly value: T;
  readonly origin: Origin;
}

type ValueOf<D> = D extends Definition<infer T> ? T : never;

/** By group and name: `settings.connection.remoteUser.value`. */
export type Settings = {
  readonly [G in keyof Definitions]: {
    readonly [N in keyof Definitions[G]]: Setting<ValueOf<Definitions[G][N]>>;
  };
};

/** Values given by flags, by group and name as in `Settings`; what is left out was not given. */
export type Flags = {
  readonly [G in keyof Definitions]?: {
    readonly [N in keyof Definitions[G]]?: ValueOf<Definitions[G][N]> | undefined;
  };
};

export interface SettingsOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The user's home directory. */
  readonly home: string;
  readonly flags?: Flags;
  readonly files?: FileSystem;
}

export interface LoadedSettings {
  readonly settings: Settings;
  /** The file that was read, for `ansible_config_file`; `drover.yml` goes before `ansible.cfg`. */
  readonly configFile: string | undefined;
  /** Keys that mean nothing here, to be listed with `-v`. */
  readonly unknownKeys: readonly WrittenSetting[];
  readonly errors: readonly DroverError[];
  readonly warnings: readonly Warning[];
}

/** Never throws for wrong content: that is in `errors`, and the default holds. */
export function loadSettings(options: SettingsOptions): LoadedSettings {
  const problems = new Problems();
  const files = options.files ?? nodeFiles;
  const paths = configPaths(options, files, problems);
  const written = paths.flatMap(
    (path) => problems.attempt(() => readConfigFile(path, files, problems)) ?? [],
  );
  const resolver = new Resolver(options, written, problems);
  return {
    settings: resolver.all(),
    configFile: paths[0],
    unknownKeys: written.filter((setting) => !isKnown(setting)),
    errors: problems.errors,
    warnings: problems.warnings,
  };
}

/** The files that count: the first `drover.yml`, then the first `ansible.cfg` of Ansible's search order. */
function configPaths(options: SettingsOptions, files: FileSystem, problems: Problems): string[] {
  const { env, cwd, home } = options;
  const here = isUntrusted(options, files, problems) ? [] : [cwd];
  const own = [
    env['DROVER_CONFIG'],
    ...here.map((dir) => join(dir, 'drover.yml')),
    join(home, '.drover.yml'),
  ];
  const ansible = [
    env['ANSIBLE_CONFIG'],
    ...here.map((dir) => join(dir, 'ansible.cfg')),
    join(home, '.ansible.cfg'),
    '/etc/ansible/ansible.cfg',
  ];
  return [own, ansible].flatMap((paths) => firstFile(paths, cwd, files) ?? []);
}

function firstFile(
  paths: readonly (string | undefined)[],
  cwd: string,
  files: FileSystem,
): string | undefined {
  for (const path of paths) {
    if (path === undefined || path === '') continue;
    const full = path.startsWith('/') ? path : join(cwd, path);
    if (files.kind(full) === 'file') return full;
    if (files.kind(full) === 'directory' && files.kind(join(full, 'ansible.cfg')) === 'file') {
      return join(full, 'ansible.cfg');
    }
  }
  return undefined;
}

/** A directory that everybody may write to could hold somebody else's settings. */
function isUntrusted({ cwd }: SettingsOptions, files: FileSystem, problems: Problems): boolean {
  const names = ['drover.yml', 'ansible.cfg'].filter(
    (name) => files.kind(join(cwd, name)) === 'file',
  );
  if (names.length === 0 || !files.isWorldWritable(cwd)) return false;
  problems.warn(
    `${names.join(' and ')} in ${cwd} is not read: everybody may write to that directory`,
    undefined,
    'take the right to write from others, or name the file in ANSIBLE_CONFIG',
  );
  return true;
}

function isKnown({ section, key }: WrittenSetting): boolean {
  if (ACCEPTED_KEYS.has(key) || key.endsWith('_plugins')) return true;
  return definitions().some(({ keys }) => keys.some((known) => isKey(known, section, key)));
}

function definitions(): readonly Definition<unknown>[] {
  return Object.values(SETTINGS).flatMap((group) => Object.values<Definition<unknown>>(group));
}

/** `section` is undefined in `drover.yml`, where the key alone tells. */
function isKey(known: string, section: string | undefined, key: string): boolean {
  const [wantedSection, wantedKey] = known.split('.');
  return wantedKey === key && (section === undefined || section === wantedSection);
}

class Resolver {
  readonly #options: SettingsOptions;
  readonly #written: readonly WrittenSetting[];
  readonly #problems: Problems;

  constructor(options: SettingsOptions, written: readonly WrittenSetting[], problems: Problems) {
    this.#options = options;
    this.#written = written;
    this.#problems = problems;
  }

  all(): Settings {
    const groups = Object.entries(SETTINGS).map(([group, definitions]) => {
      const flags: Readonly<Record<string, unknown>> =
        this.#options.flags?.[group as keyof Flags] ?? {};
      const settings = Object.entries<Definition<unknown>>(definitions).map(
        ([name, definition]) => [name, this.#one(name, definition, flags[name])] as const,
      );
      return [group, Object.fromEntries(settings)] as const;
    });
    return Object.fromEntries(groups) as Settings;
  }

  #one(name: string, definition: Definition<unknown>, flag: unknown): Setting<unknown> {
    if (flag !== undefined) return { value: flag, origin: { kind: 'flag', name } };
    const found =
      this.#problems.attempt(() => this.#fromEnvironment(definition)) ??
      this.#problems.attempt(() => this.#fromFile(definition));
    if (found !== undefined) return found;
    const value = this.#expanded(definition.default, definition.kind);
    return { value, origin: { kind: 'default' } };
  }

  /** @throws LoadError when the value is none of its kind. */
  #fromEnvironment({ kind, env }: Definition<unknown>): Setting<unknown> | undefined {
    const names = ['DROVER_', 'ANSIBLE_'].flatMap((prefix) => env.map((name) => prefix + name));
    for (const name of [...names, ...env.filter((each) => each === 'NO_COLOR')]) {
      const text = this.#options.env[name];
      if (text === undefined || text === '') continue;
      const place = { what: `the environment variable ${name}`, baseDir: this.#options.cwd };
      const written = name === 'NO_COLOR' ? 'yes' : text;
      return { value: this.#convert(kind, written, place), origin: { kind: 'environment', name } };
    }
    return undefined;
  }

  /** @throws LoadError when the value is none of its kind. */
  #fromFile({ kind, keys }: Definition<unknown>): Setting<unknown> | undefined {
    const found = this.#written.find(({ section, key }) =>
      keys.some((known) => isKey(known, section, key)),
    );
    if (found === undefined) return undefined;
    const { key, source, baseDir } = found;
    const place = { what: `"${key}"`, baseDir, source };
    return { value: this.#convert(kind, found.value, place), origin: { kind: 'file', source } };
  }

  #convert(
    kind: Kind,
    value: string | readonly string[],
    place: { what: string; baseDir: string; source?: Source },
  ): unknown {
    const converted = convert(kind, value, { ...this.#options, baseDir: place.baseDir });
    if (converted.isFit) return converted.value;
    throw new LoadError(`${place.what} must be ${converted.wanted}, not "${value}"`, {
      code: 'DROVER_SETTING',
      source: place.source,
    });
  }

  #expanded(value: unknown, kind: Kind): unknown {
    const isPaths = kind === 'path' || kind === 'paths' || kind === 'sources';
    const isText = typeof value === 'string' || Array.isArray(value);
    if (!isPaths || !isText) return value;
    return this.#convert(kind, value, { what: 'a default', baseDir: this.#options.cwd });
  }
}

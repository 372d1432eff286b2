/** `drover config`: the settings there are, the values they have, and where each value comes from. */
import { Option } from 'commander';
import { type CatalogEntry, catalog, findSetting } from '../config/catalog.ts';
import type { Kind } from '../config/kinds.ts';
import type { Origin } from '../config/settings.ts';
import { LoadError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { formatSource } from '../core/source.ts';
import { fromPlain } from '../core/values.ts';
import { pythonJson } from '../template/filters/json.ts';
import { pythonYaml } from '../template/filters/yamlWriter.ts';
import type { DefineCommand } from './command.ts';
import { settingsOf } from './runSettings.ts';
import { EXIT, type World } from './world.ts';

type Format = 'text' | 'json' | 'yaml';

interface ConfigFlags {
  readonly format: Format;
  readonly onlyChanged?: boolean;
}

export const defineConfig: DefineCommand = (command, { world, exit }) => {
  const print = (text: string) => {
    world.stdout.write(text);
    exit(EXIT.ok);
  };
  command
    .command('list')
    .description('every setting: what it is for, where it can be set, and its default')
    .addOption(formatOption())
    .action(({ format }: ConfigFlags) => print(listed(entriesOf(world), format)));
  command
    .command('dump')
    .description('every setting with its value, and where that comes from')
    .option('--only-changed', 'only those that are set somewhere')
    .addOption(formatOption())
    .action((flags: ConfigFlags) => print(dumped(entriesOf(world), flags)));
  command
    .command('get')
    .description('one setting, by its name in a file, in the environment, or in Ansible')
    .argument('<name>')
    .addOption(formatOption())
    .action((name: string, { format }: ConfigFlags) => print(got(name, format, world)));
};

function formatOption(): Option {
  return new Option('-f, --format <format>', 'how to print it')
    .choices(['text', 'json', 'yaml'])
    .default('text');
}

function entriesOf(world: World): readonly CatalogEntry[] {
  return catalog(settingsOf({}, world).settings);
}

function listed(entries: readonly CatalogEntry[], format: Format): string {
  if (format === 'text') return entries.map(descriptionOf).join('\n');
  return structured(
    entries.map(({ name, description, kind, keys, environment, default: fallback }) => {
      const type = typeof kind === 'string' ? kind : 'choice';
      const choices = typeof kind === 'string' ? undefined : kind.choices;
      return { name, description, type, choices, default: fallback, ini: keys, environment };
    }),
    format,
  );
}

function descriptionOf(entry: CatalogEntry): string {
  const { name, description, kind, keys, environment } = entry;
  return `${[
    `${name} (${kindText(kind)})`,
    `  ${description}`,
    `  default: ${shown(entry.default)}`,
    `  ansible.cfg: ${keys.map((key) => `[${key.replace('.', '] ')}`).join(', ')}`,
    `  environment: ${environment.join(', ')}`,
  ].join('\n')}\n`;
}

function kindText(kind: Kind): string {
  return typeof kind === 'string' ? kind : kind.choices.join('|');
}

function dumped(entries: readonly CatalogEntry[], { onlyChanged, format }: ConfigFlags): string {
  const isShown = ({ setting }: CatalogEntry) =>
    onlyChanged !== true || setting.origin.kind !== 'default';
  const kept = entries.filter(isShown);
  if (format !== 'text') return structured(kept.map(valueAndOrigin), format);
  return kept.map((entry) => `${lineOf(entry)}\n`).join('');
}

/** @throws LoadError for a name that no setting has. */
function got(name: string, format: Format, world: World): string {
  const { settings } = settingsOf({}, world);
  const entry = findSetting(settings, name);
  if (entry === undefined) {
    throw new LoadError(`no setting "${name}"`, {
      code: 'DROVER_UNKNOWN_SETTING',
      hint:
        didYouMean(
          name,
          catalog(settings).map((each) => each.name),
        ) ?? 'drover config list shows all',
    });
  }
  return format === 'text' ? `${lineOf(entry)}\n` : structured(valueAndOrigin(entry), format);
}

function lineOf({ name, setting }: CatalogEntry): string {
  return `${name}(${originText(setting.origin)}) = ${shown(setting.value)}`;
}

function valueAndOrigin({ name, setting }: CatalogEntry) {
  return { name, value: setting.value, origin: originText(setting.origin) };
}

function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'flag':
      return `flag: ${origin.name}`;
    case 'environment':
      return `env: ${origin.name}`;
    case 'file':
      return formatSource(origin.source);
    default:
      return origin satisfies never;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return '(none)';
  return Array.isArray(value) ? JSON.stringify(value) : String(value);
}

function structured(data: unknown, format: 'json' | 'yaml'): string {
  const value = fromPlain(data);
  if (format === 'json') return `${pythonJson(value, { indent: 4, ensureAscii: false })}\n`;
  return pythonYaml(value, { indent: 2, flow: false, sortKeys: false, width: 80 });
}

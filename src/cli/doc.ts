/** `drover doc`: the modules there are and what they take, and the names of filters, tests and lookups. */
import { type Command, Option } from 'commander';
import { LoadError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { builtinModules } from '../modules/builtin.ts';
import { type ModuleDoc, moduleDoc } from '../modules/documentation.ts';
import { loadAll } from '../modules/listed.ts';
import { Registry } from '../modules/registry.ts';
import { createTemplateEngine } from '../template/create.ts';
import type { DefineCommand } from './command.ts';
import { indexPage, modulePage } from './doc/markdown.ts';
import { ProjectDocs } from './doc/project.ts';
import { moduleText } from './doc/text.ts';
import { usageError } from './usageError.ts';
import { EXIT, type World } from './world.ts';

type Kind = 'module' | 'filter' | 'test' | 'lookup';
type Format = 'text' | 'markdown' | 'json';

interface DocFlags {
  readonly list?: boolean;
  readonly type: Kind;
  readonly format: Format;
}

export const defineDoc: DefineCommand = (command, { world, exit }) => {
  addFlags(command).action(async (names: string[], flags: DocFlags) => {
    world.stdout.write(await answer(names, flags, world));
    exit(EXIT.ok);
  });
};

function addFlags(command: Command): Command {
  return command
    .argument('[name...]', 'modules, by any of their names')
    .option('-l, --list', 'list all there are (with names: those that contain one of them)')
    .addOption(
      new Option('-t, --type <kind>', 'what to list')
        .choices(['module', 'filter', 'test', 'lookup'])
        .default('module'),
    )
    .addOption(
      new Option('-f, --format <format>', 'how to print it')
        .choices(['text', 'markdown', 'json'])
        .default('text'),
    );
}

async function answer(names: readonly string[], flags: DocFlags, world: World): Promise<string> {
  const { list, type, format } = flags;
  const registry = new Registry(builtinModules);
  if (list === true || type !== 'module') {
    return type === 'module'
      ? await moduleList(registry, names, format)
      : pluginList(type, names, format);
  }
  if (names.length === 0)
    throw usageError('name a module', 'drover doc --list shows the modules there are');
  const project = new ProjectDocs(registry, world);
  const docs = await Promise.all(
    names.map(async (name) => (await project.find(name)) ?? documented(registry, name)),
  );
  switch (format) {
    case 'json':
      return `${JSON.stringify(docs, undefined, 2)}\n`;
    case 'markdown':
      return docs.map(modulePage).join('\n');
    case 'text':
      return docs.map((doc) => moduleText(doc, world.stdout.columns)).join('\n\n');
    default:
      return format satisfies never;
  }
}

/** @throws LoadError that says where else the name is known. */
async function documented(registry: Registry, name: string): Promise<ModuleDoc> {
  const module = await registry.find(name)?.load();
  if (module !== undefined) return moduleDoc(module);
  const kind = (['filter', 'test', 'lookup'] as const).find((each) =>
    pluginNames(each).includes(name),
  );
  const near =
    didYouMean(name, registry.names()) ?? 'drover doc --list shows the modules there are';
  throw new LoadError(`no module "${name}"`, {
    code: 'DROVER_UNKNOWN_MODULE',
    hint: kind === undefined ? near : `"${name}" is a ${kind}`,
  });
}

async function moduleList(
  registry: Registry,
  parts: readonly string[],
  format: Format,
): Promise<string> {
  const listed = registry.all().filter(({ name }) => matches(name, parts));
  const docs = (await loadAll(listed)).map(moduleDoc);
  if (format === 'markdown') return indexPage(docs);
  if (format === 'json') {
    const list = docs.map(({ name, fullName, summary }) => ({ name, fullName, summary }));
    return `${JSON.stringify(list, undefined, 2)}\n`;
  }
  const width = Math.max(0, ...docs.map(({ name }) => name.length));
  return docs.map(({ name, summary }) => `${name.padEnd(width)}  ${summary}\n`).join('');
}

function pluginList(
  kind: Exclude<Kind, 'module'>,
  parts: readonly string[],
  format: Format,
): string {
  const names = pluginNames(kind).filter((name) => matches(name, parts));
  if (format === 'json') return `${JSON.stringify(names, undefined, 2)}\n`;
  const line =
    format === 'markdown' ? (name: string) => `- \`${name}\`\n` : (name: string) => `${name}\n`;
  return names.map(line).join('');
}

/** Names under which templates find it, without the collections'. */
function pluginNames(kind: Exclude<Kind, 'module'>): readonly string[] {
  const { filters, tests, lookups } = createTemplateEngine();
  const tables = { filter: filters, test: tests, lookup: lookups };
  return [...tables[kind].keys()].filter((name) => !name.includes('.')).sort();
}

function matches(name: string, parts: readonly string[]): boolean {
  return parts.length === 0 || parts.some((part) => name.includes(part));
}

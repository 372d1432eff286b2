/** A catalog's directory, read into plain data. The layout is that of Rancher's catalog repositories (rancher.md B10). */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { asFields, asList, type Fields, type Json } from '../model/json.ts';

export interface TemplateVersion {
  readonly revision: number;
  /** Path below the version's folder → content. */
  readonly files: Readonly<Record<string, string>>;
  /** The `catalog:` block of rancher-compose.yml. */
  readonly catalog: Fields;
}

export interface Template {
  readonly catalog: string;
  /** `templates`, `infra-templates`, …: what stands before `-templates` is the base. */
  readonly base: string;
  readonly folder: string;
  readonly config: Fields;
  readonly readme: string | undefined;
  /** By ascending revision; never empty. */
  readonly versions: readonly TemplateVersion[];
}

export interface LoadedCatalog {
  readonly name: string;
  readonly templates: readonly Template[];
}

/** One catalog for each folder of `directory`. */
export async function loadCatalogs(directory: string): Promise<readonly LoadedCatalog[]> {
  const names = await folders(directory);
  return Promise.all(
    names.map(async (name) => ({ name, templates: await templatesOf(directory, name) })),
  );
}

async function templatesOf(directory: string, catalog: string): Promise<readonly Template[]> {
  const root = join(directory, catalog);
  const bases = (await folders(root)).filter((name) => /^(?:\w+-)?templates$/.test(name));
  const found: Template[] = [];
  for (const base of bases) {
    for (const folder of await folders(join(root, base))) {
      const template = await readTemplate(catalog, base, folder, join(root, base, folder));
      if (template.versions.length > 0) found.push(template);
    }
  }
  return found;
}

async function readTemplate(
  catalog: string,
  base: string,
  folder: string,
  path: string,
): Promise<Template> {
  const revisions = (await folders(path)).filter((name) => /^\d+$/.test(name)).map(Number);
  const versions = await Promise.all(
    revisions
      .sort((a, b) => a - b)
      .map((revision) => readVersion(revision, join(path, String(revision)))),
  );
  return {
    catalog,
    base: base.replace(/-?templates$/, ''),
    folder,
    config: yamlFields(await textOf(join(path, 'config.yml'))),
    readme: await textOf(join(path, 'README.md')),
    versions,
  };
}

async function readVersion(revision: number, path: string): Promise<TemplateVersion> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.sort().map(async (file) => [relative(path, file), await readFile(file, 'utf8')] as const),
  );
  const byName = Object.fromEntries(files);
  const compose = yamlFields(byName['rancher-compose.yml']);
  return {
    revision,
    files: byName,
    catalog: asFields(compose['catalog'] ?? compose['.catalog']) ?? {},
  };
}

function yamlFields(text: string | undefined): Fields {
  const document: Json = text === undefined ? {} : parse(text);
  return asFields(document) ?? {};
}

/** Questions of a version, as the API shows them. */
export function questionsOf(version: TemplateVersion): readonly Json[] {
  return asList(version.catalog['questions']);
}

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

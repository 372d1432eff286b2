/**
 * A Python module with all that it imports of Ansible's library, its collections and the project's `module_utils/`, as one zip
 * that the host's Python runs. The host needs nothing but Python.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { importedNames } from './pythonImports.ts';

export interface PythonModule {
  /** `ansible.modules.NAME`, or `ansible_collections.NS.COLL.plugins.modules.NAME`. */
  readonly fullName: string;
  readonly text: string;
  /** Folders with the files that stand for `ansible.module_utils`, best first. */
  readonly utilityFolders: readonly string[];
  /** Folders that hold `ansible_collections/`. */
  readonly collectionRoots: readonly string[];
}

const UTILITIES = 'ansible.module_utils';
/** What every module runs with, whether it imports it or not. */
const ALWAYS = [`${UTILITIES}.basic`];

/**
 * Started with the path of a file of arguments. Modules find those in `basic`, and themselves by their full name.
 * `_ANSIBLE_PROFILE` is what later versions ask for.
 */
function mainProgram(fullName: string): string {
  return `import json, runpy, sys
from ansible.module_utils import basic
with open(sys.argv[1], 'rb') as arguments:
    values = json.loads(arguments.read().decode('utf-8'))
basic._ANSIBLE_ARGS = json.dumps({'ANSIBLE_MODULE_ARGS': values}).encode('utf-8')
basic._ANSIBLE_PROFILE = 'legacy'
sys.argv = sys.argv[:1]
runpy.run_module('${fullName}', init_globals={'_module_fqn': '${fullName}', '_modlib_path': sys.path[0]}, run_name='__main__', alter_sys=True)
`;
}

export function pythonPackage(module: PythonModule): Uint8Array {
  const files = new Map<string, string>([
    ['__main__.py', mainProgram(module.fullName)],
    [`${module.fullName.replaceAll('.', '/')}.py`, withOldImport(module.text)],
  ]);
  const open = [...ALWAYS, ...importsOf(module.text, parentOf(module.fullName))];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const each of withParents(name)) {
      if (seen.has(each)) continue;
      seen.add(each);
      const found = sourceOf(each, module);
      if (found === undefined) continue;
      files.set(found.path, found.text);
      open.push(...importsOf(found.text, found.isPackage ? each : parentOf(each)));
    }
  }
  return zipSync(Object.fromEntries(withPackages(files)), { level: 6, mtime: ZIP_TIME });
}

/** The same content gives the same bytes. */
const ZIP_TIME = new Date(1980, 0, 1);

function importsOf(text: string, packageName: string): Iterable<string> {
  return importedNames(text, packageName);
}

/** A mark of the first years, in place of imports. */
function withOldImport(text: string): string {
  return text.replace(
    /^#\s*<<INCLUDE_ANSIBLE_MODULE_COMMON>>/m,
    `from ${UTILITIES}.basic import *`,
  );
}

/** `a.b.c` → `a`, `a.b`, `a.b.c`: packages run their own code first. */
function withParents(name: string): string[] {
  const parts = name.split('.');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('.'));
}

function parentOf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}

interface PythonSource {
  /** In the zip. */
  readonly path: string;
  readonly text: string;
  readonly isPackage: boolean;
}

/** The file of a dotted name; undefined for what is no module but a name in one. */
function sourceOf(name: string, module: PythonModule): PythonSource | undefined {
  const path = name.replaceAll('.', '/');
  for (const place of placesOf(name, module)) {
    const asModule = textOf(`${place}.py`);
    if (asModule !== undefined) return { path: `${path}.py`, text: asModule, isPackage: false };
    const asPackage = textOf(join(place, '__init__.py'));
    if (asPackage !== undefined) {
      return { path: `${path}/__init__.py`, text: asPackage, isPackage: true };
    }
  }
  return undefined;
}

function placesOf(name: string, { utilityFolders, collectionRoots }: PythonModule): string[] {
  if (name.startsWith(`${UTILITIES}.`)) {
    const rest = name.slice(UTILITIES.length + 1).replaceAll('.', '/');
    return utilityFolders.map((folder) => join(folder, rest));
  }
  if (!name.startsWith('ansible_collections.')) return [];
  return collectionRoots.map((root) => join(root, name.replaceAll('.', '/')));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined;
    throw error;
  }
}

/** Every folder is a package, also where the library's own first file would load more than is packed. */
function* withPackages(files: ReadonlyMap<string, string>): Iterable<[string, Uint8Array]> {
  const folders = new Set<string>();
  for (const [path, text] of files) {
    yield [path, strToU8(text)];
    const parts = path.split('/').slice(0, -1);
    for (let end = parts.length; end > 0; end--) folders.add(parts.slice(0, end).join('/'));
  }
  for (const folder of folders) {
    const file = `${folder}/__init__.py`;
    if (!files.has(file)) yield [file, new Uint8Array()];
  }
}

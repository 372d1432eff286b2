/** The sources given with `-i` → an inventory: files, folders, scripts and lists of hosts. */
import { basename, dirname, extname, join, resolve } from 'node:path';
import { type DroverError, LoadError, type Warning } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import { type DecryptFile, Documents } from '../source/documents.ts';
import { type FileSystem, nodeFiles } from '../source/files.ts';
import { type MappingNode, type Node, nodeOfPlain } from '../source/node.ts';
import { Problems } from '../source/problems.ts';
import type { YamlOptions } from '../source/yaml.ts';
import { combineMerging, combineReplacing } from './combine.ts';
import { type InventoryTemplates, pluginOf, readConstructed } from './constructed.ts';
import { type GroupNamePolicy, GroupNames } from './groupNames.ts';
import { expandHosts } from './hostRange.ts';
import { readIni } from './iniSource.ts';
import { Inventory, type VarsBeside } from './inventory.ts';
import { warnOfOldNames } from './oldNames.ts';
import { type RunProgram, readScript } from './script.ts';
import { VarsFolders } from './varsFolders.ts';
import { readYamlInventory } from './yamlSource.ts';

export interface InventoryOptions {
  readonly files?: FileSystem;
  readonly cwd: string;
  readonly decrypt?: DecryptFile;
  /** Runs inventory scripts (`programRunner`); absent: scripts are errors. */
  readonly run?: RunProgram;
  /** Merge dicts of one name instead of replacing them (`hash_behaviour = merge`). */
  readonly mergesDicts?: boolean;
  readonly duplicateKeys?: YamlOptions['duplicateKeys'];
  /** `force_valid_group_names`; default `never`. */
  readonly groupNames?: GroupNamePolicy;
  /** Evaluates the expressions of `constructed` sources; absent: such sources are errors. */
  readonly templates?: InventoryTemplates;
  /** `-e`, for `use_extra_vars` of such sources. */
  readonly extraVars?: ReadonlyMap<string, Node>;
  /** Folders of playbooks, whose `group_vars/` and `host_vars/` count too. */
  readonly playbookDirs?: readonly string[];
}

export interface LoadedInventory {
  readonly inventory: Inventory;
  readonly errors: readonly DroverError[];
  readonly warnings: readonly Warning[];
}

/**
 * @param sources as given: paths, or lists of hosts with a comma (`web1,web2,` or `web[1:3],`). Later ones win.
 * Variables beside hosts and groups are read too, so that what is wrong in them shows now.
 */
export function loadInventory(
  sources: readonly string[],
  options: InventoryOptions,
): LoadedInventory {
  const { files = nodeFiles, decrypt, duplicateKeys = 'warn', mergesDicts = false } = options;
  const problems = new Problems();
  const documents = new Documents(files, decrypt, { duplicateKeys });
  const combine = mergesDicts ? combineMerging : combineReplacing;
  const groupNames = new GroupNames(options.groupNames ?? 'never');
  const inventory = new Inventory(combine, groupNames);
  const varsIn = (folders: readonly string[]) =>
    new VarsFolders(folders, { files, documents, problems, combine });
  const reader = new SourceReader(
    { inventory, documents, problems, varsIn },
    { ...options, files },
  );
  for (const source of sources) problems.attempt(() => reader.source(source));
  const playbookDirs = (options.playbookDirs ?? []).map((folder) => resolve(options.cwd, folder));
  inventory.setVarsBeside(varsIn(reader.folders), varsIn(playbookDirs));
  for (const host of inventory.hostNames) inventory.variablesOf(host);
  warnOfOldNames(inventory, problems);
  groupNames.warn(problems);
  return { inventory, errors: problems.errors, warnings: problems.warnings };
}

/** Endings of files in an inventory folder that are none. */
const IGNORED = /(?:~|\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|ini|retry))$/;
const VARS_FOLDERS = new Set(['group_vars', 'host_vars', 'vars_plugins']);
const YAML_ENDINGS = new Set(['.yml', '.yaml', '.json']);
/** The first meaningful line of a YAML inventory without an ending: `---`, `{`, or a key. */
const YAML_START = /^(?:---|\{|[\w."'-]+:\s*(?:#.*)?$)/;

/** What sources are read into, and with. */
interface Reading {
  readonly inventory: Inventory;
  readonly documents: Documents;
  readonly problems: Problems;
  /** The variables of `group_vars/` and `host_vars/` in some folders. */
  readonly varsIn: (folders: readonly string[]) => VarsBeside;
}

class SourceReader {
  /** Folders that may hold `group_vars/`, one for each source. */
  readonly folders: string[] = [];
  readonly #reading: Reading;
  readonly #options: InventoryOptions & { readonly files: FileSystem };

  constructor(reading: Reading, options: InventoryOptions & { readonly files: FileSystem }) {
    this.#reading = reading;
    this.#options = options;
  }

  #namesBeside(path: string): readonly string[] {
    const { files } = this.#options;
    const folder = dirname(path);
    return files.kind(folder) === 'directory' ? files.list(folder) : [];
  }

  /** @throws LoadError when there is no such thing or it cannot be read. */
  source(source: string): void {
    const { cwd, files } = this.#options;
    const path = resolve(cwd, source);
    const kind = files.kind(path);
    if (source.includes(',') && kind === undefined) {
      this.#list(source);
      return;
    }
    if (kind === undefined) throw notFound(source, this.#namesBeside(path));
    this.folders.push(kind === 'directory' ? path : dirname(path));
    if (kind === 'directory') this.#folder(path);
    else this.#file(path);
  }

  #list(source: string): void {
    const { inventory } = this.#reading;
    const names = source.split(',').map((name) => name.trim());
    for (const name of names.filter((each) => each !== '')) {
      const place = { file: '<hosts>', line: 1, column: source.indexOf(name) + 1 };
      const { hosts, port } = expandHosts(name, place);
      for (const host of hosts) {
        inventory.declareHost(host, 'ungrouped', source);
        if (port === undefined) continue;
        inventory.setHostVar(host, 'ansible_port', nodeOfPlain(port, place));
      }
    }
  }

  #folder(folder: string): void {
    for (const name of this.#options.files.list(folder)) {
      const path = join(folder, name);
      if (name.startsWith('.') || IGNORED.test(name) || VARS_FOLDERS.has(name)) continue;
      const kind = this.#options.files.kind(path);
      if (kind === 'directory') this.#folder(path);
      else if (kind === 'file') this.#reading.problems.attempt(() => this.#file(path));
    }
  }

  #file(file: string): void {
    const { files, run } = this.#options;
    const { inventory, documents, problems } = this.#reading;
    const text = files.readText(file);
    if (files.isExecutable(file) && text.startsWith('#!')) {
      readScript(file, run ?? noScripts, inventory, problems);
    } else if (isYaml(file, text)) {
      const node = documents.read(file, problems);
      if (node.kind === 'mapping' && pluginOf(node) !== undefined) this.#construct(node);
      else readYamlInventory(node, file, inventory, problems);
    } else {
      readIni(text, file, inventory, problems);
    }
  }

  #construct(node: MappingNode): void {
    const { templates, extraVars = new Map() } = this.#options;
    if (templates === undefined) throw noTemplates(node);
    const varsBeside = () => this.#reading.varsIn(this.folders);
    readConstructed(node, { ...this.#reading, templates, extraVars, varsBeside });
  }
}

function noTemplates({ source }: Node): LoadError {
  return new LoadError('expressions of an inventory are not evaluated here', {
    code: 'DROVER_INVENTORY_PLUGIN',
    source,
  });
}

function isYaml(file: string, text: string): boolean {
  if (YAML_ENDINGS.has(extname(file))) return true;
  if (extname(file) === '.ini' || text.startsWith('$ANSIBLE_VAULT;')) return false;
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.find((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'));
  return first !== undefined && YAML_START.test(first);
}

function noScripts(file: string): never {
  throw new LoadError(`"${file}" is a script, and scripts are not run here`, {
    code: 'DROVER_INVENTORY_SCRIPT',
  });
}

/** @param names of files where it was looked for. */
function notFound(source: string, names: readonly string[]): LoadError {
  const near = didYouMean(basename(source), names);
  const advice = `for a host of that name write "${source}," with a comma`;
  return new LoadError(`no inventory "${source}"`, {
    code: 'DROVER_INVENTORY_NOT_FOUND',
    hint: near === undefined ? advice : `${near} (${advice})`,
  });
}

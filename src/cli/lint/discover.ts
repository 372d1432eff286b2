/** Paths given to `drover lint` → what is there: playbooks, roles, files of tasks, and other YAML. */
import { basename, dirname, extname, join, sep } from 'node:path';
import { LoadError } from '../../core/errors.ts';
import type { Documents } from '../../source/documents.ts';
import type { FileSystem } from '../../source/files.ts';
import type { Node } from '../../source/node.ts';
import type { Problems } from '../../source/problems.ts';

export interface Found {
  readonly playbooks: Set<string>;
  /** Folders. */
  readonly roles: Set<string>;
  /** Lists of tasks outside of roles. */
  readonly taskFiles: Set<string>;
  /** YAML of any other kind: it must parse. */
  readonly dataFiles: Set<string>;
}

export const VARS_FOLDERS = ['group_vars', 'host_vars'];
const YAML = new Set(['.yml', '.yaml', '.json']);
const VAULT_HEADER = '$ANSIBLE_VAULT;';
/** Folders that make a folder a role. */
const ROLE_PARTS = ['tasks', 'handlers', 'defaults', 'meta', 'vars', 'templates'];

export class Discovery {
  readonly found: Found = {
    playbooks: new Set(),
    roles: new Set(),
    taskFiles: new Set(),
    dataFiles: new Set(),
  };
  readonly #files: FileSystem;
  readonly #documents: Documents;
  readonly #problems: Problems;

  /** @param problems takes the syntax errors of the files looked into. */
  constructor(files: FileSystem, documents: Documents, problems: Problems) {
    this.#files = files;
    this.#documents = documents;
    this.#problems = problems;
  }

  /** @param path absolute. @throws LoadError when there is nothing. */
  add(path: string): void {
    const kind = this.#files.kind(path);
    if (kind === undefined) {
      throw new LoadError(`no file or folder "${path}"`, { code: 'DROVER_FILE_NOT_FOUND' });
    }
    if (kind === 'file') this.#file(path, true);
    else if (this.#isRole(path)) this.found.roles.add(path);
    else if (!this.#projects(path) && this.#problems.errors.length === 0) throw nothingIn(path);
  }

  /** Files below a folder, in order; none when there is no such folder. */
  filesBelow(folder: string): readonly string[] {
    if (this.#files.kind(folder) !== 'directory') return [];
    return this.#files.list(folder).flatMap((name) => {
      if (name.startsWith('.')) return [];
      const path = join(folder, name);
      return this.#files.kind(path) === 'directory' ? this.filesBelow(path) : [path];
    });
  }

  /** The project in a folder, or else those in the folders below it. @returns whether there is any. */
  #projects(folder: string): boolean {
    const before = this.#count();
    this.#project(folder);
    if (this.#count() > before) return true;
    return this.#foldersIn(folder).filter((path) => this.#folder(path)).length > 0;
  }

  #folder(path: string): boolean {
    if (/^\.|^node_modules$/.test(basename(path))) return false;
    if (!this.#isRole(path)) return this.#projects(path);
    this.found.roles.add(path);
    return true;
  }

  #count(): number {
    const { playbooks, roles, dataFiles } = this.found;
    return playbooks.size + roles.size + dataFiles.size;
  }

  #project(folder: string): void {
    for (const place of [folder, join(folder, 'playbooks')]) {
      for (const file of this.#yamlIn(place)) this.#file(file, false);
      for (const role of this.#foldersIn(join(place, 'roles'))) {
        if (this.#isRole(role)) this.found.roles.add(role);
      }
      for (const vars of ['vars', 'vars_files']) this.#dataBelow(join(place, vars));
    }
    for (const inventories of ['inventory', 'inventories', 'environments']) {
      const place = join(folder, inventories);
      for (const each of [place, ...this.#foldersIn(place)]) this.#varsFolders(each);
    }
  }

  /** `group_vars/` and `host_vars/`, whichever inventory they may be used with. */
  #varsFolders(place: string): void {
    for (const name of VARS_FOLDERS) this.#dataBelow(join(place, name));
  }

  #dataBelow(folder: string): void {
    for (const file of this.filesBelow(folder)) this.#data(file);
  }

  /** @param isNamed given on the command line: then a list of tasks is looked into as such. */
  #file(file: string, isNamed: boolean): void {
    if (this.#isVault(file)) return;
    const role = roleOfTasks(file);
    if (isNamed && role !== undefined && this.#isRole(role)) {
      this.found.roles.add(role);
      return;
    }
    const node = this.#problems.attempt(() => this.#documents.read(file, this.#problems));
    if (node === undefined) return;
    if (isPlaybook(node)) {
      this.found.playbooks.add(file);
      this.#varsFolders(dirname(file));
    } else if (isNamed && isTaskList(node)) this.found.taskFiles.add(file);
  }

  #data(file: string): void {
    const ending = extname(file);
    if ((ending === '' || YAML.has(ending)) && !this.#isVault(file)) this.found.dataFiles.add(file);
  }

  #isRole(folder: string): boolean {
    const hasTasks = this.#files.kind(join(folder, 'tasks')) === 'directory';
    const parts = ROLE_PARTS.filter((part) => this.#files.kind(join(folder, part)) === 'directory');
    const isAmongRoles = basename(dirname(folder)) === 'roles';
    return (hasTasks && parts.length > 1) || (isAmongRoles && parts.length > 0);
  }

  #isVault(file: string): boolean {
    return this.#files.readText(file).startsWith(VAULT_HEADER);
  }

  #yamlIn(folder: string): readonly string[] {
    if (this.#files.kind(folder) !== 'directory') return [];
    const names = this.#files.list(folder).filter((name) => !name.startsWith('.'));
    const files = names.map((name) => join(folder, name));
    return files.filter((file) => /\.ya?ml$/.test(file) && this.#files.kind(file) === 'file');
  }

  #foldersIn(folder: string): readonly string[] {
    if (this.#files.kind(folder) !== 'directory') return [];
    const paths = this.#files.list(folder).map((name) => join(folder, name));
    return paths.filter((path) => this.#files.kind(path) === 'directory');
  }
}

function nothingIn(path: string): LoadError {
  return new LoadError(`nothing to check in "${path}"`, {
    code: 'DROVER_FILE_NOT_FOUND',
    hint: 'name playbooks, roles, files of tasks, or a folder that holds some',
  });
}

/** The role whose `tasks/` or `handlers/` hold the file. */
function roleOfTasks(file: string): string | undefined {
  const parts = file.split(sep);
  const at = parts.findLastIndex((part) => part === 'tasks' || part === 'handlers');
  return at > 0 && at < parts.length - 1 ? parts.slice(0, at).join(sep) : undefined;
}

const PLAY_KEYS = ['hosts', 'import_playbook', 'ansible.builtin.import_playbook'];

function isPlaybook(node: Node): boolean {
  return keysOfItems(node).some((keys) => PLAY_KEYS.some((key) => keys.includes(key)));
}

function isTaskList(node: Node): boolean {
  return keysOfItems(node).length > 0;
}

/** The keys of each mapping in a list. */
function keysOfItems(node: Node): readonly (readonly string[])[] {
  if (node.kind !== 'sequence') return [];
  return node.items.flatMap((item) =>
    item.kind === 'mapping' ? [item.entries.map(({ key }) => String(key.value))] : [],
  );
}

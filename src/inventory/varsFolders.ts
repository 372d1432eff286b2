/** `group_vars/` and `host_vars/` in some folders: which file belongs to which name, read when it is first asked for. */
import { join } from 'node:path';
import type { Documents } from '../source/documents.ts';
import type { FileSystem } from '../source/files.ts';
import type { Node } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { findVarsFiles, readVarsFiles, VARS_ENDINGS } from '../source/varsFiles.ts';
import { type Combine, combineReplacing } from './combine.ts';
import type { VarsBeside } from './inventory.ts';

type Kind = 'group_vars' | 'host_vars';
type Variables = ReadonlyMap<string, Node>;

export interface VarsFoldersOptions {
  readonly files: FileSystem;
  readonly documents: Documents;
  readonly problems: Problems;
  readonly combine?: Combine;
}

export class VarsFolders implements VarsBeside {
  readonly #folders: readonly string[];
  readonly #options: VarsFoldersOptions;
  readonly #read = new Map<string, Variables>();
  /** What each folder holds, so that a thousand hosts do not mean thousands of look-ups on disk. */
  readonly #listed = new Map<string, ReadonlySet<string>>();

  /** @param folders those that may hold `group_vars/` and `host_vars/`; later ones win. */
  constructor(folders: readonly string[], options: VarsFoldersOptions) {
    this.#folders = [...new Set(folders)];
    this.#options = options;
  }

  group(name: string): Variables {
    return this.#variables('group_vars', name);
  }

  host(name: string): Variables {
    return this.#variables('host_vars', name);
  }

  #variables(kind: Kind, name: string): Variables {
    const key = `${kind}/${name}`;
    const known = this.#read.get(key);
    if (known !== undefined) return known;
    const combine = this.#options.combine ?? combineReplacing;
    const layers = this.#folders.map((folder) => this.#inFolder(join(folder, kind), name));
    const variables = combine(layers);
    this.#read.set(key, variables);
    return variables;
  }

  #inFolder(folder: string, name: string): Variables {
    if (name.includes('/') || !this.#holds(folder, name)) return new Map();
    const { files, documents, problems, combine = combineReplacing } = this.#options;
    const paths = findVarsFiles(files, join(folder, name));
    return combine(paths.map((path) => readVarsFiles(documents, [path], problems)));
  }

  #holds(folder: string, name: string): boolean {
    const listed = this.#listed.get(folder) ?? this.#list(folder);
    this.#listed.set(folder, listed);
    return VARS_ENDINGS.some((ending) => listed.has(name + ending));
  }

  #list(folder: string): ReadonlySet<string> {
    const { files } = this.#options;
    return new Set(files.kind(folder) === 'directory' ? files.list(folder) : []);
  }
}

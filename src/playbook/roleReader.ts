/** The folder of a role → `Role`: what holds for every use of it. Tasks and handlers are read for each use. */
import { join } from 'node:path';
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import type { Documents } from '../source/documents.ts';
import type { FileSystem } from '../source/files.ts';
import { entryOf, type MappingNode, type Node } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, listed, Shapes, textOfScalar } from '../source/shapes.ts';
import { findVarsFiles, readVarsFiles } from '../source/varsFiles.ts';
import type { Role, RoleEntry, Variables } from './model.ts';
import { readRoleEntry } from './roleEntry.ts';

export type RolePart = 'tasks' | 'handlers' | 'vars' | 'defaults' | 'meta';

const MAIN_ENDINGS = ['.yml', '.yaml', '.json', ''];
const NAMED_ENDINGS = ['', '.yml', '.yaml', '.json'];

export class RoleReader {
  readonly #files: FileSystem;
  readonly #documents: Documents;
  readonly #roles = new Map<string, Role>();

  constructor(files: FileSystem, documents: Documents) {
    this.#files = files;
    this.#documents = documents;
  }

  /** The role in `path`; read once, its problems told to the first who asks. */
  role(name: string, path: string, problems: Problems): Role {
    const known = this.#roles.get(path);
    if (known !== undefined) return known;
    const role = this.#read(name, path, problems);
    this.#roles.set(path, role);
    return role;
  }

  /**
   * Variables of a role's part.
   * @param from a file of that part other than `main` (`vars_from`). @throws LoadError when it does not exist.
   */
  variables(
    path: string,
    part: 'vars' | 'defaults',
    problems: Problems,
    from?: NamedFile,
  ): Variables {
    return readVarsFiles(this.#documents, this.#partFiles(path, part, from, true), problems);
  }

  /** The file of a role's part, when it has one. @throws LoadError when `from` names a file that does not exist. */
  file(path: string, part: RolePart, from?: NamedFile): string | undefined {
    return this.#partFiles(path, part, from, false)[0];
  }

  #partFiles(
    path: string,
    part: RolePart,
    from: NamedFile | undefined,
    allowFolder: boolean,
  ): readonly string[] {
    const folder = join(path, part);
    const endings = from === undefined ? MAIN_ENDINGS : NAMED_ENDINGS;
    const found = findVarsFiles(
      this.#files,
      join(folder, from?.name ?? 'main'),
      endings,
      allowFolder,
    );
    if (from === undefined) return found;
    if (found[0]?.startsWith(`${folder}/`)) return found;
    throw new LoadError(`the role has no file "${part}/${from.name}"`, {
      code: 'DROVER_ROLE_FILE',
      source: from.source,
      hint: this.#filesHint(folder),
    });
  }

  #filesHint(folder: string): string {
    const names = this.#files.kind(folder) === 'directory' ? this.#files.list(folder) : [];
    return names.length === 0 ? `there is no ${folder}` : `there are ${names.join(', ')}`;
  }

  #read(name: string, path: string, problems: Problems): Role {
    const meta = this.#meta(path, problems);
    return {
      name,
      path,
      defaults: this.variables(path, 'defaults', problems),
      vars: this.variables(path, 'vars', problems),
      dependencies: dependenciesOf(meta, problems),
      allowDuplicates: isYes(meta && entryOf(meta, 'allow_duplicates')),
      argumentSpecs: this.#argumentSpecs(path, meta, problems),
      collections: textsOf(meta && entryOf(meta, 'collections')),
    };
  }

  #meta(path: string, problems: Problems): MappingNode | undefined {
    return this.#mappingIn(this.file(path, 'meta'), 'the meta of a role', problems);
  }

  #mappingIn(file: string | undefined, what: string, problems: Problems): MappingNode | undefined {
    if (file === undefined) return undefined;
    const node = problems.attempt(() => this.#documents.read(file, problems));
    if (node === undefined || isNull(node)) return undefined;
    return new Shapes(problems).mapping(node, what);
  }

  /** `meta/argument_specs.yml` goes before `argument_specs` in `meta/main.yml`. */
  #argumentSpecs(
    path: string,
    meta: MappingNode | undefined,
    problems: Problems,
  ): ReadonlyMap<string, MappingNode> {
    const own = findVarsFiles(this.#files, join(path, 'meta/argument_specs'), MAIN_ENDINGS, false);
    const file = this.#mappingIn(own[0], 'a file of argument specs', problems) ?? meta;
    const specs = file && entryOf(file, 'argument_specs');
    if (specs === undefined || isNull(specs)) return new Map();
    const shapes = new Shapes(problems);
    const entries = shapes.mapping(specs, '"argument_specs"')?.entries ?? [];
    return new Map(
      entries.flatMap(({ key, value }) => {
        const spec = isNull(value) ? undefined : shapes.mapping(value, `the spec "${key.value}"`);
        return spec === undefined ? [] : [[textOfScalar(key.value), spec] as const];
      }),
    );
  }
}

/** A file chosen with `tasks_from` and its kin, and where it was. */
export interface NamedFile {
  readonly name: string;
  readonly source: Source;
}

function dependenciesOf(meta: MappingNode | undefined, problems: Problems): readonly RoleEntry[] {
  const node = meta && entryOf(meta, 'dependencies');
  if (node === undefined || isNull(node)) return [];
  const items = new Shapes(problems).sequence(node, '"dependencies"')?.items ?? [];
  return items.flatMap((item) => readRoleEntry(item, problems) ?? []);
}

function isYes(node: Node | undefined): boolean {
  return node?.kind === 'scalar' && /^(?:true|yes|on|1)$/i.test(String(node.value));
}

function textsOf(node: Node | undefined): readonly string[] {
  const items = node === undefined ? [] : listed(node);
  return items.flatMap((item) => (item.kind === 'scalar' ? [textOfScalar(item.value)] : []));
}

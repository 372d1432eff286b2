/** One use of a role → a block: its dependencies, the check of its arguments, its tasks; handlers hang on the use. */
import { LoadError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Source } from '../core/source.ts';
import { scalarNode } from '../source/node.ts';
import { validationTask } from './argumentSpecs.ts';
import { ItemReader, type OpenBlock, openBlock } from './itemReader.ts';
import type { Block, Item, Role, RoleEntry, RoleUse } from './model.ts';
import { findRole, type RoleSearch, roleName, rolesInSight } from './roleFinder.ts';
import type { NamedFile, RoleReader } from './roleReader.ts';
import type { RoleRequest } from './roleRequest.ts';
import { collectionsAt, roleOf } from './searchPath.ts';
import { type ItemPlace, type Session, staticText } from './session.ts';
import { useKey } from './useKey.ts';

export interface RoleFolders {
  readonly rolesPath: readonly string[];
  readonly collectionsPath: readonly string[];
}

export class RoleUses {
  readonly items: ItemReader;
  readonly #session: Session;
  readonly #reader: RoleReader;
  readonly #folders: RoleFolders;

  constructor(session: Session, reader: RoleReader, folders: RoleFolders) {
    this.#session = session;
    this.#reader = reader;
    this.#folders = folders;
    this.items = new ItemReader(session, (request, place) => this.use(request, place));
  }

  /** @throws LoadError when the role or a chosen file does not exist. What is wrong inside is noted. */
  use(request: RoleRequest, place: ItemPlace): Block {
    const path = this.#find(request, place.parent);
    const role = this.#reader.role(roleName(request.name), path, this.#session.problems);
    rejectCycle(role, request, place);
    const { use, handlers } = this.#roleUse(role, request);
    const block = this.#openRole(use, request, place.parent);
    const inner: ItemPlace = {
      parent: block,
      isHandler: false,
      openFiles: [...place.openFiles, usedAs(role, request)],
    };
    block.block.push(...this.#content(role, request, use, inner));
    handlers.push(...this.#handlers(role, request, inner));
    return block;
  }

  /** The use of an entry of `roles:` or `dependencies:`; undefined after noting what is wrong. */
  useEntry(entry: RoleEntry, place: ItemPlace): Block | undefined {
    return this.#session.problems.attempt(() => {
      const name = staticText(
        scalarNode(entry.name, entry.source),
        place.parent,
        this.#session,
        'name the role, or use include_role in a task',
      );
      const { params, keywords, source } = entry;
      return this.use({ name, params, keywords, source, usedBy: 'entry' }, place);
    });
  }

  #openRole(use: RoleUse, request: RoleRequest, parent: Block | undefined): OpenBlock {
    const { keywords = {}, source, label } = request;
    const block = openBlock('role', keywords, parent, source, label);
    return { ...block, role: use };
  }

  #roleUse(role: Role, request: RoleRequest): { use: RoleUse; handlers: Item[] } {
    const { problems } = this.#session;
    const { source, params = new Map(), isPublic = true, usedBy = 'import' } = request;
    const variables = (part: 'vars' | 'defaults', from: string | undefined) =>
      from === undefined
        ? role[part]
        : this.#reader.variables(role.path, part, problems, { name: from, source });
    const handlers: Item[] = [];
    const use: RoleUse = {
      role,
      params,
      defaults: variables('defaults', request.defaultsFrom),
      vars: variables('vars', request.varsFrom),
      handlers,
      isPublic,
      allowDuplicates: request.allowDuplicates ?? (usedBy !== 'entry' || role.allowDuplicates),
      usedBy,
      exported: request.keywords?.vars ?? new Map(),
      key: useKey(role, request),
      source,
    };
    return { use, handlers };
  }

  #content(role: Role, request: RoleRequest, use: RoleUse, place: ItemPlace): Item[] {
    const dependencies = role.dependencies.flatMap((entry) => this.useEntry(entry, place) ?? []);
    const spec = role.argumentSpecs.get(request.tasksFrom?.replace(/\.ya?ml$/, '') ?? 'main');
    const check =
      spec === undefined || request.validate === false
        ? []
        : [validationTask(use, spec, request, place.parent)];
    return [...dependencies, ...check, ...this.#tasks(role, request, place)];
  }

  #tasks(role: Role, { tasksFrom, source }: RoleRequest, place: ItemPlace): Item[] {
    const file = this.#reader.file(role.path, 'tasks', named(tasksFrom, source));
    if (file === undefined) return [];
    return this.#session.problems.attempt(() => this.items.readFile(file, place)) ?? [];
  }

  #handlers(role: Role, { handlersFrom, source }: RoleRequest, place: ItemPlace): Item[] {
    const file = this.#reader.file(role.path, 'handlers', named(handlersFrom, source));
    if (file === undefined) return [];
    const read = () => this.items.readFile(file, { ...place, isHandler: true });
    return this.#session.problems.attempt(read) ?? [];
  }

  #find(request: RoleRequest, parent: Block | undefined): string {
    const search = this.#search(parent);
    const path = findRole(this.#session.files, request.name, search);
    if (path !== undefined) return path;
    const looked = [`${search.playbookDir}/roles`, ...search.rolesPath].join(', ');
    const guess = didYouMean(request.name, rolesInSight(this.#session.files, search));
    throw new LoadError(`no role "${request.name}"`, {
      code: 'DROVER_ROLE_NOT_FOUND',
      source: request.source,
      hint: guess ?? `looked in ${looked}`,
    });
  }

  #search(parent: Block | undefined): RoleSearch {
    const asking = parent === undefined ? undefined : roleOf(parent)?.role.path;
    return {
      playbookDir: this.#session.playbookDir,
      ...this.#folders,
      ...(asking === undefined ? {} : { askingRoleDir: asking }),
      collections: collectionsAt(parent) ?? this.#session.playCollections,
    };
  }
}

function named(name: string | undefined, source: Source): NamedFile | undefined {
  return name === undefined ? undefined : { name, source };
}

/** Marks a use in the chain of what is open, so that a role that needs itself is found. */
function usedAs(role: Role, { tasksFrom }: RoleRequest): string {
  return `role ${role.path} ${tasksFrom ?? 'main'}`;
}

function rejectCycle(role: Role, request: RoleRequest, { openFiles }: ItemPlace): void {
  if (!openFiles.includes(usedAs(role, request))) return;
  throw new LoadError(`role "${role.name}" needs itself`, {
    code: 'DROVER_ROLE_CYCLE',
    source: request.source,
    hint: 'a role may be used again inside itself by include_role with a condition that ends it',
  });
}

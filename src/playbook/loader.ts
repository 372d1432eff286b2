/**
 * Playbook files → plays, and what a run includes later. Everything that is wrong is collected and told together.
 * Files are parsed once; roles are read once.
 */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type DroverError, LoadError, type Warning } from '../core/errors.ts';
import { type DecryptFile, Documents } from '../source/documents.ts';
import { type FileSystem, nodeFiles } from '../source/files.ts';
import { type MappingNode, type Node, scalarNode } from '../source/node.ts';
import { Problems } from '../source/problems.ts';
import { isNull, Shapes, textOfScalar } from '../source/shapes.ts';
import type { YamlOptions } from '../source/yaml.ts';
import type { ContentCheck } from './contentCheck.ts';
import { ContentWalk } from './contentWalk.ts';
import { type OpenBlock, openBlock } from './itemReader.ts';
import type { Block, Keywords, Play, Playbook } from './model.ts';
import { type Imposed, imposedBy, readPlay, readPlayHead } from './playReader.ts';
import { RoleReader } from './roleReader.ts';
import type { RoleRequest } from './roleRequest.ts';
import { RoleUses } from './roleUses.ts';
import { type Session, type StaticEvaluate, staticText } from './session.ts';

export interface LoaderOptions {
  readonly files?: FileSystem;
  /** Relative file names start here; default the working directory of the process. */
  readonly cwd?: string;
  /** Configured folders of roles, searched after `roles/` beside the playbook. */
  readonly rolesPath?: readonly string[];
  /** Configured folders that hold `ansible_collections/`. */
  readonly collectionsPath?: readonly string[];
  readonly decrypt?: DecryptFile;
  /** Templates in what imports need at load; absent: such templates are errors. */
  readonly evaluate?: StaticEvaluate;
  /** Absent: modules, arguments and templates are not looked at. */
  readonly check?: ContentCheck;
  readonly duplicateKeys?: YamlOptions['duplicateKeys'];
}

export interface LoadedPlaybooks {
  readonly playbooks: readonly Playbook[];
  /** In the order of the files; when there are any, the playbooks are incomplete. */
  readonly errors: readonly DroverError[];
  readonly warnings: readonly Warning[];
}

/** What a run included: `block` holds the items; its `parent` is the one given. */
export interface Included {
  readonly block: Block;
  readonly warnings: readonly Warning[];
}

export interface IncludePlace {
  readonly play: Play;
  /** The block that the included items stand in: that of the including task. */
  readonly parent: Block | undefined;
  /** Whether the items are handlers. */
  readonly isHandler?: boolean;
}

export interface TasksRequest extends IncludePlace {
  /** What holds for all items: the including task's `vars`, `tags`, …, and what `apply` gives. */
  readonly keywords?: Keywords;
  readonly source?: Block['source'];
}

export class PlaybookLoader {
  readonly #files: FileSystem;
  readonly #documents: Documents;
  readonly #roles: RoleReader;
  readonly #options: LoaderOptions;
  /** Files and roles whose content was checked, by name: an include that runs often is checked once. */
  readonly #checked = new Set<string>();

  constructor(options: LoaderOptions = {}) {
    const { files = nodeFiles, decrypt, duplicateKeys = 'warn' } = options;
    this.#files = files;
    this.#documents = new Documents(files, decrypt, { duplicateKeys });
    this.#roles = new RoleReader(files, this.#documents);
    this.#options = options;
  }

  /** Never throws for wrong content: that is in `errors`. All paths in the model are absolute, but `Playbook.file` is as given. */
  loadPlaybooks(files: readonly string[]): LoadedPlaybooks {
    const problems = new Problems();
    const { cwd = process.cwd() } = this.#options;
    const playbooks = files.map((file) => ({
      file,
      plays: this.#playbook(resolve(cwd, file), {}, [], problems),
    }));
    this.#check(problems, (walk) => {
      for (const { plays } of playbooks) for (const play of plays) walk.play(play);
    });
    return { playbooks, errors: problems.errorsInFileOrder(), warnings: problems.warnings };
  }

  /**
   * A file of tasks for `include_tasks`.
   * @param file where it is (`includeCandidates`). @throws LoadError, or LoadErrors for several.
   */
  loadTasks(file: string, request: TasksRequest): Included {
    const { play, parent, isHandler = false, keywords = {} } = request;
    const problems = new Problems();
    const source = request.source ?? { file, line: 1, column: 1 };
    const block: OpenBlock = { ...openBlock('include', keywords, parent, source), file };
    const place = { parent: block, isHandler, openFiles: [] };
    block.block.push(...this.#uses(play, problems).items.readFile(file, place));
    return this.#included(block, `${file} ${isHandler}`, play, problems);
  }

  /**
   * A use of a role for `include_role`.
   * @throws LoadError when there is no such role or file; LoadErrors for what is wrong inside.
   */
  loadRoleUse(request: RoleRequest, { play, parent, isHandler = false }: IncludePlace): Included {
    const problems = new Problems();
    const place = { parent, isHandler, openFiles: [] };
    const block = this.#uses(play, problems).use({ ...request, usedBy: 'include' }, place);
    return this.#included(block, `role ${block.role?.key}`, play, problems);
  }

  #included(block: Block, name: string, play: Play, problems: Problems): Included {
    if (!this.#checked.has(name)) {
      this.#checked.add(name);
      this.#check(problems, (walk) => walk.items([block], play));
    }
    problems.throwIfAny();
    return { block, warnings: problems.warnings };
  }

  #check(problems: Problems, visit: (walk: ContentWalk) => void): void {
    const { check } = this.#options;
    if (check !== undefined) visit(new ContentWalk(check, problems));
  }

  #uses(play: Play, problems: Problems): RoleUses {
    const collections = (play.keywords.collections ?? []).flatMap((node) =>
      node.kind === 'scalar' ? [textOfScalar(node.value)] : [],
    );
    const session = this.#session(dirname(play.file), problems, {
      playVariables: play.keywords.vars ?? new Map(),
      playCollections: collections,
    });
    return this.#usesOf(session);
  }

  #usesOf(session: Session): RoleUses {
    const { rolesPath = [], collectionsPath = [] } = this.#options;
    return new RoleUses(session, this.#roles, { rolesPath, collectionsPath });
  }

  #session(
    playbookDir: string,
    problems: Problems,
    play: Pick<Session, 'playVariables' | 'playCollections'>,
  ): Session {
    const { evaluate = noEvaluation, check } = this.#options;
    return {
      files: this.#files,
      documents: this.#documents,
      problems,
      evaluate,
      check,
      playbookDir,
      ...play,
    };
  }

  #playbook(file: string, imposed: Imposed, open: readonly string[], problems: Problems): Play[] {
    const node = problems.attempt(() => this.#documents.read(file, problems));
    if (node === undefined) return [];
    if (node.kind !== 'sequence') {
      const hint = 'begin each play with "- "; a list of tasks alone is no playbook';
      new Shapes(problems).wrong(node, 'a playbook', 'a list of plays', hint);
      return [];
    }
    return node.items.flatMap(
      (item) =>
        problems.attempt(() => this.#entry(item, file, imposed, [...open, file], problems)) ?? [],
    );
  }

  #entry(
    node: Node,
    file: string,
    imposed: Imposed,
    open: readonly string[],
    problems: Problems,
  ): Play[] {
    const mapping = new Shapes(problems).mapping(node, 'a play');
    if (mapping === undefined) return [];
    const target = importOf(mapping, problems);
    if (target !== undefined) return this.#import(mapping, target, file, imposed, open, problems);
    const head = readPlayHead(mapping, imposed, problems);
    const uses = this.#usesOf(
      this.#session(dirname(file), problems, {
        playVariables: head.variables,
        playCollections: head.collections,
      }),
    );
    const play = readPlay(mapping, head, uses, problems);
    return play === undefined ? [] : [play];
  }

  #import(
    mapping: MappingNode,
    target: Node,
    file: string,
    imposed: Imposed,
    open: readonly string[],
    problems: Problems,
  ): Play[] {
    const inner = imposedBy(mapping, imposed, problems);
    const session = this.#session(dirname(file), problems, {
      playVariables: inner.vars ?? new Map(),
      playCollections: [],
    });
    const path = this.#importedPlaybook(target, file, session);
    if (open.includes(path)) {
      throw new LoadError(`"${path}" imports itself`, {
        code: 'DROVER_IMPORT_CYCLE',
        source: target.source,
      });
    }
    return this.#playbook(path, inner, open, problems);
  }

  #importedPlaybook(target: Node, file: string, session: Session): string {
    const scalar = new Shapes(session.problems).scalar(target, '"import_playbook"');
    const written = scalar ?? scalarNode('', target.source);
    const name = staticText(
      written,
      undefined,
      session,
      'give the variable with -e, or write the name',
    );
    const path = isAbsolute(name) ? name : join(dirname(file), name);
    const found = [path, ...this.#collectionPlaybooks(name, dirname(file))].find(
      (candidate) => this.#files.kind(candidate) === 'file',
    );
    if (found !== undefined) return found;
    throw new LoadError(`no playbook "${name}"`, {
      code: 'DROVER_FILE_NOT_FOUND',
      source: target.source,
      hint: `looked for ${path}`,
    });
  }

  /** `ns.coll.name` is `playbooks/name.yml` of an installed collection. */
  #collectionPlaybooks(name: string, playbookDir: string): string[] {
    const [, space, set, last] = /^(\w+)\.(\w+)\.(\w+)$/.exec(name) ?? [];
    if (space === undefined || set === undefined) return [];
    const roots = [join(playbookDir, 'collections'), ...(this.#options.collectionsPath ?? [])];
    return roots.flatMap((root) =>
      ['.yml', '.yaml'].map((ending) =>
        join(root, 'ansible_collections', space, set, 'playbooks', `${last}${ending}`),
      ),
    );
  }
}

const IMPORT_KEYS = ['import_playbook', 'ansible.builtin.import_playbook', 'include'];

/** The file of an `import_playbook` entry; undefined when the entry is a play. */
function importOf(mapping: MappingNode, problems: Problems): Node | undefined {
  const entry = mapping.entries.find(({ key }) => IMPORT_KEYS.includes(String(key.value)));
  if (entry === undefined) return undefined;
  if (entry.key.value === 'include') {
    const hint = 'write "import_playbook" instead';
    problems.deprecate('"include" is an old spelling', entry.key.source, hint);
  }
  if (!isNull(entry.value)) return entry.value;
  throw new LoadError('"import_playbook" names no file', {
    code: 'DROVER_IMPORT_FILE',
    source: entry.key.source,
  });
}

function noEvaluation(node: Node): never {
  throw new LoadError('templates are not evaluated here', {
    code: 'DROVER_STATIC_TEMPLATE',
    source: node.source,
  });
}

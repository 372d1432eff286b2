/**
 * Playbook files → plays, and what a run includes later. Everything that is wrong is collected and told together.
 * Files are parsed once; roles are read once.
 */
import { dirname, resolve } from 'node:path';
import { type DroverError, LoadError, type Warning } from '../core/errors.ts';
import { type DecryptFile, Documents } from '../source/documents.ts';
import { type FileSystem, nodeFiles } from '../source/files.ts';
import type { MappingNode, Node } from '../source/node.ts';
import { Problems } from '../source/problems.ts';
import { Shapes, textOfScalar } from '../source/shapes.ts';
import { readVarsFiles } from '../source/varsFiles.ts';
import type { YamlOptions } from '../source/yaml.ts';
import type { ContentCheck } from './contentCheck.ts';
import { ContentWalk } from './contentWalk.ts';
import { type OpenBlock, openBlock } from './itemReader.ts';
import type { Block, Keywords, Play, Playbook, Task } from './model.ts';
import { importedPlaybook, importOf } from './playbookImport.ts';
import { type Imposed, imposedBy, readPlay, readPlayHead } from './playReader.ts';
import { RoleReader } from './roleReader.ts';
import { type RoleRequest, roleRequestOf } from './roleRequest.ts';
import { RoleUses } from './roleUses.ts';
import type { Session, StaticEvaluate } from './session.ts';
import { includedFile, includedRole } from './staticIncludes.ts';

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
  /** Whether a handler that is notified and does not exist is an error (the default) or a warning. */
  readonly missingHandlerIsError?: boolean;
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
  readonly #checked = new Map<string, Promise<void>>();

  constructor(options: LoaderOptions = {}) {
    const { files = nodeFiles, decrypt, duplicateKeys = 'warn' } = options;
    this.#files = files;
    this.#documents = new Documents(files, decrypt, { duplicateKeys });
    this.#roles = new RoleReader(files, this.#documents);
    this.#options = options;
  }

  /** Never throws for wrong content: that is in `errors`. All paths in the model are absolute, but `Playbook.file` is as given. */
  async loadPlaybooks(files: readonly string[]): Promise<LoadedPlaybooks> {
    const problems = new Problems();
    const { cwd = process.cwd() } = this.#options;
    const playbooks = files.map((file) => ({
      file,
      plays: this.#playbook(resolve(cwd, file), {}, [], problems),
    }));
    await this.#check(problems, async (walk) => {
      for (const { plays } of playbooks) for (const play of plays) await walk.play(play);
      if (problems.errors.length === 0) walk.finish();
    });
    return { playbooks, errors: problems.errorsInFileOrder(), warnings: problems.warnings };
  }

  /**
   * A file of tasks for `include_tasks`.
   * @param file where it is (`includeCandidates`). @throws LoadError, or LoadErrors for several.
   */
  async loadTasks(file: string, request: TasksRequest): Promise<Included> {
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
  async loadRoleUse(
    request: RoleRequest,
    { play, parent, isHandler = false }: IncludePlace,
  ): Promise<Included> {
    const problems = new Problems();
    const place = { parent, isHandler, openFiles: [] };
    const block = this.#uses(play, problems).use({ ...request, usedBy: 'include' }, place);
    return this.#included(block, `role ${block.role?.key}`, play, problems);
  }

  /** Of those that include the same at once, one is told what is wrong with it, and all wait for its check. */
  async #included(block: Block, name: string, play: Play, problems: Problems): Promise<Included> {
    const checked =
      this.#checked.get(name) ?? this.#check(problems, (walk) => walk.items([block], play));
    this.#checked.set(name, checked);
    await checked;
    problems.throwIfAny();
    return { block, warnings: problems.warnings };
  }

  async #check(problems: Problems, visit: (walk: ContentWalk) => Promise<void>): Promise<void> {
    const { check, missingHandlerIsError = true } = this.#options;
    if (check === undefined) return;
    await visit(
      new ContentWalk(check, problems, {
        files: this.#files,
        missingHandlerIsError,
        variables: (file) => readVarsFiles(this.#documents, [file], problems),
        included: (task, play, found) => this.#staticInclude(task, play, found),
      }),
    );
  }

  /** What an include brings that names it without a template, under the include's own conditions. */
  #staticInclude(task: Task, play: Play, problems: Problems): Block | undefined {
    const place = { parent: task.parent, isHandler: task.isHandler, openFiles: [] };
    const { when = [] } = task.keywords;
    const keywords = when.length === 0 ? {} : { when };
    if (includedRole(task) !== undefined) {
      const request = roleRequestOf(task, ({ value }) => textOfScalar(value), problems);
      return this.#uses(play, problems).use({ ...request, keywords, usedBy: 'include' }, place);
    }
    const file = includedFile(this.#files, task, play);
    if (file === undefined) return undefined;
    const block: OpenBlock = {
      ...openBlock('include', keywords, task.parent, task.source),
      file,
    };
    const inner = { ...place, parent: block };
    block.block.push(...this.#uses(play, problems).items.readFile(file, inner));
    return block;
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
    const { collectionsPath = [] } = this.#options;
    const path = importedPlaybook(target, file, session, collectionsPath);
    if (open.includes(path)) {
      throw new LoadError(`"${path}" imports itself`, {
        code: 'DROVER_IMPORT_CYCLE',
        source: target.source,
      });
    }
    return this.#playbook(path, inner, open, problems);
  }
}

function noEvaluation(node: Node): never {
  throw new LoadError('templates are not evaluated here', {
    code: 'DROVER_STATIC_TEMPLATE',
    source: node.source,
  });
}

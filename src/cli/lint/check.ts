/** Checks everything that was found, as far as it can be checked without hosts. */
import { join, relative } from 'node:path';
import { DroverError, LoadErrors, type Warning } from '../../core/errors.ts';
import { builtinModules } from '../../modules/builtin.ts';
import { Registry } from '../../modules/registry.ts';
import { Documents } from '../../source/documents.ts';
import { nodeFiles } from '../../source/files.ts';
import type { Node } from '../../source/node.ts';
import { OverlaidFiles } from '../../source/overlaidFiles.ts';
import { Problems } from '../../source/problems.ts';
import { createTemplateEngine } from '../../template/create.ts';
import { VaultKeyring } from '../../vars/vault/keyring.ts';
import { Project } from '../project.ts';
import type { RunRequest } from '../runRequest.ts';
import type { World } from '../world.ts';
import { Discovery, VARS_FOLDERS } from './discover.ts';
import { besideFile, besideRole, fragmentPlay, rolePlay, tasksPlay } from './madePlays.ts';

/** Folders of a role whose files can be chosen where it is used, and the option that does. */
const FRAGMENTS = { tasks: 'tasks_from', handlers: 'handlers_from' } as const;

export interface Findings {
  readonly errors: readonly DroverError[];
  readonly warnings: readonly Warning[];
  /** Encrypted files that no password was given for. */
  readonly unopened: readonly string[];
  /** How many files were read. */
  readonly fileCount: number;
}

/** @param paths absolute. @throws LoadError for a path where nothing is. */
export async function lintPaths(
  paths: readonly string[],
  request: RunRequest,
  world: World,
): Promise<Findings> {
  const check = new LintCheck(request, world);
  for (const path of paths) check.discovery.add(path);
  await check.whole();
  await check.fragments();
  check.otherFiles();
  return check.findings();
}

/** Files that nobody can open count as empty: what they hold is not known to be wrong. */
class UnopenedVaults extends VaultKeyring {
  readonly files = new Set<string>();

  constructor() {
    super([]);
  }

  override decryptFile(_text: string, file: string): string {
    this.files.add(file);
    return '{}\n';
  }
}

class LintCheck {
  readonly discovery: Discovery;
  readonly #request: RunRequest;
  readonly #world: World;
  readonly #registry = new Registry(builtinModules);
  readonly #problems = new Problems();
  readonly #templates = createTemplateEngine();
  readonly #unopened = new UnopenedVaults();
  readonly #documents: Documents;
  readonly #read = new Set<string>();

  constructor(request: RunRequest, world: World) {
    const keyring = request.keyring.isEmpty ? this.#unopened : request.keyring;
    this.#request = { ...request, keyring };
    this.#world = world;
    this.#documents = new Documents(nodeFiles, (text, file) => keyring.decryptFile(text, file), {
      duplicateKeys: request.duplicateKeys,
    });
    this.discovery = new Discovery(nodeFiles, this.#documents, this.#problems);
  }

  /** Playbooks, and roles as a play would use them. */
  async whole(): Promise<void> {
    const { playbooks, roles, taskFiles } = this.discovery.found;
    const made = new Map<string, string>();
    for (const role of roles) made.set(besideRole(role, 'role'), rolePlay(role));
    const given = this.#variablesBeside();
    await this.#load(
      [...playbooks],
      made,
      (name) => given.has(name) || this.#unopened.files.size > 0,
    );
    const lists = [...taskFiles].map((file) => [besideFile(file), tasksPlay(file)] as const);
    await this.#load([], new Map(lists), () => true);
  }

  /** Files of roles that nothing includes by a fixed name: what surrounds them when they are used is not known. */
  async fragments(): Promise<void> {
    const made = new Map<string, string>();
    for (const role of this.discovery.found.roles) {
      for (const [folder, option] of Object.entries(FRAGMENTS)) {
        for (const name of this.#unread(join(role, folder), /\.ya?ml$/)) {
          made.set(besideRole(role, `${option} ${name}`), fragmentPlay(role, option, name));
        }
      }
    }
    await this.#load([], made, () => true);
  }

  /** YAML that must parse, templates that must compile. */
  otherFiles(): void {
    const { dataFiles, roles } = this.discovery.found;
    for (const file of dataFiles) this.#parse(file);
    for (const role of roles) {
      for (const folder of ['vars', 'defaults', 'meta']) {
        for (const name of this.#unread(join(role, folder), /\.ya?ml$/)) {
          this.#parse(join(role, folder, name));
        }
      }
      for (const name of this.#unread(join(role, 'templates'), /\.(j2|jinja2?)$/)) {
        this.#template(join(role, 'templates', name));
      }
    }
  }

  findings(): Findings {
    return {
      errors: this.#problems.errorsInFileOrder(),
      warnings: this.#problems.warnings,
      unopened: [...this.#unopened.files],
      fileCount: this.#read.size,
    };
  }

  /** @param made playbooks that are in no file, by the path they would have. */
  async #load(
    playbooks: readonly string[],
    made: ReadonlyMap<string, string>,
    assumesVariable: (name: string) => boolean,
  ): Promise<void> {
    const all = [...playbooks, ...made.keys()];
    if (all.length === 0) return;
    const files = new OverlaidFiles(nodeFiles, made);
    const request = { ...this.#request, files, playbooks: all };
    const services = {
      registry: this.#registry,
      world: this.#world,
      warn: (warning: Warning) => this.#warn(warning),
      addSecret: () => undefined,
      assumesVariable,
    };
    try {
      await Project.open(request, services);
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
      for (const one of error instanceof LoadErrors ? error.errors : [error])
        this.#found(one, made.size > 0);
    }
    for (const file of files.read) if (!made.has(file)) this.#read.add(file);
  }

  /** @param isMade a role or file of tasks by itself: what it notifies may be the handler of another role of the play. */
  #found(error: DroverError, isMade: boolean): void {
    const { code, message, source, hint } = error;
    if (isMade && code === 'DROVER_UNKNOWN_HANDLER')
      this.#warn({ kind: 'warning', message, source, hint });
    else this.#problems.add(error);
  }

  /** Names in `group_vars/` and `host_vars/`: which hosts are in which groups may not be known here. */
  #variablesBeside(): ReadonlySet<string> {
    const isBeside = (file: string) => VARS_FOLDERS.some((name) => file.includes(`/${name}/`));
    const files = [...this.discovery.found.dataFiles].filter(isBeside);
    return new Set(files.flatMap((file) => this.#keysOf(file)));
  }

  #keysOf(file: string): readonly string[] {
    const node = this.#parse(file);
    return node?.kind === 'mapping' ? node.entries.map(({ key }) => String(key.value)) : [];
  }

  #warn(warning: Warning): void {
    const isKnown = this.#problems.warnings.some(
      ({ message, source }) =>
        message === warning.message && JSON.stringify(source) === JSON.stringify(warning.source),
    );
    if (!isKnown && warning.source !== undefined) this.#problems.warnings.push(warning);
  }

  #parse(file: string): Node | undefined {
    this.#read.add(file);
    return this.#problems.attempt(() => this.#documents.read(file, this.#problems));
  }

  #template(file: string): void {
    this.#read.add(file);
    const text = nodeFiles.readText(file);
    const { errors, missing } = this.#templates.checkFile(text, file);
    for (const error of errors) this.#problems.add(error);
    this.#problems.warnOf(missing);
  }

  /** Names, relative to the folder, of files that no playbook read so far. */
  #unread(folder: string, pattern: RegExp): readonly string[] {
    const files = this.discovery.filesBelow(folder);
    const unread = files.filter((file) => pattern.test(file) && !this.#read.has(file));
    return unread.map((file) => relative(folder, file));
  }
}

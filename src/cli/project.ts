/** The files of a run, loaded: playbooks with their roles, inventory, variables. All that is wrong in them shows at once. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type DroverError, LoadErrors, type Warning } from '../core/errors.ts';
import { secretsIn } from '../core/secretNames.ts';
import type { Value } from '../core/values.ts';
import { matchHosts } from '../inventory/hostPattern.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { programRunner } from '../inventory/script.ts';
import { loadInventory } from '../inventory/sources.ts';
import type { Module } from '../modules/module.ts';
import { ProjectModules } from '../modules/project/projectModules.ts';
import type { Registry } from '../modules/registry.ts';
import { PlaybookLoader } from '../playbook/loader.ts';
import type { Play, Playbook, Task } from '../playbook/model.ts';
import { collectionsOf, fileCandidates, searchPlace } from '../playbook/searchPath.ts';
import { Documents } from '../source/documents.ts';
import { nodeFiles } from '../source/files.ts';
import { type Node, valueOfNode } from '../source/node.ts';
import { Problems } from '../source/problems.ts';
import { findVarsFiles, readVarsFiles } from '../source/varsFiles.ts';
import { createTemplateEngine } from '../template/create.ts';
import type { SearchPath } from '../template/scope.ts';
import type { TemplateEngine, TemplateLoader } from '../template/template.ts';
import { nodeLayer, VariableScope } from '../vars/scope.ts';
import { secretsInClearText } from '../vars/vault/clearText.ts';
import { contentCheck } from './contentCheck.ts';
import { extraVariables } from './extraVars.ts';
import { HostSelection } from './hostSelection.ts';
import type { RunRequest } from './runRequest.ts';
import { templateWarning } from './templateHooks.ts';
import type { World } from './world.ts';

export interface ProjectServices {
  readonly registry: Registry;
  readonly world: World;
  readonly warn: (warning: Warning) => void;
  readonly addSecret: (text: string) => void;
  /** Whether a variable may be given by what is not known here; default: none is. */
  readonly assumesVariable?: (name: string) => boolean;
}

export const NO_INVENTORY: Warning = {
  kind: 'warning',
  message: 'no inventory: only the implicit localhost is there, and "all" does not name it',
  hint: 'give one with -i',
};

export class Project {
  readonly templates: TemplateEngine;
  readonly inventory: Inventory;
  readonly hosts: HostSelection;
  readonly loader: PlaybookLoader;
  readonly extraVars: ReadonlyMap<string, Node>;
  readonly #request: RunRequest;
  readonly #world: World;
  readonly #warn: (warning: Warning) => void;
  /** What vaulted values held. */
  readonly #vaultTexts = new Set<string>();
  readonly #addSecret: (text: string) => void;
  readonly #documents: Documents;
  readonly #modules: ProjectModules;
  readonly #assumesVariable: (name: string) => boolean;
  /** What the inventory's files told. */
  readonly #found: {
    readonly errors: readonly DroverError[];
    readonly warnings: readonly Warning[];
  };
  #playbooks: readonly Playbook[] = [];
  #playbookDir: string;

  private constructor(request: RunRequest, services: ProjectServices) {
    const { registry, world, warn, addSecret, assumesVariable } = services;
    this.#request = request;
    this.#assumesVariable = assumesVariable ?? (() => false);
    this.#world = world;
    this.#warn = warn;
    this.#addSecret = addSecret;
    this.#playbookDir = firstPlaybookDir(request, world);
    this.#documents = new Documents(nodeFiles, (text, file) => this.#decrypt(text, file), {
      duplicateKeys: request.duplicateKeys,
    });
    this.templates = this.#templateEngine();
    this.extraVars = extraVariables(request.extraVars, (file) =>
      this.variablesIn(resolve(world.cwd, file)),
    );
    for (const [name, node] of this.extraVars) {
      for (const secret of secretsIn(new Map([[name, valueOfNode(node)]]))) addSecret(secret);
    }
    this.#modules = new ProjectModules(registry, {
      cwd: world.cwd,
      libraryPath: request.libraryPath,
      collectionsPath: request.collectionsPath,
      environment: world.environment,
    });
    const { inventory, ...found } = this.#loadInventory();
    this.inventory = inventory;
    this.#found = found;
    this.loader = this.#playbookLoader();
    this.hosts = new HostSelection({ inventory, limit: request.limit, cwd: world.cwd, warn });
  }

  /** @throws LoadErrors with everything that is wrong. */
  static async open(request: RunRequest, services: ProjectServices): Promise<Project> {
    const project = new Project(request, services);
    await project.#loadPlaybooks();
    return project;
  }

  get playbooks(): readonly Playbook[] {
    return this.#playbooks;
  }

  async #loadPlaybooks(): Promise<void> {
    const { playbooks, inventory } = this.#request;
    const loaded = await this.loader.loadPlaybooks(playbooks);
    for (const warning of [...loaded.warnings, ...this.#found.warnings]) this.#warn(warning);
    throwIfAny([...loaded.errors, ...this.#found.errors]);
    this.#playbooks = loaded.playbooks;
    if (inventory.length === 0 && playbooks.length > 0) this.#warn(NO_INVENTORY);
    this.hosts.requireAny();
  }

  /** Directory of the playbook that runs now, absolute. */
  get playbookDir(): string {
    return this.#playbookDir;
  }

  enterPlay(play: Play): void {
    this.#playbookDir = resolve(this.#world.cwd, dirname(play.file));
  }

  /** `meta: refresh_inventory`: reads the sources again; hosts and variables that are new or changed join those known. */
  refreshInventory(): void {
    const { inventory, errors, warnings } = this.#loadInventory();
    for (const warning of warnings) this.#warn(warning);
    throwIfAny(errors);
    this.inventory.replaceWith(inventory);
  }

  /** The module of a task, when it is loaded: that of every task which names it without a template. */
  findModule(task: Task): Module | undefined {
    return this.#modules.findLoaded(task.module, searchPlace(task, this.#playbookDir));
  }

  /** @throws LoadError when nobody knows the task's module. */
  module(task: Task, play: Play): Promise<Module> {
    const place = {
      ...searchPlace(task, this.#playbookDir),
      collections: collectionsOf(task, play),
    };
    return this.#modules.get(task.module, place, task.moduleSource);
  }

  /** Hosts of a play under `--limit`, in inventory order. */
  match(pattern: Value, play: Play): readonly string[] {
    const parts = Array.isArray(pattern) ? pattern.map(String) : String(pattern);
    return this.hosts.matching(parts, play.hosts.source);
  }

  /** Places where a file of a task may be, best first. */
  candidates(task: Task, kind: Parameters<typeof fileCandidates>[0], name: string): string[] {
    const file = name.startsWith('~/') ? join(this.#world.home, name.slice(2)) : name;
    return fileCandidates(kind, file, searchPlace(task, this.#playbookDir)).map((candidate) =>
      resolve(this.#world.cwd, candidate),
    );
  }

  /** Where lookups in a task's templates search. */
  searchPath(task: Task | undefined): SearchPath {
    if (task === undefined) return (kind) => [join(this.#playbookDir, kind), this.#playbookDir];
    return (kind) => this.candidates(task, kind, '.');
  }

  /** The variables of a YAML or JSON file. @throws LoadError for anything else. */
  variablesIn(file: string): ReadonlyMap<string, Node> {
    const problems = new Problems();
    const files = existsSync(file) ? [file] : findVarsFiles(nodeFiles, file);
    const variables = readVarsFiles(this.#documents, files.length === 0 ? [file] : files, problems);
    for (const warning of problems.warnings) this.#warn(warning);
    throwIfAny(problems.errors);
    return variables;
  }

  /** A file's bytes, decrypted when it is a vault. */
  decryptFile(content: Buffer, file: string): Buffer {
    const isVault = content.subarray(0, 15).toString('latin1') === '$ANSIBLE_VAULT;';
    const source = { file, line: 1, column: 1 };
    if (!isVault) return content;
    const clear = this.#request.keyring.decryptBytes(content.toString('utf8'), source);
    this.#addSecrets(clear.toString('utf8'), file);
    return clear;
  }

  /** A password as `vars_prompt` with `encrypt` keeps it. */
  passwordHash(text: string, scheme: string, salt: string | undefined): Value {
    const values = new Map<string, Value>([
      ['text', text],
      ['scheme', scheme],
      ['salt', salt ?? null],
    ]);
    const scope = { lookup: (name: string) => values.get(name), names: () => values.keys() };
    const expression =
      salt === undefined ? 'text | password_hash(scheme)' : 'text | password_hash(scheme, salt)';
    return this.templates.evaluateExpression(expression, scope);
  }

  /** A template that another one includes. */
  loadTemplate(name: string, folders: readonly string[]): ReturnType<TemplateLoader> {
    const files = folders.map((folder) => resolve(folder, name));
    const file = files.find((candidate) => existsSync(candidate));
    if (file === undefined) return undefined;
    return { file, text: this.decryptFile(readFileSync(file), file).toString('utf8') };
  }

  #decrypt(text: string, file: string): string {
    const clear = this.#request.keyring.decryptFile(text, file);
    this.#addSecrets(clear, file);
    return clear;
  }

  #loadInventory(): ReturnType<typeof loadInventory> {
    const { inventory, inventoryTimeoutMs, mergesDicts, duplicateKeys, groupNames, playbooks } =
      this.#request;
    const { cwd, environment } = this.#world;
    return loadInventory(inventory, {
      cwd,
      decrypt: (text, file) => this.#decrypt(text, file),
      duplicateKeys,
      groupNames,
      mergesDicts,
      run: programRunner(environment, inventoryTimeoutMs),
      templates: this.templates,
      extraVars: this.extraVars,
      playbookDirs:
        playbooks.length === 0
          ? [this.#playbookDir]
          : playbooks.map((playbook) => dirname(playbook)),
    });
  }

  #playbookLoader(): PlaybookLoader {
    const { rolesPath, collectionsPath, duplicateKeys, plays } = this.#request;
    return new PlaybookLoader({
      files: this.#request.files ?? nodeFiles,
      cwd: this.#world.cwd,
      rolesPath,
      collectionsPath,
      decrypt: (text, file) => this.#decrypt(text, file),
      duplicateKeys,
      missingHandlerIsError: plays.missingHandlerIsError,
      evaluate: (node, variables) => this.#evaluateStatic(node, variables),
      check: contentCheck(this.#modules, this.templates, (name) => this.#mayBeGiven(name)),
    });
  }

  /** Whether the command line or the inventory defines a variable, for any host. */
  #mayBeGiven(name: string): boolean {
    const { hostNames, groupNames } = this.inventory;
    return (
      this.#assumesVariable(name) ||
      this.extraVars.has(name) ||
      hostNames.some((host) => this.inventory.variablesOf(host).has(name)) ||
      groupNames.some((group) => this.inventory.groupVars(group).has(name))
    );
  }

  #evaluateStatic(node: Node, variables: ReadonlyMap<string, Node>): Value {
    const layers = [nodeLayer(this.extraVars), nodeLayer(variables)];
    const scope = new VariableScope(layers, (inner, view) =>
      this.templates.evaluateNode(inner, view),
    );
    return this.templates.evaluateNode(node, scope);
  }

  #templateEngine(): TemplateEngine {
    const { templateMode, keyring, templateHooks } = this.#request;
    return createTemplateEngine({
      ...templateHooks,
      mode: templateMode,
      environment: this.#world.environment,
      now: this.#world.now,
      baseDirectory: this.#playbookDir,
      warn: (message, replacement, source) =>
        this.#warn(templateWarning(message, replacement, source)),
      readFile: (file) => this.decryptFile(readFileSync(file), file),
      decrypt: (text, source) => this.#vaulted(keyring.decrypt(text, source)),
      wasEncrypted: (text) => this.#vaultTexts.has(text),
      hostsMatching: (pattern) => matchHosts(this.inventory, pattern).hosts,
    });
  }

  #addSecrets(clear: string, file: string): void {
    for (const secret of secretsInClearText(clear, file)) this.#addSecret(secret);
  }

  /** What a vault held is secret for as long as the run lasts. */
  #vaulted(text: string): string {
    this.#addSecret(text);
    this.#vaultTexts.add(text);
    return text;
  }
}

function firstPlaybookDir({ playbooks, playbookDir }: RunRequest, { cwd }: World): string {
  const [first] = playbooks;
  return resolve(cwd, first === undefined ? (playbookDir ?? '.') : dirname(first));
}

function throwIfAny(errors: readonly DroverError[]): void {
  const [first] = errors;
  if (first !== undefined) throw errors.length === 1 ? first : new LoadErrors(errors);
}

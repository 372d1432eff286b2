/** Walks everything static and asks `ContentCheck` about modules, arguments and templates, so that all errors show at once. */
import { dirname } from 'node:path';
import type { DroverError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { FileSystem } from '../source/files.ts';
import type { Node } from '../source/node.ts';
import { Problems } from '../source/problems.ts';
import { isTemplateText } from '../source/shapes.ts';
import { shortName } from './actions.ts';
import { isConditional, isForgiven, isSurvived, surelyFails } from './certainty.ts';
import type { ContentCheck, KnownModule } from './contentCheck.ts';
import { ContentTexts } from './contentTexts.ts';
import { TASK_KEYWORDS } from './keywords.ts';
import type { Block, Item, Keywords, Play, Role, Task, Variables } from './model.ts';
import { unknownHandlerMessage, unknownNotifications } from './notifications.ts';
import { isKeyword } from './reservedNames.ts';
import { collectionsOf, searchPlace } from './searchPath.ts';
import {
  hasOwnSyntax,
  literalVarsFiles,
  missingVarsFiles,
  templateFile,
  templateName,
} from './staticIncludes.ts';
import { VariableUse } from './variableUse.ts';

/** Keywords whose texts are bare expressions. */
const EXPRESSIONS = ['when', 'until', 'changedWhen', 'failedWhen'] as const;

/** What the walk asks for beside the content that is loaded already. */
export interface WalkSources {
  readonly files: FileSystem;
  readonly missingHandlerIsError: boolean;
  /** The variables of a file of `vars_files`. */
  readonly variables: (file: string) => Variables;
  /** What an include brings that names it without a template; undefined when it cannot be told before the run. @throws LoadError */
  readonly included: (task: Task, play: Play, problems: Problems) => Block | undefined;
}

export class ContentWalk {
  readonly #check: ContentCheck;
  readonly #problems: Problems;
  readonly #sources: WalkSources;
  readonly #roles = new Set<Role>();
  readonly #included = new Set<string>();
  readonly #variableUse = new VariableUse();
  readonly #texts: ContentTexts;

  constructor(check: ContentCheck, problems: Problems, sources: WalkSources) {
    this.#check = check;
    this.#problems = problems;
    this.#sources = sources;
    this.#texts = new ContentTexts(check, problems, this.#variableUse);
  }

  /** What can be said once all plays were seen. */
  finish(): void {
    const isKnown = (name: string) => this.#check.isKnownVariable(name);
    for (const [name, source] of this.#variableUse.undefinedNames(isKnown)) {
      const near = didYouMean(name, this.#variableUse.definedNames);
      const hint = near ?? 'give it with -e or in the inventory, or write a default';
      this.#problems.warn(`nothing defines the variable "${name}"`, source, hint);
    }
  }

  async play(play: Play): Promise<void> {
    this.#variableUse.play(play);
    this.#varsFiles(play);
    this.#reservedNames(play.keywords.vars);
    this.#notifications(play);
    this.#keywords(play.keywords);
    this.#texts.templates(play.hosts);
    for (const node of Object.values(play.options)) this.#texts.templates(node);
    for (const node of play.varsFiles) this.#texts.templates(node);
    const sections = [play.preTasks, play.roles, play.tasks, play.postTasks];
    await this.items([...sections, ...play.handlers], play);
  }

  #varsFiles(play: Play): void {
    this.#addOrWarn(missingVarsFiles(this.#sources.files, play), true);
    for (const file of literalVarsFiles(this.#sources.files, play)) {
      if (file === undefined) this.#variableUse.open();
      else {
        const variables = this.#problems.attempt(() => this.#sources.variables(file));
        this.#variableUse.define(variables);
        this.#reservedNames(variables);
      }
    }
  }

  /** Variables that hide a function of templates, or read like a keyword. */
  #reservedNames(variables: Variables = new Map()): void {
    for (const [name, { source }] of variables) {
      if (!isKeyword(name) && !this.#check.isTemplateFunction(name)) continue;
      const hint = 'give the variable another name';
      this.#problems.warn(`Found variable using reserved name: ${name}`, source, hint);
    }
  }

  /** A task that changes nothing notifies nobody: what may not run is told as a warning. */
  #notifications(play: Play): void {
    for (const { task, node, known } of unknownNotifications(play)) {
      const message = unknownHandlerMessage(String(node.value));
      const hint = didYouMean(String(node.value), known);
      const isError = this.#sources.missingHandlerIsError && !isConditional(task);
      if (!isError) this.#problems.warn(message, node.source, hint);
      else this.#problems.error('DROVER_UNKNOWN_HANDLER', message, node.source, hint);
    }
  }

  async items(items: readonly Item[], play: Play): Promise<void> {
    for (const item of items) {
      if (item.kind === 'task') await this.#task(item, play);
      else await this.#block(item, play);
    }
  }

  async #block(block: Block, play: Play): Promise<void> {
    this.#keywords(block.keywords);
    if (block.role !== undefined) {
      this.#role(block.role.role);
      for (const { params, defaults, vars } of [block.role])
        for (const variables of [params, defaults, vars]) this.#variableUse.define(variables);
      this.#texts.variables(block.role.params);
      await this.items(block.role.handlers, play);
    }
    for (const items of [block.block, block.rescue, block.always]) await this.items(items, play);
  }

  /** Variables of a role, once for all its uses. */
  #role(role: Role): void {
    if (this.#roles.has(role)) return;
    this.#roles.add(role);
    for (const variables of [role.defaults, role.vars]) {
      this.#variableUse.define(variables);
      this.#reservedNames(variables);
      this.#unusedVariables(variables);
    }
  }

  async #task(task: Task, play: Play): Promise<void> {
    this.#keywords(task.keywords);
    if (task.name !== undefined) this.#texts.templates(task.name);
    if (isTemplateText(task.module)) {
      this.#variableUse.open();
      return;
    }
    const place = {
      ...searchPlace(task, dirname(play.file)),
      collections: collectionsOf(task, play),
    };
    const module = await this.#check.module(task.module, place);
    this.#variableUse.task(task, module !== undefined);
    await this.#include(task, play);
    this.#templateFile(task, play);
    if (module === undefined) this.#unknownModule(task);
    else if (this.#arguments(task, module)) {
      // Those of another system's module may be none that drover knows, as long as nothing runs it.
      const isSure = !isForgiven(task) && !isConditional(task);
      this.#addOrWarn(module.argumentErrors(task), isSure);
    }
  }

  /** What is wrong inside a file or role that may never be included is only worth a warning. */
  async #include(task: Task, play: Play): Promise<void> {
    const problems = new Problems();
    const block = problems.attempt(() => this.#sources.included(task, play, problems));
    if (block !== undefined && this.#isNew(block)) {
      const inner = new ContentWalk(this.#check, problems, this.#sources);
      await inner.#includedItems(block, play, this);
    }
    this.#addOrWarn(problems.errors, surelyFails(task));
    this.#problems.warnOf(problems.warnings);
  }

  /** The file of a `template` task, when it is named without a template and there already. */
  #templateFile(task: Task, play: Play): void {
    const name = templateName(task);
    if (name === undefined) return;
    const key = `template ${name} ${task.source.file}`;
    if (this.#included.has(key)) return;
    this.#included.add(key);
    const file = templateFile(this.#sources.files, name, task, play);
    if (file === undefined) return;
    const text = this.#sources.files.readText(file);
    if (text.startsWith('$ANSIBLE_VAULT;') || hasOwnSyntax(task)) return;
    const { errors, missing } = this.#check.templateFile(text, file);
    this.#addOrWarn(errors, surelyFails(task));
    this.#problems.warnOf(missing);
  }

  /** Shares with the walk that it is part of which includes were seen. */
  async #includedItems(block: Block, play: Play, outer: ContentWalk): Promise<void> {
    for (const name of outer.#included) this.#included.add(name);
    await this.items([block], play);
    for (const name of this.#included) outer.#included.add(name);
  }

  #isNew(block: Block): boolean {
    const name = block.file ?? `role ${block.role?.key}`;
    if (this.#included.has(name)) return false;
    this.#included.add(name);
    return true;
  }

  /**
   * One that exists elsewhere is an error when it runs, not before: the task may be for another system. Behind a condition
   * an unknown name may be one of those too.
   */
  #unknownModule(task: Task): void {
    const missing = this.#check.missingModule(task.module);
    if (missing !== undefined) {
      this.#problems.warn(missing.message, task.moduleSource, missing.hint);
      return;
    }
    const name = shortName(task.module);
    const hint = didYouMean(name, [...this.#check.moduleNames(), ...Object.keys(TASK_KEYWORDS)]);
    const message = `unknown module "${task.module}"`;
    if (isConditional(task)) this.#problems.warn(message, task.moduleSource, hint);
    else this.#problems.error('DROVER_UNKNOWN_MODULE', message, task.moduleSource, hint);
  }

  /**
   * A template that cannot be evaluated fails the task, and where the playbook lives with that it is only worth a warning.
   * @returns whether the templates in the arguments are sound, so that the arguments can be looked at.
   */
  #arguments(task: Task, { expressions }: KnownModule): boolean {
    const errorsBefore = this.#problems.errors.length;
    const { named, freeForm, template } = task.arguments;
    for (const { key, value } of named.entries) {
      if (expressions.includes(String(key.value))) this.#texts.expressions(value);
      else if (key.value !== 'argument_spec') this.#texts.templates(value);
    }
    if (freeForm !== undefined) this.#texts.templates(freeForm);
    if (template !== undefined) this.#texts.templates(template);
    const found = this.#problems.errors.splice(errorsBefore);
    this.#addOrWarn(found, !isSurvived(task));
    return found.length === 0;
  }

  #keywords(keywords: Keywords): void {
    this.#variableUse.keywords(keywords);
    this.#debugger(keywords);
    for (const name of EXPRESSIONS)
      for (const node of keywords[name] ?? []) this.#texts.expressions(node);
    const { loop, loopControl = {}, vars } = keywords;
    if (loop !== undefined) this.#texts.loop(loop);
    for (const node of loopControl.breakWhen ?? []) this.#texts.expressions(node);
    if (loopControl.label !== undefined) this.#texts.templates(loopControl.label);
    if (vars !== undefined) this.#texts.variables(vars);
    for (const node of plainKeywords(keywords)) this.#texts.templates(node);
  }

  #debugger({ debugger: node }: Keywords): void {
    if (node === undefined || (node.kind === 'scalar' && node.value === 'never')) return;
    const hint = 'failures are told with their place, result and hint; drover opens no debugger';
    this.#problems.warn('the keyword "debugger" has no effect', node.source, hint);
  }

  /** Of a role's variables many are never read: what they use is no reason for a word, what is wrong in them is one. */
  #unusedVariables(variables: Variables): void {
    const problems = new Problems();
    new ContentTexts(this.#check, problems, new VariableUse()).variables(variables);
    this.#problems.warnOf([...problems.errors, ...problems.warnings]);
  }

  #addOrWarn(errors: readonly DroverError[], areErrors: boolean): void {
    if (areErrors) for (const error of errors) this.#problems.add(error);
    else this.#problems.warnOf(errors);
  }
}

/** Keywords whose values are templates as they stand. */
function plainKeywords(keywords: Keywords): readonly Node[] {
  const { environment = [], moduleDefaults = [], tags = [], notify = [] } = keywords;
  const lists = [...environment, ...moduleDefaults, ...tags, ...notify];
  const single = Object.values(keywords).filter((value) => isNode(value));
  return [...lists, ...single];
}

function isNode(value: Keywords[keyof Keywords]): value is Node {
  return typeof value === 'object' && 'kind' in value;
}

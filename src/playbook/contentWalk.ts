/** Walks everything static and asks `ContentCheck` about modules, arguments and templates, so that all errors show at once. */
import { dirname } from 'node:path';
import type { DroverError } from '../core/errors.ts';
import { didYouMean } from '../core/nearest.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isTemplate, isTemplateText } from '../source/shapes.ts';
import { shortName } from './actions.ts';
import type { ContentCheck, KnownModule } from './contentCheck.ts';
import { TASK_KEYWORDS } from './keywords.ts';
import type { Block, Item, Keywords, Play, Role, Task, Variables } from './model.ts';
import { enclosingBlocks, searchPlace } from './searchPath.ts';

/** Keywords whose texts are bare expressions. */
const EXPRESSIONS = ['when', 'until', 'changedWhen', 'failedWhen'] as const;

export class ContentWalk {
  readonly #check: ContentCheck;
  readonly #problems: Problems;
  readonly #roles = new Set<Role>();

  constructor(check: ContentCheck, problems: Problems) {
    this.#check = check;
    this.#problems = problems;
  }

  play(play: Play): void {
    this.#keywords(play.keywords);
    this.#templates(play.hosts);
    for (const node of Object.values(play.options)) this.#templates(node);
    for (const node of play.varsFiles) this.#templates(node);
    const sections = [play.preTasks, play.roles, play.tasks, play.postTasks];
    this.items([...sections, ...play.handlers], play);
  }

  items(items: readonly Item[], play: Play): void {
    for (const item of items) {
      if (item.kind === 'task') this.#task(item, play);
      else this.#block(item, play);
    }
  }

  #block(block: Block, play: Play): void {
    this.#keywords(block.keywords);
    if (block.role !== undefined) {
      this.#role(block.role.role);
      this.#variables(block.role.params);
      this.items(block.role.handlers, play);
    }
    for (const items of [block.block, block.rescue, block.always]) this.items(items, play);
  }

  /** Variables of a role, once for all its uses. */
  #role(role: Role): void {
    if (this.#roles.has(role)) return;
    this.#roles.add(role);
    this.#variables(role.defaults);
    this.#variables(role.vars);
  }

  #task(task: Task, play: Play): void {
    this.#keywords(task.keywords);
    if (task.name !== undefined) this.#templates(task.name);
    if (isTemplateText(task.module)) return;
    const place = searchPlace(task, dirname(play.file));
    const module = this.#check.module(task.module, place);
    if (module === undefined) this.#unknownModule(task);
    else if (this.#arguments(task, module)) this.#add(this.#check.arguments(task, place));
  }

  /** Of another system perhaps: behind a condition it may never run, so it is only a warning there. */
  #unknownModule(task: Task): void {
    const name = shortName(task.module);
    const hint = didYouMean(name, [...this.#check.moduleNames(), ...Object.keys(TASK_KEYWORDS)]);
    const message = `unknown module "${task.module}"`;
    if (isConditional(task)) this.#problems.warn(message, task.moduleSource, hint);
    else this.#problems.error('DROVER_UNKNOWN_MODULE', message, task.moduleSource, hint);
  }

  /** @returns whether the templates in the arguments are sound, so that the arguments can be looked at. */
  #arguments(task: Task, { expressions }: KnownModule): boolean {
    const errorsBefore = this.#problems.errors.length;
    const { named, freeForm, template } = task.arguments;
    for (const { key, value } of named.entries) {
      if (expressions.includes(String(key.value))) this.#expressions(value);
      else if (key.value !== 'argument_spec') this.#templates(value);
    }
    if (freeForm !== undefined) this.#templates(freeForm);
    if (template !== undefined) this.#templates(template);
    return this.#problems.errors.length === errorsBefore;
  }

  #keywords(keywords: Keywords): void {
    for (const name of EXPRESSIONS)
      for (const node of keywords[name] ?? []) this.#expressions(node);
    const { loop, loopControl = {}, vars } = keywords;
    if (loop !== undefined) this.#templates(loop.items);
    for (const node of loopControl.breakWhen ?? []) this.#expressions(node);
    if (loopControl.label !== undefined) this.#templates(loopControl.label);
    if (vars !== undefined) this.#variables(vars);
    for (const node of plainKeywords(keywords)) this.#templates(node);
  }

  #variables(variables: Variables): void {
    for (const node of variables.values()) this.#templates(node);
  }

  /** A condition may be text, a list of texts, or (old) a whole template. */
  #expressions(node: Node): void {
    if (node.kind === 'sequence') for (const item of node.items) this.#expressions(item);
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.tag !== undefined) return;
    if (isTemplate(node)) this.#add(this.#check.template(node));
    else if (node.value.trim() !== '') this.#add(this.#check.expression(node));
  }

  #templates(node: Node): void {
    switch (node.kind) {
      case 'scalar':
        if (isTemplate(node)) this.#add(this.#check.template(node as ScalarNode));
        return;
      case 'sequence':
        for (const item of node.items) this.#templates(item);
        return;
      case 'mapping':
        for (const { value } of node.entries) this.#templates(value);
        return;
      case 'data':
        return;
      default:
        node satisfies never;
    }
  }

  #add(errors: readonly DroverError[]): void {
    for (const error of errors) this.#problems.add(error);
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

function isConditional(task: Task): boolean {
  const blocks = [...enclosingBlocks(task)];
  return [task, ...blocks].some(({ keywords }) => (keywords.when ?? []).length > 0);
}

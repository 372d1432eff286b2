/** One play: its hosts, its variables, its handlers, its batches. */
import { TemplateError } from '../../core/errors.ts';
import type { Emit, PlayRef } from '../../core/events.ts';
import type { Value } from '../../core/values.ts';
import type { Block, Play, Task } from '../../playbook/model.ts';
import type { Node } from '../../source/node.ts';
import type { Scope } from '../../template/scope.ts';
import { isTemplate, type TemplateEngine } from '../../template/template.ts';
import type { PlayVariables, RunVariables } from '../../vars/runVariables.ts';
import { dataLayer } from '../../vars/scope.ts';
import { strategyByName } from '../strategies/byName.ts';
import { booleanOf } from '../tasks/connectionSettings.ts';
import { gatherTask } from '../tasks/gatherTask.ts';
import { KeywordReader } from '../tasks/keywordReader.ts';
import { gathered, inherited } from '../tasks/keywords.ts';
import { type TaskIds, taskReference } from '../tasks/taskReference.ts';
import { type BatchOptions, BatchRun, type BatchServices } from './batchRun.ts';
import { orderedHosts } from './hostOrder.ts';
import { playHandlers } from './playHandlers.ts';
import { playRoot, roleUses } from './playTree.ts';
import { type PromptServices, promptedValues } from './prompts.ts';
import { batches } from './serial.ts';
import type { StartAt } from './startAt.ts';
import { isSelectedByTags, type TagSelection } from './tags.ts';
import { type VarsFileReader, VarsFilesLayer } from './varsFiles.ts';

export interface PlayServices {
  readonly batch: Omit<BatchServices, 'flag' | 'throttle' | 'reference'>;
  readonly templates: TemplateEngine;
  readonly variables: RunVariables;
  readonly emit: Emit;
  readonly tags: TagSelection;
  /** Hosts of a pattern, `--limit` applied. @throws DroverError for a pattern that makes no sense. */
  readonly match: (pattern: Value, play: Play) => readonly string[];
  readonly prompts: PromptServices;
  readonly varsFiles: Omit<VarsFileReader, 'evaluate'>;
  readonly defaults: PlayDefaults;
  readonly startAt: StartAt;
  readonly taskIds: TaskIds;
}

/** Settings that hold where a play says nothing. */
export interface PlayDefaults {
  readonly strategy: string;
  readonly gathersFacts: boolean;
  /** `smart`: hosts whose facts are known are not asked again. */
  readonly gathersOnce: boolean;
  readonly gatherSubset: readonly string[];
  readonly forceHandlers: boolean;
  /** Else a warning. */
  readonly missingHandlerIsError: boolean;
  readonly anyErrorsFatal: boolean;
  /** Blocks rescue also hosts that become unreachable. */
  readonly rescuesUnreachable: boolean;
}

/** How a play ended. */
export interface PlayEnd {
  readonly failed: ReadonlySet<string>;
  readonly unreachable: ReadonlySet<string>;
  /** No host is left to go on with: what follows does not run. */
  readonly isExhausted: boolean;
}

/** A batch among the hosts of its play. */
interface BatchPlace {
  /** Hosts of the play's pattern, in the order of the inventory. */
  readonly matched: readonly string[];
  readonly batch: readonly string[];
  /** Hosts that were lost before this batch. */
  readonly gone: ReadonlySet<string>;
}

export class PlayRun {
  readonly #services: PlayServices;
  readonly #play: Play;
  #scope: Scope;
  /** Answers of `vars_prompt`, which are there before anything else of the play is evaluated. */
  #prompted: ReadonlyMap<string, Value> = new Map();
  readonly #selected = new Map<Task, boolean>();
  /** Tasks before `--start-at-task`. */
  #skipped: ReadonlySet<Task> = new Set();
  #batch: BatchRun | undefined;

  constructor(services: PlayServices, play: Play) {
    this.#services = services;
    this.#play = play;
    this.#scope = services.variables.playScope(play);
  }

  /** @param lost hosts that failed or got lost in earlier plays. */
  async run(id: string, lost: ReadonlySet<string>): Promise<PlayEnd> {
    const { emit } = this.#services;
    await this.#ask();
    const pattern = this.#services.templates.evaluateNode(this.#play.hosts, this.#scope);
    const ref = { id, name: this.#name(pattern), source: this.#play.source };
    const matched = this.#services.match(pattern, this.#play);
    this.#skipBeforeStart(matched);
    if (matched.length > 0) return this.#runBatches(ref, matched, lost);
    emit({ type: 'playStarted', play: ref, hosts: [] });
    emit({ type: 'noHostsMatched', play: ref });
    return { failed: new Set(), unreachable: new Set(), isExhausted: false };
  }

  /** A play without hosts holds no place to start at. */
  #skipBeforeStart(hosts: readonly string[]): void {
    if (hosts.length === 0) return;
    const { startAt } = this.#services;
    this.#skipped = startAt.skippedIn(this.#tree(), (task) => this.#isTagged(task));
  }

  /** Batches are cut before lost hosts are left out of them. */
  async #runBatches(
    ref: PlayRef,
    matched: readonly string[],
    lost: ReadonlySet<string>,
  ): Promise<PlayEnd> {
    const failed = new Set<string>();
    const unreachable = new Set<string>();
    const { serial } = this.#play.options;
    const size = serial === undefined ? undefined : this.#value(serial);
    const source = serial?.source ?? this.#play.source;
    for (const cut of batches(this.#ordered(matched), size, source)) {
      const batch = cut.filter((host) => !lost.has(host));
      this.#services.emit({ type: 'playStarted', play: ref, hosts: batch });
      const gone = new Set([...lost, ...failed, ...unreachable]);
      const end = await this.#runBatch(ref, { matched, batch, gone });
      for (const host of end.failed) failed.add(host);
      for (const host of end.unreachable) unreachable.add(host);
      if (end.isAborted) this.#services.emit({ type: 'noHostsLeft', play: ref });
      const isExhausted = end.failed.size + end.unreachable.size >= cut.length;
      if (end.isAborted || isExhausted) return { failed, unreachable, isExhausted: true };
      if (end.endsPlay) break;
    }
    return { failed, unreachable, isExhausted: false };
  }

  async #runBatch(
    ref: PlayRef,
    { matched, batch, gone }: BatchPlace,
  ): Promise<Awaited<ReturnType<BatchRun['run']>>> {
    this.#batch = undefined;
    const members = new Set(batch);
    const variables = this.#services.variables.forPlay(this.#play, ref.name, {
      all: matched,
      batch: matched.filter((host) => members.has(host)),
      gone: () => new Set([...gone, ...(this.#batch?.goneHosts ?? [])]),
    });
    variables.addPrompted(dataLayer(this.#prompted));
    for (const use of roleUses(this.#tree())) if (use.isPublic) variables.addRole(use);
    for (const host of batch) this.#addFiles(variables, host);
    const options = this.#batchOptions(variables, batch);
    this.#batch = new BatchRun(this.#batchServices(variables), options);
    return this.#batch.run();
  }

  #batchOptions(variables: PlayVariables, hosts: readonly string[]): BatchOptions {
    const { strategy, forceHandlers, maxFailPercentage } = this.#play.options;
    const { defaults } = this.#services;
    const name = strategy === undefined ? defaults.strategy : String(this.#value(strategy));
    const handlers = playHandlers({
      play: this.#play,
      roles: roleUses(this.#tree()),
      variables,
      host: hosts[0] ?? '',
      warn: (warning) => this.#services.emit({ type: 'warning', warning }),
      missingIsError: defaults.missingHandlerIsError,
    });
    return {
      play: this.#play,
      variables,
      hosts,
      handlers,
      root: playRoot(this.#play, this.#gatherTask(hosts)),
      strategy: strategyByName(name, strategy?.source ?? this.#play.source),
      isSelected: (task) => this.#isSelected(task),
      forcesHandlers: this.#flag(forceHandlers) ?? defaults.forceHandlers,
      rescuesUnreachable: defaults.rescuesUnreachable,
      maxFailPercentage:
        maxFailPercentage === undefined ? undefined : Number(this.#value(maxFailPercentage)),
    };
  }

  #batchServices(variables: PlayVariables): BatchServices {
    const { batch, templates, defaults } = this.#services;
    const reader = (task: Task, host: string, frames: Parameters<PlayVariables['scope']>[2]) =>
      new KeywordReader(task, this.#play, variables.scope(host, task, frames), templates);
    return {
      ...batch,
      flag: (task, host, keyword, frames) => {
        const isSet = inherited(task, this.#play, keyword) !== undefined;
        const value = isSet ? reader(task, host, frames).boolean(keyword) : undefined;
        return value ?? (keyword === 'anyErrorsFatal' && defaults.anyErrorsFatal);
      },
      throttle: (task, host) =>
        inherited(task, this.#play, 'throttle') === undefined
          ? undefined
          : reader(task, host, []).number('throttle'),
      reference: (task, host, { position, layers }) =>
        taskReference(this.#services.taskIds.of(task, position), task, (node) =>
          this.#text(variables, node, host, task, layers),
        ),
    };
  }

  /** Every block of the play as one, to find what stands anywhere in it. */
  #tree(): Block {
    return playRoot(this.#play, undefined);
  }

  #gatherTask(hosts: readonly string[]): Task | undefined {
    const { defaults, variables, startAt } = this.#services;
    const wanted = this.#flag(this.#play.options.gatherFacts) ?? defaults.gathersFacts;
    const isKnown = defaults.gathersOnce && hosts.every((host) => variables.store(host).hasFacts);
    if (!wanted || isKnown || startAt.isAhead) return undefined;
    return gatherTask(this.#play, defaults.gatherSubset);
  }

  /** Tags choose tasks; a handler runs when it is notified. */
  #isSelected(task: Task): boolean {
    if (task.isHandler) return true;
    return !this.#skipped.has(task) && this.#isTagged(task);
  }

  #isTagged(task: Task): boolean {
    const known = this.#selected.get(task);
    if (known !== undefined) return known;
    const tags = gathered(task, this.#play, 'tags').flatMap((node) => tagsOf(this.#value(node)));
    const isSelected = isSelectedByTags(tags, this.#services.tags);
    this.#selected.set(task, isSelected);
    return isSelected;
  }

  async #ask(): Promise<void> {
    const { variables, prompts } = this.#services;
    const given = (name: string): boolean => variables.extra.get(name) !== undefined;
    const asked = this.#play.varsPrompt;
    this.#prompted = await promptedValues(asked, given, prompts, (node) => this.#value(node));
    this.#scope = variables.playScope(this.#play, dataLayer(this.#prompted));
  }

  #addFiles(variables: PlayVariables, host: string): void {
    const { varsFiles } = this.#play;
    if (varsFiles.length === 0) return;
    const evaluate = (node: Node) => String(variables.evaluate(node, host));
    const layer = new VarsFilesLayer(varsFiles, { ...this.#services.varsFiles, evaluate });
    layer.check();
    variables.setFiles(host, [layer]);
  }

  /** The text of a name; as written when it cannot be evaluated yet. */
  #text(
    variables: PlayVariables,
    node: Node,
    host: string,
    task: Task,
    frames: Parameters<PlayVariables['scope']>[2],
  ): string {
    if (node.kind === 'scalar' && !isTemplate(String(node.value))) return String(node.value);
    try {
      return String(variables.evaluate(node, host, task, frames));
    } catch (error) {
      if (error instanceof TemplateError) return node.kind === 'scalar' ? String(node.value) : '';
      throw error;
    }
  }

  #ordered(hosts: readonly string[]): string[] {
    const { order } = this.#play.options;
    return orderedHosts(hosts, order === undefined ? 'inventory' : String(this.#value(order)));
  }

  #name(pattern: Value): string {
    const { name } = this.#play;
    const fallback = Array.isArray(pattern) ? pattern.join(',') : String(pattern);
    return name === undefined ? fallback : String(this.#value(name));
  }

  #flag(node: Node | undefined): boolean | undefined {
    const value = node === undefined ? undefined : this.#value(node);
    if (value === undefined || value === null) return undefined;
    return typeof value === 'boolean' ? value : booleanOf(String(value));
  }

  #value(node: Node): Value {
    return this.#services.templates.evaluateNode(node, this.#scope);
  }
}

function tagsOf(value: Value): string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((tag) => String(tag).split(',')).map((tag) => tag.trim());
}

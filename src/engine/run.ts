/** A run: playbooks on an inventory. Puts the engine's parts together and walks through the plays. */
import { setMaxListeners } from 'node:events';
import PQueue from 'p-queue';
import { DroverError, type Warning } from '../core/errors.ts';
import type { Emit, HostStats } from '../core/events.ts';
import { fromPlain } from '../core/values.ts';
import type { PlaybookLoader } from '../playbook/loader.ts';
import type { Block, Play, Playbook, Task } from '../playbook/model.ts';
import type { TemplateEngine } from '../template/template.ts';
import type { RunVariables } from '../vars/runVariables.ts';
import { IncludeLoader } from './includes/includeLoader.ts';
import type { MetaAction } from './plays/metaActions.ts';
import { PlayRun, type PlayServices } from './plays/playRun.ts';
import { roleUses } from './plays/playTree.ts';
import { StartAt } from './plays/startAt.ts';
import { RunStats } from './plays/stats.ts';
import { Stepper } from './plays/stepper.ts';
import { applyEffects, type GrowingInventory } from './tasks/effects.ts';
import { ItemRunner } from './tasks/itemRunner.ts';
import { KeywordReader } from './tasks/keywordReader.ts';
import type { ItemServices } from './tasks/preparedItem.ts';
import type { TaskJob, TaskOutcome } from './tasks/taskJob.ts';
import { TaskIds } from './tasks/taskReference.ts';
import { TaskRunner } from './tasks/taskRunner.ts';

export interface RunOptions {
  readonly playbooks: readonly Playbook[];
  /** Directory of the playbook that runs now. */
  readonly playbookDir: () => string;
  /** Called before each play: `playbook_dir` is the folder of the file that holds it. */
  readonly enterPlay: (play: Play) => void;
  readonly variables: RunVariables;
  readonly inventory: GrowingInventory;
  readonly loader: Pick<PlaybookLoader, 'loadTasks' | 'loadRoleUse'>;
  readonly templates: TemplateEngine;
  /** What running a module takes; the module is found by its name. */
  readonly items: Omit<ItemServices, 'onRetry' | 'follow' | 'templates' | 'signal'>;
  readonly plays: Pick<PlayServices, 'tags' | 'match' | 'prompts' | 'varsFiles' | 'defaults'>;
  readonly emit: Emit;
  readonly forks: number;
  /** `--start-at-task`: the name of a task. */
  readonly startAtTask?: string | undefined;
  /** `--step`: asks before each task. */
  readonly steps?: boolean;
  readonly checkMode: boolean;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Whether a task's module works for a whole batch at once. */
  readonly isOncePerBatch: (task: Task) => boolean;
  /** Whether the inventory names the host, or may mean this machine. */
  readonly isKnownHost: (host: string) => boolean;
  /** `meta: refresh_inventory`. */
  readonly refreshInventory: () => Promise<void>;
}

/** How a run ended. */
export interface RunEnd {
  readonly hosts: Readonly<Record<string, HostStats>>;
  readonly hasFailed: boolean;
  readonly hasUnreachable: boolean;
}

export async function runPlaybooks(options: RunOptions): Promise<RunEnd> {
  return new Run(options).run();
}

class Run {
  readonly #options: RunOptions;
  readonly #stats = new RunStats();
  readonly #lost = new Set<string>();
  readonly #tasks: TaskRunner;
  readonly #includes: IncludeLoader;
  readonly #queue: PQueue;
  readonly #stepper: Stepper;
  readonly #startAt: StartAt;
  readonly #taskIds = new TaskIds();
  /** Work of `async` tasks that goes on beside the plays. */
  readonly #followed: Promise<void>[] = [];
  #hasFailed = false;
  #hasUnreachable = false;
  #isOver = false;
  #plays = 0;

  constructor(options: RunOptions) {
    this.#options = options;
    // Every task that runs listens to it, and forks may be many.
    setMaxListeners(0, options.signal);
    this.#queue = new PQueue({ concurrency: options.forks });
    this.#tasks = this.#taskRunner();
    this.#stepper = new Stepper(options.steps ?? false, options.plays.prompts.prompt);
    this.#startAt = new StartAt(options.startAtTask);
    this.#includes = new IncludeLoader({
      loader: options.loader,
      playbookDir: options.playbookDir,
      onWarning: (warning) => this.#warn(warning),
      onRole: (block, job) => addRole(block, job),
    });
  }

  async run(): Promise<RunEnd> {
    const { playbooks, checkMode, emit, now } = this.#options;
    const startedAt = now().getTime();
    emit({ type: 'runStarted', playbooks: playbooks.map((playbook) => playbook.file), checkMode });
    const recap = (): void => {
      const { hosts, custom } = this.#stats;
      emit({ type: 'recap', hosts, customStats: custom, durationMs: now().getTime() - startedAt });
    };
    try {
      for (const playbook of playbooks) await this.#runPlaybook(playbook);
      await Promise.all(this.#followed);
    } catch (error) {
      // Content that turns out wrong before any host was touched has nothing to be summed up.
      if (Object.keys(this.#stats.hosts).length > 0) recap();
      throw error;
    }
    recap();
    return {
      hosts: this.#stats.hosts,
      hasFailed: this.#hasFailed,
      hasUnreachable: this.#hasUnreachable,
    };
  }

  /** Stops at the play that leaves nobody to go on with, and then leaves out the other playbooks too. */
  async #runPlaybook({ file, plays }: Playbook): Promise<void> {
    if (this.#isOver || this.#options.signal.aborted) return;
    this.#options.emit({ type: 'playbookStarted', file, plays: plays.length });
    for (const play of plays) {
      if (this.#isOver || this.#options.signal.aborted) return;
      this.#isOver = !(await this.#runPlay(play));
    }
  }

  /** @returns whether there is anybody left for the next play. */
  async #runPlay(play: Play): Promise<boolean> {
    this.#plays += 1;
    this.#options.enterPlay(play);
    const end = await new PlayRun(this.#playServices(), play).run(
      `play-${this.#plays}`,
      this.#lost,
    );
    for (const host of [...end.failed, ...end.unreachable]) this.#lost.add(host);
    this.#hasFailed ||= end.failed.size > 0;
    this.#hasUnreachable ||= end.unreachable.size > 0;
    return !end.isExhausted;
  }

  #playServices(): PlayServices {
    const { plays, templates, variables, emit, forks, checkMode, signal } = this.#options;
    return {
      ...plays,
      startAt: this.#startAt,
      taskIds: this.#taskIds,
      templates,
      variables,
      emit,
      batch: {
        emit,
        forks,
        checkMode,
        signal,
        queue: this.#queue,
        stats: this.#stats,
        runTask: (job) => this.#tasks.run(job),
        fail: (job, error) => this.#tasks.fail(job, error),
        loadInclude: (request, job) => this.#includes.load(request, job),
        store: (job, outcome, host) => this.#store(job, outcome, host),
        meta: (action, job) => this.#meta(action, job),
        mayRun: (task) => this.#stepper.mayRun(task),
        isKnownHost: (host) => this.#options.isKnownHost(host),
        isOncePerBatch: (task) => this.#options.isOncePerBatch(task),
      },
    };
  }

  #taskRunner(): TaskRunner {
    const { items, templates, emit, signal, now } = this.#options;
    const runner = new ItemRunner({
      ...items,
      templates,
      signal,
      follow: (work) => this.#follow(work),
      onRetry: (job, { attempt, retriesLeft, registered, delegatedTo }) => {
        const where = delegatedTo === undefined ? {} : { delegatedTo };
        const { ref: task, host } = job;
        emit({ type: 'retrying', task, host, attempt, retriesLeft, registered, ...where });
      },
    });
    return new TaskRunner({ items: runner, templates, emit, now, signal });
  }

  #store(job: TaskJob, outcome: TaskOutcome, host: string): void {
    const { variables, inventory } = this.#options;
    const store = variables.store(host);
    const factStore = variables.store(this.#factHost(job, outcome, host));
    applyEffects(outcome.effects, { host, store, factStore, inventory, stats: this.#stats });
    const name = job.task.keywords.register?.value;
    if (typeof name === 'string') store.register(name, fromPlain(outcome.registered));
  }

  /** Facts belong to the host of the task, under `delegate_facts` to the one that was asked. */
  #factHost(job: TaskJob, { delegatedTo }: TaskOutcome, host: string): string {
    if (delegatedTo === undefined) return host;
    const scope = job.variables.scope(host, job.task, job.frames);
    const reader = new KeywordReader(job.task, job.play, scope, this.#options.templates);
    return reader.boolean('delegateFacts') === true ? delegatedTo : host;
  }

  async #meta(action: MetaAction, job: TaskJob): Promise<void> {
    switch (action) {
      case 'clear_host_errors':
        this.#lost.clear();
        this.#hasFailed = false;
        this.#hasUnreachable = false;
        return;
      case 'refresh_inventory':
        await this.#options.refreshInventory();
        return;
      case 'reset_connection':
        await this.#tasks.resetConnection(job);
        return;
      default:
        return;
    }
  }

  /** That a host cannot be told how its job ended is no failure of a task that is over. */
  #follow(work: Promise<void>): void {
    const told = work.catch((error: unknown) => {
      if (!(error instanceof DroverError)) throw error;
      this.#warn({ kind: 'warning', message: error.message, source: undefined, hint: error.hint });
    });
    this.#followed.push(told);
  }

  #warn(warning: Warning): void {
    this.#options.emit({ type: 'warning', warning });
  }
}

/** What `include_role` adds to the play. */
function addRole(block: Block, { variables, handlers }: TaskJob): void {
  for (const use of roleUses(block)) {
    handlers.add(use.handlers);
    if (use.isPublic) variables.addRole(use);
  }
}

/** One run in which things go wrong, the two runs after it, and what was seen. */
import { setTimeout as delay } from 'node:timers/promises';
import { waitForHost } from '../fleet/hostReady.ts';
import type { Fault } from './faults.ts';
import { exposedFiles, processesOf } from './look.ts';
import type { FinishedRun, StartedRun } from './program.ts';
import { BOOT_MS, type Place, type Snapshot, type Stage } from './stage.ts';

/** `before`: nothing of the step was sent to the host. `during`: half of its requests were, and no answer came back. */
export type Point = 'before' | 'during';

export interface Injection {
  readonly fault: Fault;
  readonly step: string;
  readonly point: Point;
  /** The host that is struck; for faults of the runner, the one whose requests tell the moment. */
  readonly host: string;
}

export interface Evidence {
  readonly injections: readonly Injection[];
  /** Those whose moment came. */
  readonly struck: ReadonlySet<Injection>;
  /** Whether the first run had to be ended. */
  readonly hangs: boolean;
  readonly first: FinishedRun;
  readonly second: FinishedRun;
  readonly third: FinishedRun;
  /** Unfinished files that others could read when the fault struck, by host. */
  readonly exposed: ReadonlyMap<string, readonly string[]>;
  /** After the first run: files, and processes that did not end. */
  readonly after: Snapshot;
  readonly processes: ReadonlyMap<string, readonly string[]>;
  readonly atLast: Snapshot;
}

export interface ExperimentOptions {
  readonly sleepMs: number;
  /** A run that takes longer hangs. */
  readonly limitMs: number;
}

/** Each host may be struck once. */
export async function experiment(
  stage: Stage,
  injections: readonly Injection[],
  options: ExperimentOptions,
): Promise<Evidence> {
  await stage.reset();
  for (const { fault, host } of injections) await fault.prepare?.(stage.place(host));
  const strike = new Strike(stage, injections, options);
  const { first, hangs } = await strike.run();
  for (const { fault, host } of injections) await fault.heal?.(stage.place(host));
  await stage.each(({ host }) => waitForHost(host, BOOT_MS));
  const processes = await leftProcesses(stage);
  const after = await stage.look();
  const second = await stage.run();
  const third = await stage.run();
  const { struck, exposed } = strike;
  const atLast = await stage.look();
  return { injections, struck, hangs, first, second, third, exposed, after, processes, atLast };
}

/** The run that things are done to. */
class Strike {
  readonly struck = new Set<Injection>();
  readonly exposed = new Map<string, readonly string[]>();
  readonly #stage: Stage;
  readonly #injections: readonly Injection[];
  readonly #options: ExperimentOptions;

  constructor(stage: Stage, injections: readonly Injection[], options: ExperimentOptions) {
    this.#stage = stage;
    this.#injections = injections;
    this.#options = options;
  }

  async run(): Promise<{ first: FinishedRun; hangs: boolean }> {
    const steps = [...new Set(this.#injections.map(({ step }) => step))];
    const run = this.#stage.start(steps);
    let hangs = false;
    const limit = setTimeout(() => {
      hangs = true;
      run.child.kill('SIGKILL');
    }, this.#options.limitMs);
    await Promise.all(steps.map((step) => this.#atGate(step, run)));
    const first = await run.ended;
    clearTimeout(limit);
    return { first, hangs };
  }

  async #atGate(step: string, run: StartedRun): Promise<void> {
    if (!(await this.#stage.reached(step, run.ended))) return;
    const here = this.#injections.filter((injection) => injection.step === step);
    const before = here.filter(({ point }) => point === 'before');
    await Promise.all(before.map((injection) => this.#inject(injection, run)));
    const during = here.filter(({ point }) => point === 'during');
    const pending = during.map((injection) => this.#atRequest(injection, run));
    this.#stage.open(step);
    await Promise.all(pending);
  }

  async #atRequest(injection: Injection, run: StartedRun): Promise<void> {
    const { wire } = this.#stage.place(injection.host);
    const requests = this.#stage.requests.get(injection.step) ?? 0;
    const middle = Math.floor(requests / 2) + 1;
    const passed = wire.nthRequest(Math.min(middle, requests)).then(() => true);
    const isThere = await Promise.race([passed, run.ended.then(() => false)]);
    if (isThere) await this.#inject(injection, run);
    wire.release();
  }

  async #inject(injection: Injection, { child }: StartedRun): Promise<void> {
    const place = this.#stage.place(injection.host);
    this.exposed.set(injection.host, await exposedFiles(place.host));
    this.struck.add(injection);
    await injection.fault.inject({ ...place, runner: child, sleepMs: this.#options.sleepMs });
  }
}

/** How long a host may take to notice that nobody is there any more. */
const PATIENCE_MS = 30_000;

async function leftProcesses(stage: Stage): Promise<Map<string, readonly string[]>> {
  const found = await stage.each(
    async (place) => [place.host.name, await lastingProcesses(place)] as const,
  );
  return new Map(found);
}

async function lastingProcesses({ host }: Place): Promise<string[]> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const processes = await processesOf(host);
    if (processes.length === 0 || performance.now() > deadline) return processes;
    await delay(500);
  }
}

/**
 * Scenarios of modules on this machine, each in a folder of its own: in check mode, for real, and again. What check mode
 * predicts is what happens, and nothing is left to do the second time. Where `ansible-playbook` is here and has the module, it
 * starts from the same folder and comes to the same files and the same `changed`.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { localTransport } from '../../../src/connection/local.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import type { Module } from '../../../src/modules/module.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import type { Target } from '../../../src/target/target.ts';
import { hasAnsible } from '../../support/ansible.ts';
import { localSettings } from '../../support/fakeTarget.ts';
import { notHere } from '../../support/onThisMachine.ts';
import { expectExactPlan, seen } from '../../support/planFidelity.ts';
import { hasPythonModule } from '../../support/pythonModules.ts';
import { runModule } from '../../unit/modules/driver.ts';
import { testController } from '../../unit/modules/testController.ts';
import { runLocalAnsible, type Theirs } from './localAnsible.ts';
import { placed, shell, snapshotOf, startingFolder } from './scenarioFolder.ts';

export interface LocalScenario {
  readonly title: string;
  /** Shell script run in the folder before. */
  readonly setup?: string;
  /** In texts `@/` stands for the folder. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly changed: boolean;
  /** Of the play, for templates. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Of the task; `@/` as in `args`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What the error says, of a task that fails and leaves all as it was; Ansible's fails too. */
  readonly fails?: string;
  /** Set for what acts each time. */
  readonly actsAlways?: boolean;
  /** Return keys, as far as they matter. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Prints the end state, which `shows` is. */
  readonly look?: string;
  readonly shows?: string;
  /** Return keys that must be as Ansible's. */
  readonly sameKeys?: readonly string[];
  /** Lists the files to compare with Ansible's; default: all of them with owner, mode and content. */
  readonly snapshot?: string;
  /** Why Ansible does not do the same, or cannot here. */
  readonly unlikeAnsible?: string;
  /** Why a host of busybox alone cannot do it. */
  readonly unlikeBusybox?: string;
}

/** A scenario as a row of a table: what is done before, its title, its arguments, whether it changes something, and what is special. */
export type Row = (
  setup: string,
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more?: Partial<LocalScenario>,
) => LocalScenario;

/** Rows with all that the scenarios of a list have in common. */
export function rows(
  common: (setup: string, args: LocalScenario['args']) => Omit<LocalScenario, 'title' | 'changed'>,
): Row {
  return (setup, title, args, changed, more = {}) => ({
    title,
    changed,
    ...common(setup, args),
    ...more,
  });
}

export interface LocalSuite {
  readonly module: Module;
  /** What Ansible's module imports beyond Ansible: where Python does not have it, nothing is compared. */
  readonly pythonLibrary?: string;
  readonly scenarios: readonly LocalScenario[];
}

/** Where scenarios run: this machine as it is, or with other tools. */
export interface LocalHost {
  readonly shell: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Every `step`-th of a long list where time counts (CI); all of them elsewhere, as `npm run scenarios` has it. */
export function sampled(
  scenarios: readonly LocalScenario[],
  step: number,
): readonly LocalScenario[] {
  const isShort = process.env['CI'] !== undefined;
  return scenarios.filter((_scenario, index) => !isShort || index % step === 0);
}

/** Beside Ansible, which plays the scenarios of all suites together. */
export function testLocalScenarios(...suites: readonly LocalSuite[]): void {
  const here = useFolder();
  let theirs: ReadonlyMap<LocalScenario, Theirs | Error> = new Map();
  beforeAll(async () => {
    const compared = hasAnsible() ? suites.filter(canRunInAnsible) : [];
    if (compared.length > 0) theirs = await runLocalAnsible(compared, join(here.root, 'ansible'));
  }, 900_000);
  for (const { module, scenarios } of suites) {
    const target = useTarget({ shell: '/bin/sh' });
    describe(module.name, () => {
      it.for(scenarios)('$title', async (scenario, context) => {
        const play = { module, scenario, ...here, target };
        const their = theirs.get(scenario);
        if (scenario.fails !== undefined) return expectFailure(play, scenario.fails, their);
        const ended = await converges(play, context);
        if (their instanceof Error) throw their;
        if (their !== undefined) expectSame(scenario, ended, their);
      });
    });
  }
}

function canRunInAnsible({ pythonLibrary }: LocalSuite): boolean {
  return (
    pythonLibrary === undefined ||
    hasPythonModule(pythonLibrary) ||
    notHere(`python3-${pythonLibrary}`)
  );
}

/** On a host with other tools: the same end. */
export function testScenariosOn(host: LocalHost, ...suites: readonly LocalSuite[]): void {
  const here = useFolder();
  for (const { module, scenarios } of suites) {
    const target = useTarget(host);
    const possible = scenarios.filter(({ unlikeBusybox }) => unlikeBusybox === undefined);
    describe(module.name, () => {
      it.for(possible)('$title', async (scenario, context) => {
        await converges({ module, scenario, ...here, target }, context);
      });
    });
  }
}

function useFolder() {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'drover-scenarios-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return { root };
}

function useTarget(host: LocalHost): Target {
  const pool = new ConnectionPool(async () => localTransport(host));
  afterAll(() => pool.close());
  const settings = localSettings({ shell: host.shell });
  return new RemoteTarget({ connection: pool.connection(settings) });
}

interface Play {
  readonly module: Module;
  readonly scenario: LocalScenario;
  readonly root: string;
  readonly target: Target;
}

interface Ended {
  readonly folder: string;
  readonly end: string;
  readonly data: Readonly<Record<string, unknown>>;
}

async function converges(
  { module, scenario, root, target: host }: Play,
  context: Pick<TestContext, 'task'>,
): Promise<Ended> {
  const { variables = {}, changed, actsAlways = false, data = {}, look, shows } = scenario;
  const folder = startingFolder(root, module, scenario);
  const target = host.withEnvironment(placed(scenario.environment ?? {}, folder));
  const args = placed(scenario.args, folder);
  const here = {
    files: join(folder, 'files'),
    host: target.host,
    environment: process.env,
    variables,
  };
  const checking = testController({ checkMode: true, ...here });
  const start = snapshotOf(folder, scenario);
  const predicted = await runModule(module, args, { target, controller: checking });
  expect(snapshotOf(folder, scenario)).toBe(start);
  const controller = testController(here);
  const real = await runModule(module, args, { target, controller });
  expectExactPlan(context, module.name, predicted, real);
  expect(real.changed).toBe(changed);
  expect(real.data).toMatchObject(placed(data, folder));
  if (look !== undefined) expect(shell(look, folder).trimEnd()).toBe(shows);
  const end = snapshotOf(folder, scenario);
  const again = await runModule(module, args, { target, controller });
  expect(again.changed ? again.changes.map(seen) : false).toEqual(
    actsAlways ? expect.anything() : false,
  );
  return { folder, end, data: real.data };
}

async function expectFailure(
  { module, scenario, root, target: host }: Play,
  message: string,
  their: Theirs | Error | undefined,
): Promise<void> {
  const folder = startingFolder(root, module, scenario);
  const target = host.withEnvironment(placed(scenario.environment ?? {}, folder));
  const start = snapshotOf(folder, scenario);
  const controller = testController({ host: target.host });
  const run = runModule(module, placed(scenario.args, folder), { target, controller });
  await expect(run).rejects.toThrow(message);
  expect(snapshotOf(folder, scenario)).toBe(start);
  if (their !== undefined) expect(their).toBeInstanceOf(Error);
}

function expectSame(
  { changed, actsAlways = false, sameKeys = [] }: LocalScenario,
  ended: Ended,
  their: Theirs,
): void {
  const ours = { ...ended, changed: [changed, actsAlways] };
  expect(comparable(ours, sameKeys)).toEqual(comparable(their, sameKeys));
}

/** Without the folder's own name. */
function comparable({ changed, end, data, folder }: Theirs, keys: readonly string[]): unknown {
  const chosen = keys.map((key) => [key, data[key]]);
  return JSON.parse(JSON.stringify({ changed, end, data: chosen }).replaceAll(folder, '@'));
}

/**
 * Scenarios of one module on this machine, each in a folder of its own: in check mode, for real, and again. What check mode
 * predicts is what happens, and nothing is left to do the second time. Where `ansible-playbook` is here and has the module, it
 * starts from the same folder and comes to the same files and the same `changed`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localTransport } from '../../../src/connection/local.ts';
import { ConnectionPool } from '../../../src/connection/pool.ts';
import type { Change } from '../../../src/core/results.ts';
import type { Module } from '../../../src/modules/module.ts';
import { fullName } from '../../../src/modules/registry.ts';
import { RemoteTarget } from '../../../src/target/remoteTarget.ts';
import { ansibleResults, hasAnsible } from '../../support/ansible.ts';
import { localSettings } from '../../support/fakeTarget.ts';
import { type Outcome, runAction, runResource, type Setting } from '../../unit/modules/driver.ts';
import { testController } from '../../unit/modules/testController.ts';

export interface LocalScenario {
  readonly title: string;
  /** Shell script run in the folder before. */
  readonly setup?: string;
  /** In texts `@/` stands for the folder. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly changed: boolean;
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
}

export interface LocalSuite {
  readonly module: Module;
  readonly scenarios: readonly LocalScenario[];
}

/** Every entry with type, mode, owner, size of files, target of links and hash of content. */
const SNAPSHOT = `find . -printf '%p %y %m %u:%g %l\\n' | sort; find . -type f | sort | xargs -r -d '\\n' sha1sum`;

export function testLocalScenarios({ module, scenarios }: LocalSuite): void {
  describe(module.name, () => {
    const root = mkdtempSync(join(realpathSync(tmpdir()), 'drover-scenarios-'));
    const pool = new ConnectionPool(async ({ shell }) => localTransport({ shell }));
    const target = new RemoteTarget({ connection: pool.connection(localSettings()) });
    const comparable = scenarios.filter(({ unlikeAnsible }) => unlikeAnsible === undefined);
    let theirs: ReadonlyMap<string, Theirs> = new Map();

    beforeAll(() => {
      if (hasAnsible()) theirs = runAnsible(module, comparable, join(root, 'ansible'));
    }, 300_000);
    afterAll(async () => {
      await pool.close();
      rmSync(root, { recursive: true, force: true });
    });

    it.each(scenarios)('$title', async (scenario) => {
      const { title, changed, actsAlways = false, data = {}, look, shows } = scenario;
      const folder = startingFolder(root, scenario);
      const args = placed(scenario.args, folder);
      const files = join(folder, 'files');
      const here = { files, host: target.host, environment: process.env };
      const checking = testController({ checkMode: true, ...here });
      const start = snapshotOf(folder, scenario);
      const predicted = await run(module, args, { target, controller: checking });
      expect(snapshotOf(folder, scenario)).toBe(start);
      const controller = testController(here);
      const real = await run(module, args, { target, controller });
      expect(real.changes.map(seen)).toEqual(predicted.changes.map(seen));
      expect(real.data).toMatchObject(predicted.data);
      expect(real.changed).toBe(changed);
      expect(real.data).toMatchObject(placed(data, folder));
      if (look !== undefined) expect(shell(look, folder).trimEnd()).toBe(shows);
      const end = snapshotOf(folder, scenario).trimEnd();
      const again = await run(module, args, { target, controller });
      expect(again.changed ? again.changes.map(seen) : false).toEqual(
        actsAlways ? expect.anything() : false,
      );
      const their = theirs.get(title);
      if (their !== undefined) {
        const { sameKeys = [] } = scenario;
        const ours = {
          changed: [changed, actsAlways],
          end,
          data: sameKeys.map((key) => [key, real.data[key]]),
        };
        const text = JSON.stringify(ours).replaceAll(folder, '@');
        expect(JSON.parse(text)).toEqual(comparedOf(their, sameKeys));
      }
    });
  });
}

interface Theirs {
  readonly changed: readonly boolean[];
  readonly end: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly folder: string;
}

function comparedOf(their: Theirs, keys: readonly string[]): unknown {
  const { changed, end, folder } = their;
  const data = keys.map((key) => [key, their.data[key]]);
  return JSON.parse(JSON.stringify({ changed, end, data }).replaceAll(folder, '@'));
}

/** All scenarios in one run of `ansible-playbook`, each twice with a snapshot between. */
function runAnsible(
  module: Module,
  scenarios: readonly LocalScenario[],
  root: string,
): ReadonlyMap<string, Theirs> {
  const folders = scenarios.map((scenario) => startingFolder(root, scenario));
  const tasks = scenarios.flatMap((scenario, index) => {
    const folder = folders[index] ?? '';
    const run = { [fullName(module)]: placed(scenario.args, folder), ignore_errors: true };
    const snapshot = {
      'ansible.builtin.shell': scenario.snapshot ?? SNAPSHOT,
      args: { chdir: folder },
    };
    return [run, snapshot, run];
  });
  const file = join(root, 'site.yml');
  writeFileSync(file, JSON.stringify([{ hosts: 'localhost', gather_facts: false, tasks }]));
  const answers = ansibleResults(file, root);
  return new Map(
    scenarios.map(({ title }, index) => {
      const [first = {}, snapshot = {}, second = {}] = answers.slice(index * 3, index * 3 + 3);
      if (first['failed'] === true) throw new Error(`${title}: ${JSON.stringify(first)}`);
      const changed = [first['changed'] === true, second['changed'] === true];
      const end = String(snapshot['stdout']).trimEnd();
      return [title, { changed, end, data: first, folder: folders[index] ?? '' }];
    }),
  );
}

/** An action has the same promise: `predict` tells what it would do. */
async function run(module: Module, args: unknown, setting: Setting): Promise<Outcome> {
  if (module.kind === 'resource') return runResource(module, args, setting);
  const { changed, data = {}, changes = [] } = await runAction(module, args, setting);
  return { changed, data, changes };
}

/** What a user sees of a change. */
function seen({ what, before, after, diff }: Change) {
  return { what, before, after, diff };
}

/** A new folder under `root` with the scenario's start in it. */
function startingFolder(root: string, { title, setup }: LocalScenario): string {
  const folder = join(root, title.replaceAll(/[^\w]+/g, '-'));
  mkdirSync(folder, { recursive: true });
  if (setup !== undefined) shell(setup, folder);
  return folder;
}

function snapshotOf(folder: string, { snapshot = SNAPSHOT }: LocalScenario): string {
  return shell(snapshot, folder).trimEnd();
}

function shell(program: string, cwd: string): string {
  const args = ['-ec', `umask 022; ${program}`];
  return execFileSync('sh', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** `value` with `@/` replaced in every text. */
function placed<T>(value: T, folder: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll('@/', `${folder}/`)) as T;
}

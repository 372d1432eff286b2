/**
 * Module scenarios on a real host: each in check mode, for real, and again. What check mode predicts is what happens, and
 * nothing is left to do the second time. Where Ansible has the module, it does the same on a host that has Python.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { KnownHosts } from '../../src/connection/knownHosts.ts';
import { ConnectionPool } from '../../src/connection/pool.ts';
import { connectSsh } from '../../src/connection/ssh.ts';
import { builtinModules } from '../../src/modules/builtin.ts';
import type { AnyResource, Module } from '../../src/modules/module.ts';
import { RemoteTarget } from '../../src/target/remoteTarget.ts';
import type { Target } from '../../src/target/target.ts';
import type { Fleet, FleetHost } from '../fleet/fleet.ts';
import { type Outcome, runResource } from '../unit/modules/driver.ts';
import { testController } from '../unit/modules/testController.ts';
import { localSettings } from './fakeTarget.ts';

export interface Scenario {
  readonly module: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Run before, e.g. to make a unit file. */
  readonly setup?: string;
  readonly changed: boolean;
  /** Set for what acts each time, such as a restart. */
  readonly actsAlways?: boolean;
  /** Prints the end state, which `shows` is. */
  readonly look?: string;
  readonly shows?: string;
  /** Why Ansible does not do the same, or cannot here. */
  readonly unlikeAnsible?: string;
}

export interface ScenarioHost {
  readonly target: Target;
  readonly host: FleetHost;
  readonly fleet: Fleet;
  close(): Promise<void>;
}

/** The first host of a fleet, as root. */
export function scenarioHost(fleet: Fleet): ScenarioHost {
  const [host] = fleet.hosts;
  if (host === undefined) throw new Error('the fleet has no host');
  const pool = new ConnectionPool((settings) =>
    connectSsh(settings, {
      homeDirectory: '/nonexistent',
      userName: 'root',
      knownHosts: new KnownHosts(),
    }),
  );
  const settings = localSettings({
    transport: 'ssh',
    host: 'host',
    address: '127.0.0.1',
    port: host.sshPort,
    user: 'root',
    privateKeyFile: fleet.privateKeyFile,
    hostKeyChecking: 'strict',
    knownHostsFiles: [fleet.knownHostsFile],
  });
  const target = new RemoteTarget({ connection: pool.connection(settings) });
  return { target, host, fleet, close: () => pool.close() };
}

export async function runScenario(scenario: Scenario, { target }: ScenarioHost): Promise<void> {
  const { module, args, setup, changed, actsAlways = false, look, shows } = scenario;
  if (setup !== undefined) await outputOf(target, setup);
  const resource = resourceNamed(module);
  const controller = testController({ checkMode: true });
  const predicted = await runResource(resource, args, { target, controller });
  const real = await runResource(resource, args, { target });
  expect(seenOf(real)).toEqual(seenOf(predicted));
  expect(real.data).toMatchObject(predicted.data);
  expect(real.changed).toBe(changed);
  if (look !== undefined) expect(await outputOf(target, look)).toBe(shows);
  const again = await runResource(resource, args, { target });
  expect(again.changed).toBe(actsAlways);
}

/** The same with `ansible`: the same `changed`, the same end state, the same the second time. */
export async function runBesideAnsible(scenario: Scenario, on: ScenarioHost): Promise<void> {
  const { module, args, setup, changed, actsAlways = false, look, shows } = scenario;
  if (setup !== undefined) await outputOf(on.target, setup);
  expect(await ansibleChanged(module, args, on)).toBe(changed);
  if (look !== undefined) expect(await outputOf(on.target, look)).toBe(shows);
  expect(await ansibleChanged(module, args, on)).toBe(actsAlways);
}

async function outputOf(target: Target, program: string): Promise<string> {
  const { stdout } = await target.sh(program);
  return stdout.toString().trim();
}

/** What a user sees of the changes. */
function seenOf({ changes }: Outcome) {
  return changes.map(({ what, before, after, diff }) => ({ what, before, after, diff }));
}

function resourceNamed(name: string): AnyResource {
  const found: Module | undefined = builtinModules.find((each) => each.name === name);
  if (found?.kind === 'resource') return found;
  throw new Error(`no resource ${name}`);
}

/** @throws Error with what ansible said when the task fails. */
async function ansibleChanged(
  module: string,
  args: Scenario['args'],
  { host, fleet }: ScenarioHost,
): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'drover-ansible-'));
  try {
    const file = join(folder, 'site.yml');
    const tasks = [{ [fullNameOf(module)]: args }];
    writeFileSync(file, JSON.stringify([{ hosts: 'all', gather_facts: false, tasks }]));
    const said = await ansible([...connectionOptions(host, fleet), file], folder);
    const [, changed] = /changed=(\d+).*failed=0/.exec(said) ?? [];
    if (changed === undefined) throw new Error(said);
    return changed !== '0';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fullNameOf(name: string): string {
  const { collection = 'ansible.builtin' } = resourceNamed(name);
  return `${collection}.${name}`;
}

function connectionOptions(host: FleetHost, fleet: Fleet): string[] {
  const variables = {
    ansible_port: host.sshPort,
    ansible_user: 'root',
    ansible_ssh_private_key_file: fleet.privateKeyFile,
    ansible_ssh_common_args: `-o UserKnownHostsFile=${fleet.knownHostsFile}`,
    ansible_python_interpreter: '/usr/bin/python3',
  };
  return ['-i', '127.0.0.1,', '-e', JSON.stringify(variables)];
}

function ansible(args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('ansible-playbook', args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (more: string) => {
        said += more;
      });
    }
    child.on('error', reject);
    child.on('close', () => resolve(said));
  });
}

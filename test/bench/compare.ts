/**
 * `npm run bench:playbooks [-- ROUNDS [PLAYBOOK…]]`: the same playbooks on the same hosts, by drover and by `ansible-playbook` (pipelining on, the same
 * forks), in alternation, each from fresh hosts and then again. Prints medians as a table for docs/benchmarks.md.
 *
 * Needs the test hosts with Python, for Ansible's sake, in a fleet of their own.
 */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Fleet,
  fleetDown,
  fleetMissing,
  fleetUp,
  resetHost,
  stateIn,
  writeInventory,
} from '../fleet/fleet.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const [rounds = '3', ...only] = process.argv.slice(2);
const ROUNDS = Number(rounds);
const PLAYBOOKS = only.length > 0 ? only : ['files', 'environment'];
const TOOLS = ['drover', 'ansible-playbook'] as const;

type Tool = (typeof TOOLS)[number];
interface Sample {
  readonly first: number;
  readonly second: number;
}

const missing = fleetMissing();
if (missing.length > 0) throw new Error(`no bench on this machine: ${missing.join('; ')}`);
const options = { python: true, state: stateIn(join(tmpdir(), 'drover-bench')) };
const fleet = await fleetUp({ ...options, progress: say });
try {
  for (const playbook of PLAYBOOKS) await compare(fleet, playbook);
} finally {
  await fleetDown(options);
}

async function compare(hosts: Fleet, playbook: string): Promise<void> {
  const samples: Record<Tool, Sample[]> = { drover: [], 'ansible-playbook': [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const tool of TOOLS) {
      await Promise.all(hosts.hosts.map(({ name }) => resetHost(name, options)));
      const fresh = await fleetUp(options);
      samples[tool].push(await sample(tool, playbook, fresh));
    }
  }
  print(playbook, samples);
}

async function sample(tool: Tool, playbook: string, hosts: Fleet): Promise<Sample> {
  const inventory = join(options.state.folder, 'bench.yml');
  await writeInventory(hosts, inventory);
  const first = timed(tool, playbook, inventory);
  const second = timed(tool, playbook, inventory);
  say(`${playbook} ${tool}: ${first.toFixed(2)} s, again ${second.toFixed(2)} s`);
  return { first, second };
}

/** Seconds of wall time. */
function timed(tool: Tool, playbook: string, inventory: string): number {
  const file = join(ROOT, `test/bench/${playbook}.yml`);
  const command =
    tool === 'drover' ? [process.execPath, join(ROOT, 'dist/main.cjs'), 'run'] : [tool];
  const [program = '', ...args] = [...command, '-i', inventory, '-f', '50', file];
  const environment = {
    ANSIBLE_PIPELINING: '1',
    ANSIBLE_HOST_KEY_CHECKING: '1',
    ANSIBLE_NOCOWS: '1',
  };
  const startedAt = process.hrtime.bigint();
  const { status, stdout } = spawnSync(program, args, { env: { ...process.env, ...environment } });
  const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
  if (status !== 0) throw new Error(`${tool} ${playbook} ended with ${status}:\n${stdout}`);
  return seconds;
}

function print(playbook: string, samples: Record<Tool, Sample[]>): void {
  for (const run of ['first', 'second'] as const) {
    const [ours = 0, theirs = 0] = TOOLS.map((tool) =>
      median(samples[tool].map((each) => each[run])),
    );
    say(
      `| ${playbook}, ${run} run | ${ours.toFixed(2)} s | ${theirs.toFixed(2)} s | ${(theirs / ours).toFixed(1)} × |`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

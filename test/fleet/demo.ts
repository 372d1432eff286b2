/**
 * `npm run demo`: brings up the test hosts, builds a Rancher environment on them with one playbook, shows where it
 * is, and runs the playbook again to show that nothing changes. `npm run demo -- --down` removes all of it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Fleet, fleetDown, fleetMissing, fleetUp, writeInventory } from './fleet.ts';

const ROOT = resolve(import.meta.dirname, '../..');

process.exitCode = process.argv.includes('--down') ? await takeDown() : await demonstrate();

async function takeDown(): Promise<number> {
  await fleetDown();
  return 0;
}

async function demonstrate(): Promise<number> {
  const missing = fleetMissing();
  if (missing.length > 0) return quickstart(missing);
  const fleet = await fleetUp({ progress: say });
  const inventory = join(ROOT, 'test/fleet/.state/inventory.yml');
  await writeInventory(fleet, inventory);
  const run = ['run', '-i', inventory, join(ROOT, 'playbooks/rancher.yml')];
  heading('The playbook, on fresh hosts');
  const first = drover(run, ROOT);
  if (first !== 0) return first;
  showAddresses(fleet);
  heading('The same playbook again: nothing is left to change');
  return drover(run, ROOT);
}

/** What this machine can show without test hosts: a real run on itself, in a folder that is removed after. */
function quickstart(missing: readonly string[]): number {
  say('This machine cannot run the test hosts:');
  for (const sentence of missing) say(`  - ${sentence}`);
  heading('Instead: examples/quickstart, on this machine, in a scratch folder');
  const scratch = mkdtempSync(join(tmpdir(), 'drover-quickstart-'));
  try {
    const playbook = join(ROOT, 'examples/quickstart/site.yml');
    const inventory = join(ROOT, 'examples/quickstart/hosts.yml');
    const run = ['run', '-i', inventory, '-e', `target_dir=${scratch}`, playbook];
    const first = drover(run, ROOT);
    return first === 0 ? drover(run, ROOT) : first;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function drover(args: readonly string[], cwd: string): number {
  const program = ['--import', 'tsx', join(ROOT, 'src/main.ts')];
  return spawnSync(process.execPath, [...program, ...args], { cwd, stdio: 'inherit' }).status ?? 1;
}

function showAddresses(fleet: Fleet): void {
  heading('Where it is');
  say(`Rancher    http://${publishedAt(fleet, 'rancher', 8080)}/`);
  say(`WordPress  http://${publishedAt(fleet, 'node2', 80)}/`);
}

function publishedAt(fleet: Fleet, name: string, port: number): string {
  const host = fleet.hosts.find((each) => each.name === name);
  return `${host?.address}:${host?.publishedPorts[port]}`;
}

function heading(text: string): void {
  say(`\n=== ${text} ${'='.repeat(Math.max(3, 74 - text.length))}`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

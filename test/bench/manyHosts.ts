/**
 * `npm run bench:hosts [-- --quick]`: what the controller itself spends on many hosts. The hosts are simulated, SSH servers in
 * other processes; 20 `command` tasks on 125, 250, 500 and 1,000 of them. Fails when 1,000 hosts take more memory than the budget.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, median } from './measure.ts';
import { PLAYBOOKS } from './playbooks.ts';
import { commandOf } from './tools.ts';

const PROCESSES = 4;
const BUDGET_MEGABYTES = 300;
const COUNTS = process.argv.includes('--quick') ? [50, 1_000] : [50, 125, 250, 500, 1_000];
const ROUNDS = process.argv.includes('--quick') ? 1 : 3;

const folder = mkdtempSync(join(tmpdir(), 'drover-hosts-'));
const servers = Array.from({ length: PROCESSES }, () =>
  fork(join(import.meta.dirname, 'simulatedHost.ts'), { execArgv: ['--import', 'tsx'] }),
);
try {
  const ports = await Promise.all(
    servers.map((server) => new Promise<unknown>((resolve) => server.once('message', resolve))),
  );
  await measureAll(ports.map(Number));
} finally {
  for (const server of servers) server.disconnect();
  rmSync(folder, { recursive: true, force: true });
}

async function measureAll(ports: readonly number[]): Promise<void> {
  const playbook = join(folder, 'commands20.yml');
  writeFileSync(playbook, PLAYBOOKS['commands20.yml'] ?? '');
  say(`Load average ${loadavg()[0]?.toFixed(1)}.\n`);
  say('| simulated hosts × 20 tasks | wall | controller CPU | CPU per host | peak memory |');
  say('|---|---|---|---|---|');
  for (const count of COUNTS) {
    const job = { inventory: inventory(ports, count), playbook, folder };
    const samples = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      samples.push(await measure(commandOf('drover', job), () => 0));
    }
    const cpu = median(samples.map(({ cpuSeconds }) => cpuSeconds));
    const wall = median(samples.map(({ wallSeconds }) => wallSeconds));
    const megabytes = median(samples.map((sample) => sample.megabytes ?? Number.NaN));
    const perHost = (cpu * 1000) / count;
    say(
      `| ${count} | ${wall.toFixed(2)} s | ${cpu.toFixed(2)} s | ${perHost.toFixed(1)} ms | ${megabytes.toFixed(0)} MB |`,
    );
    if (megabytes > BUDGET_MEGABYTES) process.exitCode = 1;
  }
}

function inventory(ports: readonly number[], count: number): string {
  const lines = Array.from(
    { length: count },
    (_, n) => `sim${n + 1} ansible_port=${ports[n % ports.length]}`,
  );
  const login = ['ansible_host=127.0.0.1', 'ansible_user=root', 'ansible_password=any'];
  const file = join(folder, `hosts-${count}.ini`);
  writeFileSync(file, [...lines, '[all:vars]', ...login, ''].join('\n'));
  return file;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * `npm run bench [-- --quick] [ROW…]`: drover, `ansible-playbook` with pipelining, ansible-mitogen and the raw floor do the same
 * work on the same hosts in alternation. Prints medians and ratios as the tables of docs/benchmarks.md. With `--quick` the slow
 * tools run once and the others three times, which takes some seven minutes.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchHosts, benchHosts } from './hosts.ts';
import { type Command, measure, median, type Sample } from './measure.ts';
import { PLAYBOOKS } from './playbooks.ts';
import { commandOf, drover, floor, type Tool, toolsHere } from './tools.ts';

const words = process.argv.slice(2);
const isQuick = words.includes('--quick');
const only = words.filter((word) => !word.startsWith('--'));
const ROUNDS = isQuick ? 3 : 5;
/** Of the tools that take a minute for what takes drover a second. */
const SLOW_ROUNDS = isQuick ? 1 : 3;

type Contender = Tool | 'floor';

interface Row {
  readonly shows: string;
  readonly hosts: number;
  readonly playbook: string;
  /** Made before each run, on the file system that all targets share. */
  readonly before?: string;
  /** What the floor does: round trips as many as drover's, or the file. */
  readonly floor: readonly string[];
  readonly tools?: readonly Tool[];
  /** Takes the slow tools many minutes: they run once, and with `--quick` only when the row is named. */
  readonly isLong?: true;
}

const CLEAN =
  'rm -rf /srv/bench; mkdir -p /srv/bench/loop; for n in $(seq 50); do mkdir -p /srv/bench/h$n; done';
const LOOP_DONE = `${CLEAN}; for n in $(seq 0 99); do mkdir /srv/bench/loop/$n; done`;

const ROWS: Readonly<Record<string, Row>> = {
  commands: {
    shows: '50 hosts × 10 `command: /bin/true`',
    hosts: 50,
    playbook: 'commands10.yml',
    floor: ['trips', '10'],
  },
  first: {
    shows: '20 tasks on files, 10 hosts, first run',
    hosts: 10,
    playbook: 'files.yml',
    before: CLEAN,
    floor: ['trips', '40'],
  },
  second: { shows: 'the same again', hosts: 10, playbook: 'files.yml', floor: ['trips', '20'] },
  loop: {
    shows: 'loop of 100 `file` items, converged, 50 hosts',
    hosts: 50,
    playbook: 'loop.yml',
    before: LOOP_DONE,
    floor: ['trips', '1'],
    isLong: true,
  },
  loop1: {
    shows: 'the same, 1 host',
    hosts: 1,
    playbook: 'loop.yml',
    before: LOOP_DONE,
    floor: ['trips', '1'],
  },
  facts: { shows: 'facts of 50 hosts', hosts: 50, playbook: 'facts.yml', floor: ['trips', '1'] },
  copy: {
    shows: 'a 64 MB copy, first run',
    hosts: 1,
    playbook: 'copy.yml',
    before: CLEAN,
    floor: ['stream', 'large'],
    tools: ['drover'],
  },
  copied: {
    shows: 'the same again, unchanged',
    hosts: 1,
    playbook: 'copy.yml',
    floor: ['trips', '1'],
    tools: ['drover'],
  },
};

const folder = mkdtempSync(join(tmpdir(), 'drover-bench-'));
const hosts = await benchHosts();
try {
  for (const [name, text] of Object.entries(PLAYBOOKS)) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'large'), Buffer.alloc(64 * 1024 * 1024, 'drover bench '));
  await compareAll();
  if (only.length === 0 || only.includes('own')) await ownNumbers();
} finally {
  rmSync(folder, { recursive: true, force: true });
  await hosts.down();
}

async function compareAll(): Promise<void> {
  const here = toolsHere(say);
  say(
    `\nLoad average ${loadavg()[0]?.toFixed(1)}; ${ROUNDS} rounds, the slow tools ${SLOW_ROUNDS}.\n`,
  );
  say('| work | | wall | controller CPU | target CPU | wall against drover | CPU against drover |');
  say('|---|---|---|---|---|---|---|');
  for (const [name, row] of Object.entries(ROWS)) {
    if (only.length > 0 ? !only.includes(name) : isQuick && row.isLong) continue;
    print(row, await samplesOf(row, here));
  }
}

async function samplesOf(row: Row, here: readonly Tool[]): Promise<Map<Contender, Sample[]>> {
  const tools = here.filter((tool) => row.tools?.includes(tool) ?? true);
  const contenders: Contender[] = [...tools, 'floor'];
  const samples = new Map<Contender, Sample[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const contender of contenders) {
      const isSlow = contender === 'pipelining' || contender === 'mitogen';
      if (isSlow && round >= (row.isLong ? 1 : SLOW_ROUNDS)) continue;
      if (row.before !== undefined) hosts.sh(row.before);
      const sample = measure(commandFor(contender, row, hosts), hosts.cpuSeconds);
      const taken = isSlow ? await orSaid(sample, contender) : await sample;
      if (taken !== undefined) samples.get(contender)?.push(taken);
    }
  }
  return samples;
}

/** A rival that fails, as they do on a machine that is too busy for their time limits, is missing in its row and nowhere else. */
async function orSaid(sample: Promise<Sample>, rival: Contender): Promise<Sample | undefined> {
  try {
    return await sample;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`NOT MEASURED: ${rival} failed: ${why.slice(-400)}\n`);
    return undefined;
  }
}

function commandFor(contender: Contender, row: Row, on: BenchHosts): Command {
  if (contender !== 'floor') {
    const playbook = join(folder, row.playbook);
    return commandOf(contender, { inventory: on.inventory(row.hosts), playbook, folder });
  }
  const [kind = '', what = ''] = row.floor;
  const place = kind === 'stream' ? join(folder, what) : what;
  return floor(on.privateKeyFile, kind, place, ...on.addresses.slice(0, row.hosts));
}

function print({ shows }: Row, samples: ReadonlyMap<Contender, readonly Sample[]>): void {
  const ours = mediansOf(samples.get('drover') ?? []);
  for (const [contender, all] of samples) {
    if (all.length === 0) continue;
    const { wall, cpu, target } = mediansOf(all);
    const ratio = (theirs: number, own: number): string =>
      contender === 'drover' ? '' : `${(theirs / own).toFixed(2)} ×`;
    const times = [wall, cpu, target].map((seconds) => `${seconds.toFixed(2)} s`).join(' | ');
    const ratios = `${ratio(wall, ours.wall)} | ${ratio(cpu + target, ours.cpu + ours.target)}`;
    say(`| ${contender === 'drover' ? shows : ''} | ${contender} | ${times} | ${ratios} |`);
  }
}

function mediansOf(samples: readonly Sample[]) {
  return {
    wall: median(samples.map(({ wallSeconds }) => wallSeconds)),
    cpu: median(samples.map(({ cpuSeconds }) => cpuSeconds)),
    target: median(samples.map(({ targetCpuSeconds }) => targetCpuSeconds)),
    megabytes: median(samples.map(({ megabytes = Number.NaN }) => megabytes)),
  };
}

/** What is measured against a number and not against another tool. */
async function ownNumbers(): Promise<void> {
  const few = await repeated(playbook('commands10.yml', 50));
  const more = await repeated(playbook('commands60.yml', 50));
  const many = await repeated(playbook('commands10.yml', 250));
  const perTask = ((more.cpu - few.cpu) * 1000) / (50 * 50);
  const perConnection = ((many.megabytes - few.megabytes) * 1000) / 200;
  const version = await repeated({ argv: drover('--version') });
  const local = await repeated({
    argv: drover('run', '-i', 'localhost,', '-c', 'local', join(folder, 'debug.yml')),
    cwd: folder,
  });
  say('\n| drover alone | |\n|---|---|');
  say(`| CPU for one more trivial task on one more host | ${perTask.toFixed(2)} ms |`);
  say(`| peak memory at 50 hosts | ${few.megabytes.toFixed(0)} MB |`);
  say(`| memory for one more connection, from 50 to 250 | ${perConnection.toFixed(0)} kB |`);
  say(`| CPU of \`--version\` | ${version.cpu.toFixed(2)} s |`);
  say(`| CPU of a local run with one debug task | ${local.cpu.toFixed(2)} s |`);
}

function playbook(name: string, count: number): Command {
  return commandOf('drover', {
    inventory: hosts.inventory(count),
    playbook: join(folder, name),
    folder,
  });
}

async function repeated(command: Command) {
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round += 1) samples.push(await measure(command, () => 0));
  return mediansOf(samples);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

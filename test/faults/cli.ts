/**
 * `npm run faults`: faults × steps on five real hosts of their own. Prints what each injection came to, and the tables; with
 * `--write` they go into docs/reliability.md. With `--record` it goes on where it was ended. `--help` has the choices.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { fleetDown, fleetMissing } from '../fleet/fleet.ts';
import { stateFor, stateIn } from '../fleet/state.ts';
import type { Point } from './experiment.ts';
import { FAULTS } from './faults.ts';
import { judged, planned, Verdict } from './matrix.ts';
import { numberOf, STEPS } from './site.ts';
import { Stage } from './stage.ts';
import { tables, writeTables } from './table.ts';

interface Flags {
  readonly fault?: readonly string[];
  readonly step?: readonly string[];
  readonly point: readonly Point[];
  readonly without: readonly string[];
  readonly state?: string;
  readonly keep: boolean;
  readonly sleep: number;
  readonly record?: string;
  readonly write: boolean;
}

const POINTS: readonly Point[] = ['before', 'during'];
const PAYLOAD_BYTES = 20 * 1024 * 1024;
const LIMIT_MS = 240_000;

const program = new Command('faults')
  .description('Things go wrong at each step of a playbook on five real hosts')
  .addOption(new Option('--fault <name...>', 'only these').choices(FAULTS.map(({ name }) => name)))
  .addOption(new Option('--step <number...>', 'only these').choices(STEPS.map(numberOf)))
  .addOption(new Option('--point <point...>', 'when').choices([...POINTS]).default([...POINTS]))
  .addOption(
    new Option('--without <number...>', 'a shorter playbook')
      .choices(STEPS.map(numberOf))
      .default([]),
  )
  .option('--state <folder>', 'a fleet that keeps its state there')
  .option('--keep', 'leave the fleet up', false)
  .option('--sleep <seconds>', 'how long the runner sleeps', Number, 60)
  .option('--record <file>', 'keep what was seen there, and do not do it again')
  .option('--write', 'put the tables into docs/reliability.md', false)
  .action(main);

await program.parseAsync();

async function main(flags: Flags): Promise<void> {
  const missing = fleetMissing();
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const state = flags.state === undefined ? stateFor('faults') : stateIn(flags.state);
  const without = STEPS.filter((step) => flags.without.includes(numberOf(step)));
  const stage = await Stage.set({ state, payloadBytes: PAYLOAD_BYTES, without, say });
  try {
    const verdicts = await matrix(stage, flags);
    if (verdicts.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
  } finally {
    await stage.close();
    if (!flags.keep) await fleetDown({ state });
  }
}

async function matrix(stage: Stage, flags: Flags): Promise<Verdict[]> {
  const faults = FAULTS.filter(({ name }) => flags.fault?.includes(name) ?? true);
  const steps = stage.steps.filter((step) => flags.step?.includes(numberOf(step)) ?? true);
  const hosts = stage.places.map(({ host }) => host.name);
  const verdicts = recorded(flags);
  const experiments = planned(faults, steps, flags.point, hosts, verdicts);
  const options = { sleepMs: flags.sleep * 1000, limitMs: LIMIT_MS };
  for (const [index, injections] of experiments.entries()) {
    const now = await judged(stage, injections, options);
    for (const verdict of now) say(`${index + 1}/${experiments.length} ${described(verdict)}`);
    verdicts.push(...now);
    record(now, flags);
    if (flags.write) writeTables(tables(verdicts), new Date());
  }
  process.stdout.write(`\n${tables(verdicts)}\n`);
  return verdicts;
}

function recorded({ record: file }: Flags): Verdict[] {
  if (file === undefined || !existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => Verdict.parse(JSON.parse(line)));
}

function record(verdicts: readonly Verdict[], { record: file }: Flags): void {
  if (file === undefined) return;
  for (const verdict of verdicts) appendFileSync(file, `${JSON.stringify(verdict)}\n`);
}

function described(verdict: Verdict): string {
  const { fault, point, step, host, outcome, findings, durationsMs } = verdict;
  const wrong = findings.map((text) => `\n    ${text}`).join('');
  const seconds = durationsMs.map((ms) => (ms / 1000).toFixed(1)).join(' + ');
  return `${fault} ${point} ${step} on ${host}: ${outcome} (${seconds} s)${wrong}`;
}

function say(message: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${message}\n`);
}

/**
 * `npm run faults`: faults × steps on five real hosts of their own. Prints what each injection came to, and the tables; with
 * `--write` they go into docs/reliability.md. With `--record` it goes on where it was ended. `--help` has the choices.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { fleetMissing } from '../fleet/fleet.ts';
import { stateFor, stateIn } from '../fleet/state.ts';
import type { Point } from './experiment.ts';
import { FAULTS } from './faults.ts';
import {
  type Case,
  cast,
  combinations,
  judged,
  latest,
  planned,
  sameCase,
  Verdict,
} from './matrix.ts';
import { numberOf, STEPS } from './site.ts';
import { tables, writeTables } from './table.ts';
import { HOSTS, Theatre } from './theatre.ts';

interface Flags {
  readonly fault?: readonly string[];
  readonly step?: readonly string[];
  readonly point: readonly Point[];
  readonly without: readonly string[];
  readonly state?: string;
  readonly keep: boolean;
  readonly sleep: number;
  readonly sets: number;
  readonly record?: string;
  readonly again: boolean;
  readonly write: boolean;
}

const POINTS: readonly Point[] = ['during', 'before'];
const PAYLOAD_BYTES = 8 * 1024 * 1024;
/** So that a busy machine is not taken for a silent host. */
const CONNECT_SECONDS = 10;
const STRIDE = 7;
const LIMIT_MS = 600_000;

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
  .option(
    '--sets <count>',
    'how many sets of five hosts, each with runs of its own; a set needs about 25 of fs.inotify.max_user_instances',
    Number,
    1,
  )
  .option('--sleep <seconds>', 'how long the runner sleeps', Number, 60)
  .option('--record <file>', 'keep what was seen there, and do not do it again')
  .option('--again', 'only what broke a promise when it was recorded last', false)
  .option('--write', 'put the tables into docs/reliability.md', false)
  .action(main);

await program.parseAsync();

async function main(flags: Flags): Promise<void> {
  const verdicts = recorded(flags);
  const experiments = wanted(flags, verdicts);
  // With everything recorded there is nothing to do but the tables.
  if (experiments.length > 0) await carryOut(experiments, verdicts, flags);
  if (flags.write) writeTables(tables(verdicts), new Date());
  process.stdout.write(`\n${tables(verdicts)}\n`);
  if (verdicts.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
}

function leftOut({ without }: Flags): string[] {
  return STEPS.filter((step) => without.includes(numberOf(step)));
}

function wanted(flags: Flags, known: readonly Verdict[]): Case[][] {
  const faults = FAULTS.filter(({ name }) => flags.fault?.includes(name) ?? true);
  const played = STEPS.filter((step) => !leftOut(flags).includes(step));
  const steps = spread(played.filter((step) => flags.step?.includes(numberOf(step)) ?? true));
  const all = combinations(faults, steps, flags.point);
  const cases = all.filter((each) => isWanted(each, known, flags));
  return planned(cases, HOSTS - 1);
}

function isWanted(each: Case, known: readonly Verdict[], { again }: Flags): boolean {
  const last = known.find((verdict) => sameCase(verdict, each));
  return again ? last !== undefined && last.findings.length > 0 : last === undefined;
}

/** @param verdicts grows */
async function carryOut(
  experiments: readonly Case[][],
  verdicts: Verdict[],
  flags: Flags,
): Promise<void> {
  const missing = fleetMissing();
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const theatre = await Theatre.open({
    sets: flags.sets,
    state: flags.state === undefined ? stateFor('faults') : stateIn(flags.state),
    payloadBytes: PAYLOAD_BYTES,
    without: leftOut(flags),
    connectSeconds: CONNECT_SECONDS,
    say,
  });
  try {
    await matrix(theatre, experiments, verdicts, flags);
  } finally {
    await theatre.close({ keeps: flags.keep });
  }
}

/** Each stage takes the next experiment when it is done with one. */
async function matrix(
  { stages }: Theatre,
  experiments: readonly Case[][],
  verdicts: Verdict[],
  flags: Flags,
): Promise<void> {
  const options = { sleepMs: flags.sleep * 1000, limitMs: LIMIT_MS };
  const queue = experiments.entries();
  await Promise.all(
    stages.map(async (stage) => {
      for (const [index, cases] of queue) {
        const now = await judged(stage, cast(stage, cases), options);
        for (const verdict of now) say(`${index + 1}/${experiments.length} ${described(verdict)}`);
        verdicts.splice(0, verdicts.length, ...latest([...verdicts, ...now]));
        record(now, flags);
        if (flags.write) writeTables(tables(verdicts), new Date());
      }
    }),
  );
}

/** In another order: those that are done when a matrix is ended early are from all over the playbook. */
function spread(steps: readonly string[]): string[] {
  const starts = [...Array(STRIDE).keys()];
  return starts.flatMap((start) => steps.filter((_step, index) => index % STRIDE === start));
}

function recorded({ record: file }: Flags): Verdict[] {
  if (file === undefined || !existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return latest(lines.map((line) => Verdict.parse(JSON.parse(line))));
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

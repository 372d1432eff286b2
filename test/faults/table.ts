/** The verdicts as the tables of docs/reliability.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { FAULTS, type Fault, type Outcome } from './faults.ts';
import type { Verdict } from './matrix.ts';
import { STEPS } from './site.ts';

const PAGE = resolve(import.meta.dirname, '../../docs/reliability.md');
const BEGIN = '<!-- npm run faults writes from here -->';
const END = '<!-- to here -->';

const OUTCOMES: readonly Outcome[] = ['ok', 'unreachable', 'failed', 'ended'];

/** Faults with what they came to, and then faults × steps: how many injections, and how many of them broke a promise. */
export function tables(verdicts: readonly Verdict[]): string {
  const struck = verdicts.filter(({ outcome }) => outcome !== 'missed');
  const faults = FAULTS.filter((fault) => of(struck, fault).length > 0);
  const steps = STEPS.filter((step) => at(struck, step).length > 0);
  return [
    row('fault', 'injected', ...OUTCOMES, 'broken promises'),
    row('---', '--:', ...OUTCOMES.map(() => '--:'), '--:'),
    ...faults.map((fault) => faultRow(fault, of(struck, fault))),
    row('all', ...faultCounts(struck)),
    '',
    row('step', ...faults.map(({ name }) => name)),
    row('---', ...faults.map(() => '--:')),
    ...steps.map((step) => row(step, ...faults.map((fault) => cell(at(of(struck, fault), step))))),
  ].join('\n');
}

const of = (verdicts: readonly Verdict[], { name }: Fault): Verdict[] =>
  verdicts.filter(({ fault }) => fault === name);

const at = (verdicts: readonly Verdict[], step: string): Verdict[] =>
  verdicts.filter((verdict) => verdict.step === step);

const broken = (verdicts: readonly Verdict[]): number =>
  verdicts.filter(({ findings }) => findings.length > 0).length;

const faultRow = (fault: Fault, verdicts: readonly Verdict[]): string =>
  row(`${fault.name}: ${fault.summary}`, ...faultCounts(verdicts));

function faultCounts(verdicts: readonly Verdict[]): (string | number)[] {
  const counts = OUTCOMES.map(
    (wanted) => verdicts.filter(({ outcome }) => outcome === wanted).length,
  );
  return [verdicts.length, ...counts, broken(verdicts)];
}

/** Injections, and those of them that broke a promise, if there are any. */
function cell(verdicts: readonly Verdict[]): string {
  const bad = broken(verdicts);
  if (verdicts.length === 0) return '';
  return bad === 0 ? String(verdicts.length) : `${verdicts.length} (${bad} broken)`;
}

const row = (...cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

/** Puts the tables into the page, with the day and the machine. */
export function writeTables(text: string, now: Date): void {
  const page = readFileSync(PAGE, 'utf8');
  const before = page.slice(0, page.indexOf(BEGIN) + BEGIN.length);
  const after = page.slice(page.indexOf(END));
  const [{ model } = { model: 'unknown' }] = cpus();
  const machine = `${cpus().length} cores (${model.trim()})`;
  const told = `${now.toISOString().slice(0, 10)}, ${machine}, the hosts as containers beside the runner. Faults of hosts come four to a run.`;
  writeFileSync(join(PAGE), `${before}\n${told}\n\n${text}\n${after}`);
}

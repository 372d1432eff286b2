/** Faults × steps: which experiments that makes, and what each injection came to. */
import * as z from 'zod';
import { findings, outcomeFor } from './checks.ts';
import { type ExperimentOptions, experiment, type Injection, type Point } from './experiment.ts';
import type { Fault } from './faults.ts';
import type { Stage } from './stage.ts';

/** Plain data: it is kept in a file while a long matrix grows. */
export const Verdict = z.object({
  /** Name of the fault. */
  fault: z.string(),
  step: z.string(),
  point: z.enum(['before', 'during']),
  host: z.string(),
  /** `missed`: its moment did not come, because the host ended before, or the step asks it nothing. */
  outcome: z.enum(['ok', 'failed', 'unreachable', 'ended', 'missed']),
  findings: z.array(z.string()),
  /** Of the first run and of the two after it. */
  durationsMs: z.array(z.number()),
});
export type Verdict = z.output<typeof Verdict>;

/** An injection before it is known which hosts there are. */
export type Case = Omit<Injection, 'host'>;

/** All combinations; those of the first point come before those of the second. */
export function combinations(
  faults: readonly Fault[],
  steps: readonly string[],
  points: readonly Point[],
): Case[] {
  return points.flatMap((point) =>
    steps.flatMap((step) => faults.map((fault) => ({ fault, step, point }))),
  );
}

type Named = Pick<Verdict, 'fault' | 'step' | 'point'>;

const nameOf = ({ fault, step, point }: Named): string => `${fault} ${point} ${step}`;

export const sameCase = (verdict: Named, { fault, step, point }: Case): boolean =>
  nameOf(verdict) === nameOf({ fault: fault.name, step, point });

/** The last verdict of each combination: what was injected again counts for what was seen before. */
export const latest = (verdicts: readonly Verdict[]): Verdict[] => [
  ...new Map(verdicts.map((verdict) => [nameOf(verdict), verdict])).values(),
];

/**
 * Experiments with several injections each: hosts do not know of each other, so each of those that may be struck is by a fault
 * and at a step of its own. The kinds take turns, as they wait for different things.
 * @param victims how many hosts may be struck at a time
 */
export function planned(cases: readonly Case[], victims: number): Case[][] {
  const kind = (strikes: Fault['strikes']): Case[][] =>
    chunks(
      cases.filter(({ fault }) => fault.strikes === strikes),
      victims,
    );
  return inTurns([kind('runner'), kind('host')]);
}

/** The first host is never struck; each of the others once. */
export function cast({ places }: Stage, cases: readonly Case[]): Injection[] {
  const victims = places.slice(1);
  return cases.map((each, index) => ({ ...each, host: victims[index]?.host.name ?? '' }));
}

/** The first of each list, then the second of each, until all are there. */
function inTurns<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  const turns = [...Array(longest).keys()];
  return turns.flatMap((n) => lists.flatMap((list) => list.slice(n, n + 1)));
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/**
 * What the injections come to. Faults of hosts strike one run with all hosts; those of the runner a run for each, with one host,
 * side by side.
 */
export async function judged(
  stage: Stage,
  injections: readonly Injection[],
  options: ExperimentOptions,
): Promise<Verdict[]> {
  if (injections.some(({ fault }) => fault.strikes === 'host'))
    return judgedTogether(stage, injections, options);
  const verdicts = injections.map((injection) => judgedAlone(stage, injection, options));
  return (await Promise.all(verdicts)).flat();
}

async function judgedAlone(
  stage: Stage,
  injection: Injection,
  options: ExperimentOptions,
): Promise<Verdict[]> {
  const part = stage.part([injection.host]);
  try {
    return await judgedTogether(part, [injection], options);
  } finally {
    part.leave();
  }
}

/** One run with all hosts of the stage. What was found on a host that nothing struck counts for the first injection. */
async function judgedTogether(
  stage: Stage,
  injections: readonly Injection[],
  options: ExperimentOptions,
): Promise<Verdict[]> {
  const evidence = await experiment(stage, injections, options);
  const all = findings(evidence, stage);
  const { first, second, third } = evidence;
  const durationsMs = [first, second, third].map((run) => run.durationMs);
  const owner = (host: string): Injection | undefined =>
    injections.find((injection) => injection.host === host) ?? injections[0];
  return injections.map((injection) => ({
    fault: injection.fault.name,
    step: injection.step,
    point: injection.point,
    host: injection.host,
    outcome: evidence.struck.has(injection) ? outcomeFor(evidence.first, injection.host) : 'missed',
    findings: all
      .filter(({ host }) => owner(host) === injection)
      .map(({ host, text }) => `${host}: ${text}`),
    durationsMs,
  }));
}

/** Faults × steps: which experiments that makes, and what each injection came to. */
import { z } from 'zod';
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

/**
 * Experiments for all combinations. The first host is never struck; each of the others may be by a fault and at a step of its
 * own in the same run, as they do not know of each other. Faults of the runner come one by one.
 * @param known combinations that are left out
 */
export function planned(
  faults: readonly Fault[],
  steps: readonly string[],
  points: readonly Point[],
  hosts: readonly string[],
  known: readonly Pick<Verdict, 'fault' | 'step' | 'point'>[] = [],
): Injection[][] {
  const victims = hosts.slice(1);
  const all = steps.flatMap((step) =>
    points.flatMap((point) => faults.map((fault) => ({ fault, step, point }))),
  );
  const cases = all.filter(
    ({ fault, step, point }) =>
      !known.some((one) => one.fault === fault.name && one.step === step && one.point === point),
  );
  const onHosts = cases.filter(({ fault }) => fault.strikes === 'host');
  const onRunner = cases.filter(({ fault }) => fault.strikes === 'runner');
  return [
    ...chunks(onHosts, victims.length).map((some) =>
      some.map((each, index) => ({ ...each, host: victims[index] ?? '' })),
    ),
    ...onRunner.map((each, index) => [{ ...each, host: victims[index % victims.length] ?? '' }]),
  ];
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, n) => all.slice(n * size, (n + 1) * size));
}

/** Does the experiment, and judges each of its injections. What was found on a host that nothing struck counts for the first. */
export async function judged(
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

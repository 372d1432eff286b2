/** What must hold after a fault. Each check tells what it found wrong, one sentence a finding. */

import type { Evidence, Injection } from './experiment.ts';
import type { Outcome } from './faults.ts';
import type { Files } from './look.ts';
import type { FinishedRun, Told } from './program.ts';
import { STEPS } from './site.ts';
import type { Stage } from './stage.ts';

export interface Finding {
  readonly host: string;
  readonly text: string;
}

type Check = (evidence: Evidence, stage: Stage) => readonly Finding[];

const LAST = STEPS.at(-1) ?? '';
/** Fails by design, with these words, and is rescued. */
const RESCUED = '16 task that fails once';
const BY_DESIGN = /data\/state: No such file or directory/;
const RESCUE = '17 rescue';

/** What the run came to for a host. */
export function outcomeFor(run: FinishedRun, host: string): Outcome {
  const problem = problemOf(run, host);
  if (problem !== undefined) return problem.status === 'unreachable' ? 'unreachable' : 'failed';
  return tasksOf(run, host).some(({ step }) => step === LAST) ? 'ok' : 'ended';
}

const tasksOf = ({ told }: FinishedRun, host: string): readonly Told[] => told.get(host) ?? [];

/** The task that ended the host's part of the run. */
function problemOf(run: FinishedRun, host: string): Told | undefined {
  const tasks = tasksOf(run, host);
  const isRescued = tasks.some(({ step }) => step === RESCUE);
  // Its failure is also of our making when a fault strikes before the rescue has begun.
  const isExpected = ({ step, status, message }: Told): boolean =>
    step === RESCUED && (isRescued || (status === 'failed' && BY_DESIGN.test(message)));
  return tasks.find(
    (told) => (told.status === 'failed' || told.status === 'unreachable') && !isExpected(told),
  );
}

/** What a task with `no_log` says of anything. */
const CENSORED = /the output has been hidden/;

const endsInTime: Check = ({ hangs, injections: [first] }) =>
  hangs ? [{ host: first?.host ?? '', text: 'the run did not end' }] : [];

const isTold: Check = ({ injections, struck, first }) =>
  injections.filter((injection) => struck.has(injection)).flatMap((each) => toldOf(each, first));

function toldOf({ fault, step, host }: Injection, first: FinishedRun): Finding[] {
  const outcome = outcomeFor(first, host);
  const problem = problemOf(first, host);
  const finding = (text: string): Finding[] => [{ host, text }];
  if (!fault.outcomes.includes(outcome))
    return finding(`came to ${outcome} at ${problem?.step}: ${problem?.message}`);
  if (problem === undefined) return [];
  if (!fault.says.test(problem.message) && !CENSORED.test(problem.message))
    return finding(`the result does not name the cause: ${problem.message}`);
  // Work that was over before it could be disturbed passes the trouble on to a later step.
  const isEarlier = STEPS.includes(problem.step) && problem.step < step;
  return isEarlier ? finding(`said of ${problem.step}, before ${step}`) : [];
}

const exitCodeFits: Check = ({ first, injections }, { places }) => {
  const [{ fault, host } = { fault: undefined, host: '' }] = injections;
  const expected = (): number => {
    if (fault?.name === 'kill-runner') return -1;
    if (fault?.name === 'interrupt' || fault?.name === 'terminate') return 99;
    const outcomes = places.map((place) => outcomeFor(first, place.host.name));
    if (outcomes.includes('unreachable')) return 4;
    return outcomes.includes('failed') ? 2 : 0;
  };
  const findings: Finding[] = [];
  if (first.code !== expected())
    findings.push({ host, text: `exit code ${first.code}, not ${expected()}` });
  if (first.code !== -1 && !first.hasRecap) findings.push({ host, text: 'there is no recap' });
  return findings;
};

const othersFinish: Check = ({ first, injections }, { places }) => {
  if (injections.some(({ fault }) => fault.strikes === 'runner')) return [];
  const others = places.filter((place) => injections.every(({ host }) => host !== place.host.name));
  return others
    .filter((place) => outcomeFor(first, place.host.name) !== 'ok')
    .map(({ host }) => {
      const { step, message } = problemOf(first, host.name) ?? {};
      return {
        host: host.name,
        text: `did not finish, although nothing struck it: ${step} ${message}`,
      };
    });
};

const nothingIsExposed: Check = ({ exposed }) =>
  [...exposed].flatMap(([host, files]) =>
    files.map((file) => ({ host, text: `others may read an unfinished file: ${file}` })),
  );

/** Each file is as before the run or as after it, and there are no others. */
const filesAreWhole: Check = ({ injections, after }, { clean, converged }) =>
  [...after].flatMap(([host, files]) =>
    [...finished(injections, host, files)]
      .filter(
        ([path, is]) => clean.get(host)?.get(path) !== is && converged.get(host)?.get(path) !== is,
      )
      .map(([path, is]) => ({ host, text: `neither old nor new: ${path} ${is}` })),
  );

/** Without the unfinished ones that the host's fault may leave. */
function finished(injections: readonly Injection[], host: string, files: Files = new Map()): Files {
  const mayBeLeft = injections.some((each) => each.host === host && each.fault.mayLeaveUnfinished);
  if (!mayBeLeft) return files;
  return new Map([...files].filter(([path]) => !/\/\.drover-[^/]*$/.test(path)));
}

const nothingRuns: Check = ({ processes }) =>
  [...processes].flatMap(([host, left]) =>
    left.map((command) => ({ host, text: `still runs: ${command.slice(0, 200)}` })),
  );

/** What a result called done stays done. */
const nothingIsLost: Check = ({ first, second }) =>
  [...second.told].flatMap(([host, tasks]) => {
    const done = tasksOf(first, host).filter(({ status }) => /^(ok|changed)$/.test(status));
    const redone = tasks.filter(
      ({ step, isChanged }) => isChanged && done.some((task) => task.step === step),
    );
    return redone
      .filter(({ step }) => !step.startsWith('22'))
      .map(({ step }) => ({ host, text: `was called done, and was not: ${step}` }));
  });

const converges: Check = ({ injections, second, third, atLast }, { places, converged }) => {
  const findings = places.flatMap(({ host: { name: host } }) => [
    ...unless(
      outcomeFor(second, host) === 'ok',
      host,
      () => `the second run: ${problemText(second, host)}`,
    ),
    ...unless(
      outcomeFor(third, host) === 'ok',
      host,
      () => `the third run: ${problemText(third, host)}`,
    ),
    ...tasksOf(third, host)
      .filter(({ isChanged }) => isChanged)
      .map(({ step }) => ({ host, text: `the third run changes ${step}` })),
    ...differences(host, finished(injections, host, atLast.get(host)), converged.get(host)),
  ]);
  return findings;
};

const unless = (holds: boolean, host: string, text: () => string): Finding[] =>
  holds ? [] : [{ host, text: text() }];

function problemText(run: FinishedRun, host: string): string {
  const { step, message } = problemOf(run, host) ?? { step: 'ended early', message: run.output };
  return `${step}: ${message.slice(0, 2000)}`;
}

function differences(host: string, found: Files = new Map(), wanted: Files = new Map()): Finding[] {
  const paths = new Set([...found.keys(), ...wanted.keys()]);
  return [...paths]
    .filter((path) => found.get(path) !== wanted.get(path))
    .map((path) => ({
      host,
      text: `at last ${path} is ${found.get(path)}, not ${wanted.get(path)}`,
    }));
}

export const CHECKS: Readonly<Record<string, Check>> = {
  'the run ends': endsInTime,
  'the result says what happened': isTold,
  'the exit code fits': exitCodeFits,
  'the other hosts finish': othersFinish,
  'nothing is exposed': nothingIsExposed,
  'files are whole, and none is left over': filesAreWhole,
  'no process is left over': nothingRuns,
  'what was called done is done': nothingIsLost,
  'a second run converges, a third changes nothing': converges,
};

/** Everything that is wrong, with the name of the check. */
export function findings(evidence: Evidence, stage: Stage): Finding[] {
  return Object.entries(CHECKS).flatMap(([name, check]) =>
    check(evidence, stage).map(({ host, text }) => ({ host, text: `${name}: ${text}` })),
  );
}

/**
 * Many probes in one request: each in a subshell of its own, or in one with others that `takesMany`, and the last in the request's, which
 * ends with it. Between their outputs is a random mark, on both streams. What several ask in the same words is asked once.
 */
import { randomUUID } from 'node:crypto';
import { quote, quoteAll } from '../connection/quote.ts';
import type { SessionRequest, SessionResult } from '../connection/session/shellSession.ts';
import { ModuleError } from '../core/errors.ts';
import type { Constant, Observed, Probe, ProbeOutput, Probes } from './probe.ts';

export type Run = (request: SessionRequest) => Promise<SessionResult>;

/** By script: what the session's host has said already. */
export type Constants = Map<string, string>;

/**
 * One round trip for all sets. Rejects with the first error of a probe's own `parse`.
 * @param constants grows
 */
export async function observeAll<P extends Probes>(
  run: Run,
  sets: readonly P[],
  constants: Constants = new Map(),
): Promise<Observed<P>[]> {
  const questions = new Questions();
  const asked = sets.map((set) =>
    Object.entries(set).map(([name, probe]) => ({ name, probe, question: questions.add(probe) })),
  );
  const calls = callsOf(questions.all());
  const outputs = await askAll(run, calls, constants);
  const answers = new Map(calls.flat().map((question, index) => [question, outputs[index]]));
  return asked.map((set) => {
    const told = set.map(({ name, probe, question }) => [
      name,
      probe.parse(answers.get(question) ?? NOTHING),
    ]);
    return Object.fromEntries(told);
  });
}

/** What is to be asked, each once. */
class Questions {
  readonly #byScript = new Map<string, Map<string, Probe<unknown>>>();

  /** The one that asks the same. */
  add(probe: Probe<unknown>): Probe<unknown> {
    if (probe.script === '') return probe;
    const ofScript = this.#byScript.get(probe.script) ?? new Map<string, Probe<unknown>>();
    this.#byScript.set(probe.script, ofScript);
    // Arguments of programs hold no NUL.
    const words = probe.args.join('\0');
    const question = ofScript.get(words) ?? probe;
    ofScript.set(words, question);
    return question;
  }

  all(): Probe<unknown>[] {
    return [...this.#byScript.values()].flatMap((ofScript) => [...ofScript.values()]);
  }
}

/** What a probe gets that is not asked. */
const NOTHING: ProbeOutput = { rc: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };

/** The probes of one run of a script: one, or some that it takes together. */
type Call = readonly Probe<unknown>[];

/** So many that what a call costs is shared, and so few that a shell handles their arguments fast. */
const MANY = 50;

function callsOf(probes: readonly Probe<unknown>[]): Call[] {
  const calls: Probe<unknown>[][] = [];
  const open = new Map<string, Probe<unknown>[]>();
  for (const probe of probes) {
    const together = probe.takesMany ? `${probe.args.length} ${probe.script}` : undefined;
    const call = together === undefined ? undefined : open.get(together);
    if (call !== undefined && call.length < MANY) {
      call.push(probe);
      continue;
    }
    const begun = [probe];
    calls.push(begun);
    if (together !== undefined) open.set(together, begun);
  }
  return calls;
}

/** The answers to the probes of all calls in their order. */
async function askAll(
  run: Run,
  calls: readonly Call[],
  constants: Constants,
): Promise<ProbeOutput[]> {
  const probes = calls.flat();
  if (probes.length === 0) return [];
  const mark = randomUUID();
  const needed = new Map(probes.flatMap(({ constant: one }) => (one ? [[one.name, one]] : [])));
  const unknown = [...needed.values()].filter(({ script }) => !constants.has(script));
  const values = [...needed.values()].map((one) => valueText(one, constants));
  const result = await run({
    kind: 'probe',
    ...batchScript(calls, mark, [...values, ...unknown.map(tellText)]),
  });
  const all = splitOutputs(result, mark);
  const count = unknown.length + probes.length;
  if (all.length === count) {
    unknown.forEach(({ script }, index) => {
      constants.set(script, all[index]?.stdout.toString('utf8') ?? '');
    });
    return all.slice(unknown.length);
  }
  throw new ModuleError(`only ${all.length} of ${count} questions to the host were answered`, {
    code: 'DROVER_OBSERVE_FAILED',
    data: { rc: result.rc, stderr: result.stderr.toString() },
  });
}

/** Each different script is there once, however many probes ask it with other arguments. */
function batchScript(
  calls: readonly Call[],
  mark: string,
  before: readonly string[],
): Pick<SessionRequest, 'script' | 'calls'> {
  const names = new Map<string, string>();
  for (const { script } of calls.flat()) {
    if (!names.has(script)) names.set(script, `ask${names.size}`);
  }
  const scripts = [...names].map(([script, name]) => `${name}=${quote(script)}`);
  const asked = calls.map((call, index) => {
    const args = call.flatMap((probe) => probe.args);
    const ask = index < calls.length - 1 ? 'ask' : 'ask_last';
    return `${ask} "$${names.get(call[0]?.script ?? '')}" ${quoteAll(args)}`;
  });
  return {
    script: [...scripts, ASK].join('\n'),
    calls: [`answer_mark=${mark}`, ...before, ...asked].join('\n'),
  };
}

function valueText({ name, script }: Constant, constants: Constants): string {
  const known = constants.get(script);
  return `${name}=${known === undefined ? `$(${script} 2>/dev/null)` : quote(known)}`;
}

/** Asked as the probes are, before them. */
function tellText({ name }: Constant): string {
  return `ask 'printf %s "$${name}"'`;
}

const ASK = `answered() {
  printf '%s %s\\n' "$answer_mark" "\${1:-0}"
  printf '%s\\n' "$answer_mark" >&2
}
ask() {
  script=$1; shift
  (eval "$script")
  answered "$?"
}
ask_last() {
  script=$1; shift
  eval "$script"
}`;

/** The request's own end is that of the last. */
function splitOutputs({ rc, stdout, stderr }: SessionResult, mark: string): ProbeOutput[] {
  const answers = sections(stdout, mark);
  const errors = sections(stderr, mark);
  return answers.map(({ body, trailer }, index) => ({
    rc: trailer === undefined ? rc : Number(trailer),
    stdout: body,
    stderr: errors[index]?.body ?? NOTHING.stderr,
  }));
}

function sections(stream: Buffer, mark: string): { body: Buffer; trailer: string | undefined }[] {
  const found = [];
  let from = 0;
  for (let at = stream.indexOf(mark); at >= 0; at = stream.indexOf(mark, from)) {
    const lineEnd = stream.indexOf('\n', at);
    const trailer = stream.toString('utf8', at + mark.length, lineEnd).trim();
    found.push({ body: stream.subarray(from, at), trailer });
    from = lineEnd + 1;
  }
  return [...found, { body: stream.subarray(from), trailer: undefined }];
}

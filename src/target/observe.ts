/** Many probes in one request: each in a subshell of its own, its output up to a random mark, on both streams. */
import { randomBytes } from 'node:crypto';
import { quote, quoteAll } from '../connection/quote.ts';
import type { SessionRequest, SessionResult } from '../connection/shellSession.ts';
import { ModuleError } from '../core/errors.ts';
import type { Observed, Probe, ProbeOutput, Probes } from './probe.ts';

export type Run = (request: SessionRequest) => Promise<SessionResult>;

/** One round trip for all sets. Rejects with the first error of a probe's own `parse`. */
export async function observeAll<P extends Probes>(
  run: Run,
  sets: readonly P[],
): Promise<Observed<P>[]> {
  const probes = sets.flatMap((set) => Object.values(set));
  const outputs = probes.length === 0 ? [] : await askAll(run, probes);
  let next = 0;
  return sets.map((set) => {
    const answers = Object.entries(set).map(([name, probe]) => [
      name,
      answer(probe, outputs[next++]),
    ]);
    return Object.fromEntries(answers);
  });
}

function answer(probe: Probe<unknown>, output: ProbeOutput | undefined): unknown {
  if (!output) throw new Error('every probe has an output');
  return probe.parse(output);
}

async function askAll(run: Run, probes: readonly Probe<unknown>[]): Promise<ProbeOutput[]> {
  const mark = randomBytes(16).toString('hex');
  const result = await run({ kind: 'probe', script: batchScript(probes, mark) });
  const outputs = splitOutputs(result, mark);
  if (outputs.length === probes.length) return outputs;
  throw new ModuleError(
    `only ${outputs.length} of ${probes.length} questions to the host were answered`,
    {
      code: 'DROVER_OBSERVE_FAILED',
      data: { rc: result.rc, stderr: result.stderr.toString() },
    },
  );
}

/** Each different script travels once, however many probes ask it with other arguments. */
export function batchScript(probes: readonly Probe<unknown>[], mark: string): string {
  const names = new Map<string, string>();
  for (const { script } of probes) if (!names.has(script)) names.set(script, `ask${names.size}`);
  const scripts = [...names].map(([script, name]) => `${name}=${quote(script)}`);
  const calls = probes.map(({ script, args }) => `ask "$${names.get(script)}" ${quoteAll(args)}`);
  return `${scripts.join('\n')}
ask() {
  script=$1; shift
  (eval "$script")
  printf '${mark} %s\\n' "$?"
  printf '${mark}\\n' >&2
}
${calls.join('\n')}
exit 0`;
}

export function splitOutputs({ stdout, stderr }: SessionResult, mark: string): ProbeOutput[] {
  const answers = sections(stdout, mark);
  const errors = sections(stderr, mark);
  return answers.map(({ body, trailer }, index) => ({
    rc: Number(trailer),
    stdout: body,
    stderr: errors[index]?.body ?? Buffer.alloc(0),
  }));
}

function sections(stream: Buffer, mark: string): { body: Buffer; trailer: string }[] {
  const found = [];
  for (let from = 0, at = stream.indexOf(mark); at >= 0; at = stream.indexOf(mark, from)) {
    const lineEnd = stream.indexOf('\n', at);
    const trailer = stream
      .subarray(at + mark.length, lineEnd)
      .toString()
      .trim();
    found.push({ body: stream.subarray(from, at), trailer });
    from = lineEnd + 1;
  }
  return found;
}

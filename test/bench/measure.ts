/** One run of a tool as a process of its own: what it took of wall time, of CPU time here and on the targets, and of memory. */
import { spawn } from 'node:child_process';

export interface Sample {
  readonly wallSeconds: number;
  /** Of the process and those that it waited for. Helpers that detach themselves (ssh's masters) are not in it. */
  readonly cpuSeconds: number;
  readonly targetCpuSeconds: number;
  /** Peak of a Node process; undefined for others. */
  readonly megabytes: number | undefined;
}

export interface Command {
  readonly argv: readonly string[];
  readonly cwd?: string | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Node tells its own peak as it exits. */
const REPORT = `process.on('exit', () => process.stderr.write('\\nPEAK ' + process.resourceUsage().maxRSS + '\\n'))`;
export const NODE: readonly string[] = [
  process.execPath,
  '--import',
  `data:text/javascript,${encodeURIComponent(REPORT)}`,
];

/** @param targetCpu CPU seconds of the targets so far. @throws Error with what the tool said when it fails. */
export async function measure(command: Command, targetCpu: () => number): Promise<Sample> {
  const targetBefore = targetCpu();
  const startedAt = performance.now();
  const { code, stdout, stderr } = await run(command);
  const wallSeconds = (performance.now() - startedAt) / 1000;
  if (code !== 0)
    throw new Error(`${command.argv.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  const kilobytes = /PEAK (\d+)/.exec(stderr)?.[1];
  return {
    wallSeconds,
    cpuSeconds: childTimes(stderr),
    targetCpuSeconds: targetCpu() - targetBefore,
    megabytes: kilobytes === undefined ? undefined : Number(kilobytes) / 1024,
  };
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `times` of the shell that starts the tool tells what its children took. */
function run({ argv, cwd, environment = {} }: Command): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const program = '"$@"; code=$?; times >&2; exit $code';
    const child = spawn('sh', ['-c', program, 'sh', ...argv], {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (more: string) => {
        said[name] = (said[name] + more).slice(-4_000);
      });
    }
    child.on('error', reject);
    // Not `close`: ssh's masters live on with the streams in their hands.
    child.on('exit', (code) => setTimeout(() => resolve({ code, ...said }), 20));
  });
}

function childTimes(said: string): number {
  const times = [...said.matchAll(/(\d+)m([\d.]+)s/g)].slice(-2);
  return times.reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

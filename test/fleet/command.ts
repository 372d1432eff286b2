import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execFileAsync = promisify(execFile);

export interface CommandOptions {
  /** Bytes for the command's standard input; without it the input is empty. */
  readonly input?: string | Buffer;
  /** Ended with SIGTERM after this time. Default: two minutes. */
  readonly timeoutMs?: number;
}

/** A command of this machine that failed, with what it printed. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly output: string;

  constructor(argv: readonly string[], cause: unknown) {
    const { code, killed, stdout, stderr } = failureOf(cause);
    const end = killed ? 'ran out of time' : `ended with ${code}`;
    const output = [stdout, stderr].join('\n').trim();
    super(`${argv.join(' ')}\n${end}:\n${lastLines(output, 25)}`, { cause });
    this.output = output;
  }
}

/** Runs a command and returns what it wrote to standard output.
 *  @throws CommandError when it cannot be started, fails, or takes too long. */
export async function run(
  command: string,
  args: readonly string[],
  { input = '', timeoutMs = 120_000 }: CommandOptions = {},
): Promise<string> {
  const running = execFileAsync(command, args, {
    timeout: timeoutMs,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
  });
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input);
  try {
    return (await running).stdout;
  } catch (cause) {
    throw new CommandError([command, ...args], cause);
  }
}

/** `docker` with these arguments. */
export const docker = (args: readonly string[], options?: CommandOptions): Promise<string> =>
  run('docker', args, options);

/** Runs `docker` and tells whether it succeeded. For questions whose "no" is an exit status. */
export async function dockerSays(args: readonly string[]): Promise<boolean> {
  return docker(args).then(
    () => true,
    () => false,
  );
}

/** The lines of a command's output that are not empty. */
export const lines = (output: string): string[] =>
  output.split('\n').filter((line) => line.trim() !== '');

export const lastLines = (text: string, count: number): string =>
  text.split('\n').slice(-count).join('\n');

interface Failure {
  readonly code: string | number;
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

function failureOf(cause: unknown): Failure {
  const fields: Record<string, unknown> = cause instanceof Error ? { ...cause } : {};
  const { code, killed, stdout, stderr } = fields;
  return {
    code: typeof code === 'string' || typeof code === 'number' ? code : 'an error',
    killed: killed === true,
    stdout: typeof stdout === 'string' ? stdout : '',
    stderr: typeof stderr === 'string' ? stderr : '',
  };
}

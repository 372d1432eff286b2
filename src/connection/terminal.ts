/**
 * A program that has a terminal without using it: `sudo` under requiretty and `doas` look for one, while a session needs
 * pipes, which carry any byte and keep stdout and stderr apart. Two processes of the host make that: one has pipes, one a
 * terminal, and the program of the second is started with the pipes of the first. Needs `/proc`.
 */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { UnreachableError } from '../core/errors.ts';
import { startCommand } from './session/sessionProgram.ts';
import type { RemoteProcess, Transport } from './transport.ts';

export interface OnTerminal {
  /** The program, with its pipes. */
  readonly process: RemoteProcess;
  /** What the program writes to its terminal, and reads from it. */
  readonly terminal: RemoteProcess;
}

/** @param command one program with its arguments, as shell text. */
export async function withTerminal(
  transport: Pick<Transport, 'exec'>,
  shell: string,
  command: string,
): Promise<OnTerminal> {
  const pipes = await transport.exec(startCommand(shell));
  pipes.stdin.on('error', () => undefined);
  const mark = randomBytes(8).toString('hex');
  pipes.stdin.write(`${holdPipes(mark)}\n`);
  const holder = await markedNumber(pipes.stdout, mark);
  const terminal = await transport.exec(startCommand(shell), { pty: true });
  terminal.stdin.on('error', () => undefined);
  terminal.stderr.resume();
  terminal.stdin.write(`${takePipes(holder)}\n`);
  pipes.stdin.write(`${command} 9<&-; exit\n`);
  const kill: RemoteProcess['kill'] = (signal) => {
    terminal.kill(signal);
    pipes.kill(signal);
  };
  pipes.exit.catch(() => undefined);
  return { process: { ...pipes, exit: terminal.exit, kill }, terminal };
}

/** Pipes that end in those of this process, and somebody who holds the other ends until they are taken. */
function holdPipes(mark: string): string {
  const holder = `sh -c 'echo "${mark} $$ "; exec sleep 60'`;
  return `{ { cat | ${holder}; } 2>&1 >&3 3>&- | cat >&2 3>&-; } 3>&1 | cat`;
}

/**
 * A terminal repeats what is typed, and takes no long lines: what matters comes through the pipes. The shell stays, with a
 * hold on the terminal: once nobody has it open sshd takes it for closed, and a later question would not arrive.
 */
function takePipes(holder: number): string {
  const fd = (number: number): string => `/proc/${holder}/fd/${number}`;
  return `exec 9<&0 <${fd(0)} >${fd(1)} 2>${fd(2)} && kill ${holder} && IFS= read -r p && eval "$p"`;
}

function markedNumber(stdout: Readable, mark: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const onData = (chunk: Buffer): void => {
      seen += chunk.toString('latin1');
      const found = seen.match(new RegExp(`${mark} (\\d+) \n`))?.[1];
      if (found === undefined) return;
      stdout.off('data', onData).off('end', onEnd).pause();
      resolve(Number(found));
    };
    const onEnd = (): void =>
      reject(new UnreachableError('the shell ended at once', { code: 'DROVER_NO_SHELL' }));
    stdout.on('data', onData).once('end', onEnd).resume();
  });
}

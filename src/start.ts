/** The composition root: the process's streams, signals and environment go in, an exit code comes out. */
import { homedir, userInfo } from 'node:os';
import { processOutput } from './cli/processOutput.ts';
import { main } from './cli/program.ts';
import { isForeground, processStat, TerminalPrompts } from './cli/prompt.ts';
import { startLean } from './heap.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param keepCode is called at the end of a run that came to its hosts: most of what any command uses has been compiled then. */
export async function start(keepCode: () => void = () => undefined): Promise<void> {
  /** The first signal asks the run to end, the second ends the process. */
  const interrupted = new AbortController();
  const interrupt = (signal: NodeJS.Signals): void => {
    for (const each of SIGNALS) process.off(each, interrupt);
    interrupted.abort(new DOMException(`interrupted by ${signal}`, 'AbortError'));
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);

  const terminal = new TerminalPrompts({
    get input() {
      return process.stdin; // opened when something is asked
    },
    output: process.stderr,
    isForeground: () => isForeground(processStat()),
    interrupt: () => process.kill(process.pid, 'SIGINT'),
    signal: interrupted.signal,
  });

  const heap = startLean();

  process.exitCode = await main(process.argv.slice(2), {
    cwd: process.cwd(),
    home: homedir(),
    userName: userInfo().username,
    processId: process.pid,
    environment: process.env,
    stdout: processOutput(process.stdout, process.env),
    stderr: processOutput(process.stderr, process.env),
    prompt: (text, options) => terminal.ask(text, options),
    writeBytes: (bytes) => void process.stdout.write(bytes),
    readStdin: async () => Buffer.concat(await process.stdin.toArray()),
    now: () => new Date(),
    heap: {
      ...heap,
      hostsNext(count) {
        heap.hostsNext(count);
        process.once('exit', () => {
          heap.backToStart();
          keepCode();
        });
      },
    },
    signal: interrupted.signal,
  });
  // Connections that were still being opened would keep the process until they time out.
  if (interrupted.signal.aborted) process.exit();
}

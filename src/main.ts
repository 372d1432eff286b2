#!/usr/bin/env node
/** The composition root: the process's streams, signals and environment go in, an exit code comes out. */
import { homedir, userInfo } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { processOutput } from './cli/processOutput.ts';
import { main } from './cli/program.ts';
import { isForeground, processStat, TerminalPrompts } from './cli/prompt.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  home: homedir(),
  userName: userInfo().username,
  environment: process.env,
  stdout: processOutput(process.stdout, process.env),
  stderr: processOutput(process.stderr, process.env),
  prompt: (text, options) => terminal.ask(text, options),
  writeBytes: (bytes) => void process.stdout.write(bytes),
  readStdin: async () => Buffer.concat(await process.stdin.toArray()),
  now: () => new Date(),
  keepMemoryLow,
  signal: interrupted.signal,
});
// Connections that were still being opened would keep the process until they time out.
if (interrupted.signal.aborted) process.exit();

/**
 * V8 lets the heap grow to several times what is in use before it collects. What a run leaves behind with each task is garbage, so
 * a third more is enough: with 600 hosts the peak fell from 294 MB to 169 MB, and the CPU time grew by less than a tenth.
 */
function keepMemoryLow(): void {
  setFlagsFromString('--heap-growing-percent=30');
}

#!/usr/bin/env node
/** The composition root: the process's streams, signals and environment go in, an exit code comes out. */
import { homedir, userInfo } from 'node:os';
import { processOutput } from './cli/processOutput.ts';
import { main } from './cli/program.ts';
import { promptOnTerminal } from './cli/prompt.ts';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interrupted.abort(new Error(`interrupted by ${signal}`)));
}

process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  home: homedir(),
  userName: userInfo().username,
  environment: process.env,
  stdout: processOutput(process.stdout, process.env),
  stderr: processOutput(process.stderr, process.env),
  prompt: (text, options) => promptOnTerminal(process.stdin, process.stderr, text, options),
  now: () => new Date(),
  signal: interrupted.signal,
});

#!/usr/bin/env node
/**
 * The entry. From the sources it just starts; as it is built, it hands the program what V8 compiled of it in an earlier run:
 * short runs would spend half of their time on compiling.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { version } from './cli/version.ts';
import { keepCompiledCode, loadKept, safeFolder } from './compileCache.ts';

/** The file of the program beside this one, with a hash of its content in its name. The build puts it in. */
declare const DROVER_PROGRAM: string | undefined;

if (process.argv.length === 3 && process.argv[2] === '--version') {
  process.stdout.write(`${version}\n`); // scripts ask for it often, and it needs nothing of the rest
} else if (typeof DROVER_PROGRAM === 'string') {
  const home = homedir();
  const folder = safeFolder({ environment: process.env, home, userId: process.getuid?.() });
  keepCompiledCode(folder);
  const { exports, keep } = loadKept(join(__dirname, DROVER_PROGRAM), folder);
  const { start } = exports as typeof import('./start.ts');
  void start(keep);
} else {
  void import('./start.ts').then(({ start }) => start());
}

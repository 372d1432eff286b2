#!/usr/bin/env node
/**
 * The entry. From the sources it just starts; as it is built, it hands the program what V8 compiled of it in an earlier run:
 * short runs would spend half of their time on compiling.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { keepCompiledCode, loadKept, safeFolder } from './compileCache.ts';

/** The file of the program beside this one, with a hash of its content in its name. The build puts it in. */
declare const DROVER_PROGRAM: string | undefined;

if (typeof DROVER_PROGRAM === 'string') {
  const home = homedir();
  const folder = safeFolder({ environment: process.env, home, userId: process.getuid?.() });
  keepCompiledCode(folder);
  const { exports, keep } = loadKept(join(__dirname, DROVER_PROGRAM), folder);
  const { start } = exports as typeof import('./start.ts');
  void start(keep);
} else {
  void import('./start.ts').then(({ start }) => start());
}

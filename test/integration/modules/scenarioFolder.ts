/** The folder that a scenario starts from and ends in. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../../../src/connection/quote.ts';
import type { Module } from '../../../src/modules/module.ts';
import type { LocalScenario } from './localScenarios.ts';

/** Every entry with type, mode, owner, target of links and hash of content; the names of backups hold a time. */
const SNAPSHOT = `find . -printf '%p %y %m %u:%g %l\\n' | sed 's/\\.[0-9]*\\.[-0-9]*@[:0-9]*~/.backup~/' | sort; find . -type f | sort | xargs -r -d '\\n' sha1sum | sed 's/\\.[0-9]*\\.[-0-9]*@[:0-9]*~/.backup~/'`;

/** A new folder under `root` with the scenario's start in it. */
export function startingFolder(
  root: string,
  module: Module,
  { title, setup }: LocalScenario,
): string {
  const folder = join(root, module.name, title.replaceAll(/[^\w]+/g, '-'));
  mkdirSync(folder, { recursive: true });
  if (setup !== undefined) shell(setup, folder);
  return folder;
}

export function snapshotOf(folder: string, { snapshot = SNAPSHOT }: LocalScenario): string {
  return shell(snapshot, folder).trimEnd();
}

/** The same as a command line that can be run from anywhere. */
export function snapshotCommand(folder: string, { snapshot = SNAPSHOT }: LocalScenario): string {
  return `cd ${quote(folder)} && ${snapshot}`;
}

export function shell(program: string, cwd: string): string {
  const args = ['-ec', `umask 022; ${program}`];
  return execFileSync('sh', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** `value` with `@/` replaced in every text. */
export function placed<T>(value: T, folder: string): T {
  return JSON.parse(JSON.stringify(value).replaceAll('@/', `${folder}/`)) as T;
}

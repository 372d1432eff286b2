/** Passwords for logging in and for becoming another user: from files, from programs, or asked for. */
import { resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { LoadError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { programRunner } from '../inventory/script.ts';
import { nodeFiles } from '../source/files.ts';
import type { World } from './world.ts';

type Surroundings = Pick<World, 'cwd' | 'environment' | 'prompt'>;
type Wanted = Pick<Settings['connection'], 'askPass' | 'passwordFile'>;

/**
 * Undefined when nobody wants one, or nobody is there to be asked.
 * @throws LoadError for a file that cannot be read or a program that fails.
 */
export async function passwordOf(
  { askPass, passwordFile }: Wanted,
  text: string,
  world: Surroundings,
): Promise<Secret | undefined> {
  if (passwordFile.value !== undefined) return new Secret(passwordIn(passwordFile.value, world));
  if (!askPass.value) return undefined;
  const answer = await world.prompt(text, { echo: false });
  return answer === undefined ? undefined : new Secret(answer);
}

/** The text of a file without its last newline; of an executable one, what it prints. */
function passwordIn(name: string, { cwd, environment }: Surroundings): string {
  const file = resolve(cwd, name);
  if (nodeFiles.kind(file) !== 'file') {
    throw new LoadError(`no password file "${name}"`, { code: 'DROVER_PASSWORD_FILE' });
  }
  const isProgram = nodeFiles.isExecutable(file);
  const text = isProgram ? programRunner(environment)(file, []) : nodeFiles.readText(file);
  return text.replace(/\r?\n$/, '');
}

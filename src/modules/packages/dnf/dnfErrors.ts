/** Why dnf or yum cannot do what is asked, in words that say what to do next. */
import { ModuleError } from '../../../core/errors.ts';
import type { CommandOutput } from '../../scriptOutput.ts';
import type { LockHolder } from '../lockHolders.ts';
import type { RpmInput } from './dnfParams.ts';

export function noTool(backend: RpmInput['use_backend']): ModuleError {
  return new ModuleError(`${backend === 'auto' ? 'dnf' : backend} is not on this host`, {
    code: 'DROVER_TOOL_MISSING',
    hint: 'this host is not of the RPM family; use "package" to take whatever manager it has',
  });
}

export function lockedBy({ lock, pid, command }: LockHolder, seconds: number): ModuleError {
  return new ModuleError(
    `another process holds the package manager after ${seconds} s: ${command} (pid ${pid}, ${lock})`,
    { code: 'DROVER_LOCKED', hint: 'wait for it, or set a longer "lock_timeout"' },
  );
}

/** Whether a package or its repository is not known, as it may be before the tasks of a dry run have brought it. */
export function isUnknownToDnf(output: CommandOutput): boolean {
  return output.rc !== 0 && (unknownPackages(output).length > 0 || isMissingFile(output));
}

function isMissingFile({ stdout, stderr }: CommandOutput): boolean {
  return /Could not open: |Can not load RPM file|Unknown repo|No matching repo/.test(
    stdout + stderr,
  );
}

function unknownPackages({ stdout, stderr }: CommandOutput): string[] {
  const said = `${stdout}\n${stderr}`;
  const packages = [...said.matchAll(/(?:No match for argument: |No package )(\S+)/g)];
  const groups = [
    ...said.matchAll(/^Module or Group '(.+)' (?:is not available|does not exist)/gm),
  ];
  const names = [...packages.map(([, name]) => name), ...groups.map(([, name]) => `@${name}`)];
  return [...new Set(names.filter((name) => name !== undefined))];
}

export function rpmFailure(output: CommandOutput): ModuleError {
  const unknown = unknownPackages(output);
  const { message, hint } =
    unknown.length > 0
      ? {
          message: `no package ${unknown.join(', ')} in the repositories`,
          hint: 'is the repository enabled, the name right?',
        }
      : reasonOf(output);
  const failures = unknown.map((name) => `No package ${name} available.`);
  return new ModuleError(message, { data: { ...output, failures, results: [] }, hint });
}

function reasonOf({ stdout, stderr }: CommandOutput): { message: string; hint?: string } {
  const unsigned = /^Package .* is not signed$/m.exec(`${stdout}\n${stderr}`)?.[0];
  if (unsigned !== undefined) {
    return { message: unsigned, hint: '"disable_gpg_check: true" takes packages unseen' };
  }
  const [error] = stderr.match(/^Error: ?.*(?:\n .*)*/gm) ?? [];
  const said = error?.replace(/^Error:\s*/, '').trim() ?? stderr.trim();
  return { message: said === '' ? 'the package manager failed' : said };
}

/** Why dnf or yum cannot do what is asked, in words that say what to do next. */
import { ModuleError } from '../../core/errors.ts';
import type { CommandOutput, LockHolder } from './aptOutput.ts';
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
  const output = `${stdout}\n${stderr}`;
  const names = output.match(/(?:No match for argument: |No package )(\S+)/g) ?? [];
  return [...new Set(names.map((each) => each.replace(/^.*[: ](?=\S+$)/, '')))];
}

export function rpmFailure(output: CommandOutput): ModuleError {
  const unknown = unknownPackages(output);
  const errors = output.stderr.match(/^Error: ?.*(?:\n .*)*/gm) ?? [];
  const reason = errors[0]?.replace(/^Error:\s*/, '').trim() ?? output.stderr.trim();
  const message =
    unknown.length > 0 ? `no package ${unknown.join(', ')} in the repositories` : reason;
  return new ModuleError(message === '' ? 'the package manager failed' : message, {
    data: {
      ...output,
      failures: unknown.map((name) => `No package ${name} available.`),
      results: [],
    },
    hint: unknown.length > 0 ? 'is the repository enabled, the name right?' : undefined,
  });
}

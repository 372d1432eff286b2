/** What is said when a session does not come about, ends, or has to be ended. */
import { ModuleError, UnreachableError } from '../../core/errors.ts';
import { MAX_COLLECTED_BYTES } from './requestInput.ts';

interface SessionPlace {
  readonly host: string;
  readonly shell: string;
  readonly startTimeoutMs: number;
}

export function noShellInTime({ host, shell, startTimeoutMs }: SessionPlace): UnreachableError {
  return new UnreachableError(
    `no shell answers on ${host} within ${startTimeoutMs / 1000} s of login`,
    {
      code: 'DROVER_NO_SHELL',
      hint: `does the login shell start ${shell} without asking anything?`,
    },
  );
}

/** @param greeting what the login printed before it ended. */
export function noShell(
  { host, shell }: SessionPlace,
  code: number,
  greeting: string,
): UnreachableError {
  const said = greeting.trim();
  const printed = said === '' ? '' : `: ${said}`;
  return new UnreachableError(
    `no shell starts on ${host}, the login ended with exit code ${code}${printed}`,
    {
      code: 'DROVER_NO_SHELL',
      hint: `does the user's login shell run commands, and is ${shell} there?`,
    },
  );
}

/** Whether a signal ended it: 128 and more, up to the highest signal; 255 is what is said when nothing is known. */
export function wasKilled(code: number): boolean {
  return code > 128 && code <= 192;
}

export function endedEarly({ host }: SessionPlace, code: number): UnreachableError {
  return new UnreachableError(
    `the shell session on ${host} ended with exit code ${code}; how far its request came is not known`,
    { code: 'DROVER_SESSION_LOST' },
  );
}

export function wrapperKilled({ host }: SessionPlace): UnreachableError {
  return new UnreachableError(`the request on ${host} killed the shell that it ran in`, {
    code: 'DROVER_SESSION_LOST',
  });
}

export function endlessOutput(): ModuleError {
  const mebibytes = MAX_COLLECTED_BYTES / 1024 / 1024;
  return new ModuleError(`ended because it printed more than ${mebibytes} MiB`, {
    code: 'DROVER_ENDLESS_OUTPUT',
    hint: 'send its output to a file on the host; "fetch" brings files of any size',
  });
}

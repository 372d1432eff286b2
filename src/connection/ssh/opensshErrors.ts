/** What `ssh(1)` prints when it gives up, as the errors that ssh2's own would be. */
import { UnreachableError } from '../../core/errors.ts';
import { placeOf } from './sshErrors.ts';
import type { SshOptions } from './sshOptions.ts';

interface Refusal {
  readonly said: RegExp;
  readonly code: string;
  readonly what: (match: RegExpMatchArray) => string;
  readonly hint?: string;
}

/** Texts of OpenSSH 7 to 10. */
const REFUSALS: readonly Refusal[] = [
  {
    said: /HOST IDENTIFICATION HAS CHANGED[\s\S]*?Offending .*? in (\S+):(\d+)/,
    code: 'DROVER_HOST_KEY_CHANGED',
    what: ([, file, line]) =>
      `the host key is not the one that ${file}:${line} records: somebody may be listening in`,
    hint: 'if the host was set up anew, remove that line',
  },
  {
    said: /REVOKED HOST KEY|revoked in .*|marked as revoked/i,
    code: 'DROVER_HOST_KEY_REVOKED',
    what: () => 'the host key is revoked',
  },
  {
    said: /Host key verification failed|host key is known for .* requested strict checking/,
    code: 'DROVER_HOST_KEY_UNKNOWN',
    what: () => 'the host key is not known',
    hint: 'run with --accept-new-host-keys once its fingerprint has been compared',
  },
  {
    said: /Permission denied \(([^)]*)\)|Too many authentication failures/,
    code: 'DROVER_SSH_AUTH',
    what: ([, methods]) =>
      methods ? `permission denied; the server takes ${methods}` : 'permission denied',
    hint: "give a key (--private-key) or an agent; the system's ssh is asked for no password",
  },
  {
    said: /Connection refused/,
    code: 'DROVER_SSH_REFUSED',
    what: () => 'connection refused',
    hint: 'is sshd running there, and is the port right (ansible_port)?',
  },
  {
    said: /Could not resolve hostname/,
    code: 'DROVER_SSH_DNS',
    what: () => 'the name is not known',
    hint: 'set ansible_host to an address or a name that resolves',
  },
  {
    said: /No route to host|Network is unreachable/,
    code: 'DROVER_SSH_NO_ROUTE',
    what: () => 'no route to host',
    hint: 'is the host up?',
  },
  {
    said: /timed out/i,
    code: 'DROVER_SSH_TIMEOUT',
    what: () => 'no answer',
    hint: 'is the host up? --timeout waits longer',
  },
];

/** @param said stderr of `ssh`. */
export function loginError(options: SshOptions, said: string, cause?: Error): UnreachableError {
  const place = placeOf(options);
  for (const { said: pattern, code, what, hint } of REFUSALS) {
    const match = said.match(pattern);
    if (match) return new UnreachableError(`${place}: ${what(match)}`, { code, hint, cause });
  }
  const isMissing = cause !== undefined && 'code' in cause && cause.code === 'ENOENT';
  const why = isMissing ? 'there is no ssh program on this machine' : said || cause?.message;
  return new UnreachableError(`${place}: ${why ?? 'no answer from ssh'}`, {
    code: isMissing ? 'DROVER_NO_SSH' : 'DROVER_SSH_FAILED',
    cause,
  });
}

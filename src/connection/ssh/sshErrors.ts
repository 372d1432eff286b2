/** What went wrong between here and a host, in words that say what to do next. */
import { UnreachableError } from '../../core/errors.ts';
import { fingerprint, type KeyVerdict, keyTypeOf } from './knownHosts.ts';
import type { SshOptions } from './sshOptions.ts';

interface Explanation {
  readonly code: string;
  readonly what: string;
  readonly hint: string;
}

const BY_ERRNO: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: {
    code: 'DROVER_SSH_REFUSED',
    what: 'connection refused',
    hint: 'is sshd running there, and is the port right (ansible_port)?',
  },
  EHOSTUNREACH: { code: 'DROVER_SSH_NO_ROUTE', what: 'no route to host', hint: 'is the host up?' },
  ENETUNREACH: {
    code: 'DROVER_SSH_NO_ROUTE',
    what: 'network unreachable',
    hint: 'is the network up?',
  },
  ENOTFOUND: {
    code: 'DROVER_SSH_DNS',
    what: 'the name is not known',
    hint: 'set ansible_host to an address or a name that resolves',
  },
  EAI_AGAIN: {
    code: 'DROVER_SSH_DNS',
    what: 'the name cannot be looked up now',
    hint: 'does name resolution work here?',
  },
  ETIMEDOUT: {
    code: 'DROVER_SSH_TIMEOUT',
    what: 'no answer',
    hint: 'is the host up, and does a firewall let port 22 through?',
  },
};

/**
 * @param error with the level where ssh2 saw it: `client-socket`, `client-timeout`, `handshake`, `protocol`, …
 * @param said by the program that makes the connection, if one does.
 */
export function connectError(
  options: SshOptions,
  error: Error & { readonly code?: string | undefined; readonly level?: string | undefined },
  said = '',
): UnreachableError {
  const place = placeOf(options);
  if (said !== '') {
    return new UnreachableError(`${place}: ${error.message}; the ProxyCommand said: ${said}`, {
      code: 'DROVER_SSH_FAILED',
      cause: error,
    });
  }
  if (error.level === 'client-timeout') {
    return new UnreachableError(`${place}: no answer within ${options.connectTimeoutMs / 1000} s`, {
      code: 'DROVER_SSH_TIMEOUT',
      hint: 'is the host up? --timeout waits longer',
      cause: error,
    });
  }
  const explanation = BY_ERRNO[error.code ?? ''];
  if (explanation) {
    const { code, what, hint } = explanation;
    return new UnreachableError(`${place}: ${what}`, { code, hint, cause: error });
  }
  return new UnreachableError(`${place}: ${error.message}`, {
    code: 'DROVER_SSH_FAILED',
    cause: error,
  });
}

/** Whether another attempt may have better luck: nothing has been proved or refused yet. */
export function isWorthRetrying({ code }: UnreachableError): boolean {
  return [
    'DROVER_SSH_REFUSED',
    'DROVER_SSH_NO_ROUTE',
    'DROVER_SSH_TIMEOUT',
    'DROVER_SSH_FAILED',
  ].includes(code);
}

export function authError(
  options: SshOptions,
  tried: readonly string[],
  unusable: readonly string[],
  accepted: readonly string[],
): UnreachableError {
  const attempts = tried.length > 0 ? `tried ${tried.join(', ')}` : 'there was nothing to try';
  const skipped = unusable.length > 0 ? `; not usable: ${unusable.join(', ')}` : '';
  const wanted = accepted.length > 0 ? `; the server takes ${accepted.join(', ')}` : '';
  return new UnreachableError(
    `${placeOf(options)}: permission denied for user ${options.user}: ${attempts}${skipped}${wanted}`,
    {
      code: 'DROVER_SSH_AUTH',
      hint: 'give a key (--private-key), a password (-k) or another user (-u)',
    },
  );
}

export function hostKeyError(
  options: SshOptions,
  key: Buffer,
  verdict: Exclude<KeyVerdict, { status: 'known' }> | { readonly status: 'unknown' },
): UnreachableError {
  const place = placeOf(options);
  const shown = `${keyTypeOf(key)} ${fingerprint(key)}`;
  if (verdict.status === 'changed') {
    const { file, line } = verdict.entry;
    return new UnreachableError(
      `${place}: the host key is not the one that ${file}:${line} records (now ${shown}): somebody may be listening in`,
      {
        code: 'DROVER_HOST_KEY_CHANGED',
        hint: `if the host was set up anew, remove line ${line} of ${file}`,
      },
    );
  }
  if (verdict.status === 'revoked') {
    const { file, line } = verdict.entry;
    return new UnreachableError(`${place}: the host key (${shown}) is revoked in ${file}:${line}`, {
      code: 'DROVER_HOST_KEY_REVOKED',
    });
  }
  return new UnreachableError(`${place}: the host key is not known: ${shown}`, {
    code: 'DROVER_HOST_KEY_UNKNOWN',
    hint: `compare the fingerprint, then run with --accept-new-host-keys, or: ${keyscan(options)}`,
  });
}

function keyscan({
  hostName,
  port,
  knownHostsFiles: [file = '~/.ssh/known_hosts'],
}: SshOptions): string {
  return `ssh-keyscan ${port === 22 ? '' : `-p ${port} `}${hostName} >> ${file}`;
}

export function jumpLoopError(options: SshOptions): UnreachableError {
  return new UnreachableError(`${placeOf(options)}: its jump hosts lead back to themselves`, {
    code: 'DROVER_SSH_JUMP_LOOP',
    hint: 'give the jump host a Host section with "ProxyJump none" before the one that sends all hosts through it',
  });
}

/** The jump host let us in, and says nothing of the way on. */
export function jumpTimeoutError(options: SshOptions, jump: string): UnreachableError {
  const seconds = options.connectTimeoutMs / 1000;
  return new UnreachableError(
    `${placeOf(options)}: no answer within ${seconds} s through the jump host ${jump}`,
    { code: 'DROVER_SSH_TIMEOUT', hint: 'is the host up? --timeout waits longer' },
  );
}

export function lostError(options: SshOptions, cause?: Error): UnreachableError {
  const reason = cause ? `: ${cause.message}` : '';
  return new UnreachableError(
    `${placeOf(options)}: the connection was lost${reason}; how far a pending request came is not known`,
    { code: 'DROVER_CONNECTION_LOST', cause },
  );
}

export function placeOf({ host, hostName, port, user }: SshOptions): string {
  const address = port === 22 ? hostName : `${hostName}:${port}`;
  return host === hostName ? `${user}@${address}` : `${host} (${user}@${address})`;
}

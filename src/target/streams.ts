/** Unix-socket streams on the host, as the user of the target. */
import type { Duplex } from 'node:stream';
import type { Connection } from '../connection/pool.ts';
import type { BecomeSettings } from '../connection/transport.ts';
import { openUnixRelay, socketError } from '../connection/unixRelay.ts';
import { UnreachableError } from '../core/errors.ts';

export interface StreamSource {
  readonly connection: Connection;
  readonly become?: BecomeSettings | undefined;
}

/**
 * The transport's own stream where the login user is the one who asks; a relay under sudo and the like otherwise.
 * @throws ModuleError `DROVER_UNIX_SOCKET` when the socket is absent or refuses.
 */
export async function openUnixStream(source: StreamSource, path: string): Promise<Duplex> {
  const { connection, become } = source;
  const { host, shell, connectTimeoutMs, user } = connection.settings;
  const transport = await connection.transport();
  if (become && become.user !== user) {
    const escalation = { settings: become, host, shell, timeoutMs: connectTimeoutMs };
    return openUnixRelay(transport, escalation, path);
  }
  try {
    return await transport.openUnix(path);
  } catch (error) {
    if (error instanceof UnreachableError && error.code === 'DROVER_CONNECTION_LOST') throw error;
    throw socketError(host, `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

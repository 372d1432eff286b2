/** Streams as seen from the host: to unix sockets as the user of the target, and to TCP ports. */
import type { Duplex } from 'node:stream';
import type { Connection } from '../connection/pool.ts';
import { type HostProgram, openProgram, openUnixRelay, socketError } from '../connection/relay.ts';
import type { BecomeSettings } from '../connection/transport.ts';
import { ModuleError, UnreachableError } from '../core/errors.ts';

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
    const isOurs = error instanceof ModuleError || isLost(error);
    if (isOurs) throw error;
    throw socketError(host, `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** As the user of the target. */
export async function openProgramStream(
  source: StreamSource,
  program: HostProgram,
): Promise<Duplex> {
  const { connection, become } = source;
  const { host, shell, connectTimeoutMs, user } = connection.settings;
  const transport = await connection.transport();
  const isOther = become && become.user !== user;
  const escalation = become && { settings: become, host, shell, timeoutMs: connectTimeoutMs };
  return openProgram(transport, isOther && escalation ? escalation : { host, shell }, program);
}

/** @throws ModuleError `DROVER_TCP_REFUSED` when the port does not open: the host itself can be reached. */
export async function openTcpStream(
  connection: Connection,
  host: string,
  port: number,
): Promise<Duplex> {
  const transport = await connection.transport();
  try {
    return await transport.openTcp(host, port);
  } catch (error) {
    const isOurs = error instanceof ModuleError || isLost(error);
    if (isOurs) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ModuleError(why, { code: 'DROVER_TCP_REFUSED', cause: error });
  }
}

function isLost(error: unknown): boolean {
  return error instanceof UnreachableError && error.code === 'DROVER_CONNECTION_LOST';
}

/** Unix-socket streams on the host, as the user of the target. */
import type { Duplex } from 'node:stream';
import type { Connection } from '../connection/pool.ts';
import type { BecomeSettings } from '../connection/transport.ts';

export interface StreamSource {
  readonly connection: Connection;
  readonly become?: BecomeSettings | undefined;
}

export async function openUnixStream({ connection }: StreamSource, path: string): Promise<Duplex> {
  const transport = await connection.transport();
  return transport.openUnix(path);
}

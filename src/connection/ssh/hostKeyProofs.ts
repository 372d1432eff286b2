/** Of ssh2 what it has no setting for. Nothing happens where a later version keeps it elsewhere. */
import type { Client } from 'ssh2';

/** By which a server tells all its host keys once the user is known (OpenSSH's PROTOCOL, 2.5). */
const ANNOUNCEMENT = 'hostkeys-00@openssh.com';

/**
 * Lets the announcement pass. ssh2 answers it by having the server prove each key, whether anybody asks for them or not: signatures that take some
 * 4 ms of CPU time on the host and 1 ms here, for keys that drover does not take up. The key that it does check is proved by the key exchange.
 * @param client after `connect`
 */
export function withoutHostKeyProofs(client: Client): void {
  const protocol: unknown = Reflect.get(client, '_protocol');
  const handlers = isObject(protocol) ? Reflect.get(protocol, '_handlers') : undefined;
  if (!isObject(handlers)) return;
  const handle: unknown = Reflect.get(handlers, 'GLOBAL_REQUEST');
  if (typeof handle !== 'function') return;
  Reflect.set(handlers, 'GLOBAL_REQUEST', (...request: readonly unknown[]) => {
    const [, name, wantsReply] = request;
    if (name !== ANNOUNCEMENT || wantsReply) Reflect.apply(handle, handlers, request);
  });
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

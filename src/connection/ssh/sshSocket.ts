/**
 * The TCP connection of ssh2. It hands over each packet in three pieces (length, content, authentication tag), each of
 * which would be a system call and, without Nagle's algorithm, a segment of its own.
 */
import { Socket } from 'node:net';

/** Sends what is written in one turn of the event loop at once. */
export class SshSocket extends Socket {
  override write(data: Uint8Array | string, ...rest: never[]): boolean {
    if (this.writableCorked === 0) {
      this.cork();
      process.nextTick(() => this.uncork());
    }
    return super.write(data, ...rest);
  }
}

/** A connection that is on its way; ssh2 waits for it and reports its errors. */
export function connectSocket(host: string, port: number): SshSocket {
  const socket = new SshSocket().setMaxListeners(0).connect({ host, port });
  // `connect` puts Node's own `write` on the socket itself, before that of the class.
  Reflect.deleteProperty(socket, 'write');
  return socket;
}

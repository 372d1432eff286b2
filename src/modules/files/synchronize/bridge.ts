/**
 * What rsync takes for its remote shell: a small program that hands its arguments and streams to drover, which starts the
 * other rsync on the host over the connection that is open already. So passwords, keys, jump hosts and become are the task's.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Run by node with the socket and the host's name before rsync's words. */
const PROGRAM = `const socket = require('node:net').connect({ path: process.argv[2], allowHalfOpen: true });
socket.on('error', () => process.exit(255));
socket.on('end', () => process.exit(0));
socket.write(JSON.stringify(process.argv.slice(4)) + '\\n');
process.stdin.pipe(socket);
socket.pipe(process.stdout);
`;

export interface Bridge {
  /** Value of rsync's `--rsh`. */
  readonly shell: string;
  /** Why the program on the host failed, once it has. */
  problem(): Error | undefined;
  close(): Promise<void>;
}

/** @param start starts a command line, which rsync has quoted, on the host */
export async function openBridge(start: (command: string) => Promise<Duplex>): Promise<Bridge> {
  const folder = await mkdtemp(join(tmpdir(), 'drover-rsync-'));
  const socket = join(folder, 'socket');
  const program = join(folder, 'shell.cjs');
  await writeFile(program, PROGRAM);
  let problem: Error | undefined;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    serve(client, start).catch((error: unknown) => {
      problem = error instanceof Error ? error : new Error(String(error));
      client.destroy();
    });
  });
  await listening(server, socket);
  return {
    shell: [process.execPath, program, socket].map((word) => `"${word}"`).join(' '),
    problem: () => problem,
    async close() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function listening(server: Server, socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
}

async function serve(client: Socket, start: (command: string) => Promise<Duplex>): Promise<void> {
  const words = await firstLine(client);
  const remote = await start(words.join(' '));
  await Promise.all([pipeline(client, remote, { end: true }), pipeline(remote, client)]);
}

/** rsync has quoted its words as for a remote shell. */
function firstLine(client: Socket): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const end = seen.indexOf('\n');
      if (end < 0) return;
      client.off('data', onData).pause();
      if (end + 1 < seen.length) client.unshift(seen.subarray(end + 1));
      resolve(JSON.parse(seen.subarray(0, end).toString()) as string[]);
    };
    client.on('data', onData).once('error', reject);
  });
}

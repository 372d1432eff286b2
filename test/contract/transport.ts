/** The suite that every transport passes: what a shell session and a target build on. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Sessions } from '../../src/connection/session/sessions.ts';
import type { RemoteProcess, Transport } from '../../src/connection/transport.ts';
import { UnreachableError } from '../../src/core/errors.ts';

export interface ContractOptions {
  /** Takes the connection away as a network or a host would; absent where that cannot happen. */
  readonly cut?: () => void;
  /** Exit code of a process that signal 9 ended. */
  readonly killedCode?: number;
}

/** @param open a new transport to a host that shares the network and the temporary directory of this machine. */
export function transportContract(
  name: string,
  open: () => Promise<Transport>,
  { cut, killedCode = 137 }: ContractOptions = {},
): void {
  describe(`transport ${name}`, () => {
    let transport: Transport;
    let directory: string;
    let echo: Server;
    beforeAll(async () => {
      directory = mkdtempSync(join(tmpdir(), 'drover-transport-'));
      echo = createServer((socket) => socket.pipe(socket));
      transport = await open();
    });
    afterAll(async () => {
      await transport.close();
      echo.close();
      rmSync(directory, { recursive: true, force: true });
    });

    test('runs a command with stdin, stdout, stderr and exit code of its own', async () => {
      const process = await transport.exec('cat; echo problem >&2; exit 3');
      process.stdin.end('in\0put');
      const [stdout, stderr, exit] = await Promise.all([
        textOf(process.stdout),
        textOf(process.stderr),
        process.exit,
      ]);
      expect({ stdout, stderr, exit }).toEqual({
        stdout: 'in\0put',
        stderr: 'problem\n',
        exit: { code: 3 },
      });
    });

    test('tells the signal that ended a command', async () => {
      const process = await transport.exec('kill -9 $$');
      process.stdout.resume();
      process.stderr.resume();
      expect(await process.exit).toMatchObject({ code: killedCode });
    });

    test('runs several commands at once', async () => {
      const processes = await Promise.all(['1', '2', '3'].map((n) => transport.exec(`echo ${n}`)));
      for (const { stderr } of processes) stderr.resume();
      expect(await Promise.all(processes.map(({ stdout }) => textOf(stdout)))).toEqual([
        '1\n',
        '2\n',
        '3\n',
      ]);
    });

    test('takes the end of a command for its end although stdin is open', async () => {
      const process = await transport.exec('exit 4');
      drain(process);
      expect(await process.exit).toEqual({ code: 4 });
    });

    test('carries megabytes of any bytes both ways', async () => {
      const content = randomBytes(6_000_001);
      const process = await transport.exec('cat');
      process.stderr.resume();
      process.stdin.end(content);
      const hash = createHash('sha256');
      for await (const chunk of process.stdout) hash.update(chunk);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
      expect(await process.exit).toEqual({ code: 0 });
    });

    test('holds endless output back until somebody reads it', async () => {
      const process = await transport.exec('exec cat /dev/zero');
      process.stderr.resume();
      await delay(300);
      expect(process.stdout.readableLength).toBeLessThan(4_000_000);
      process.kill('SIGKILL');
      process.stdout.resume();
      await ended(process);
    });

    test('ends a command that is killed, at the latest when it reads', async () => {
      const marker = `/dev/null/${randomBytes(8).toString('hex')}`;
      const process = await transport.exec(`cat; : ${marker}`);
      drain(process);
      process.kill('SIGTERM');
      await ended(process);
      await expect.poll(() => countOf(transport, marker)).toBe('0');
    });

    test('gives a command a terminal', async () => {
      const process = await transport.exec(
        'test -t 0 && test -t 1 && echo "a terminal" >/dev/tty',
        {
          pty: true,
        },
      );
      process.stderr.resume();
      expect((await textOf(process.stdout)).trim()).toBe('a terminal');
      expect(await process.exit).toEqual({ code: 0 });
    });

    test('carries a shell session, and ends what a request runs', async () => {
      const sessions = new Sessions(async () => transport, {
        host: 'web1',
        shell: '/bin/sh',
        startTimeoutMs: 10_000,
      });
      const request = {
        kind: 'script',
        script: 'cat; echo "$1" >&2; exit 3',
        stdin: 'in',
      } as const;
      expect(await sessions.run({ ...request, args: ["it's"] })).toEqual({
        rc: 3,
        stdout: Buffer.from('in'),
        stderr: Buffer.from("it's\n"),
      });
      const marker = `8${randomBytes(3).readUIntBE(0, 3)}`;
      const script = `sleep ${marker} & sleep ${marker}`;
      await expect(sessions.run({ kind: 'script', script, timeoutMs: 500 })).rejects.toMatchObject({
        code: 'DROVER_TIMEOUT',
      });
      expect(await countOf(transport, marker)).toBe('0');
      sessions.close();
    });

    test('opens nothing more once it is closed, and says so', async () => {
      const closing = await open();
      const reader = await closing.exec('cat');
      drain(reader);
      await closing.close();
      expect(await closing.closed).toBeUndefined();
      await ended(reader);
      await expect(closing.exec('true')).rejects.toBeInstanceOf(UnreachableError);
    });

    test('opens TCP streams as seen from the host', async () => {
      await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
      const address = echo.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      expect(await roundTrip(await transport.openTcp('127.0.0.1', port))).toBe('ping');
      echo.close();
    });

    test('opens unix sockets of the host', async () => {
      const path = join(directory, 'socket');
      const server = createServer((socket) => socket.pipe(socket));
      await new Promise<void>((resolve) => server.listen(path, resolve));
      expect(await roundTrip(await transport.openUnix(path))).toBe('ping');
      server.close();
    });

    test('rejects when there is no such socket, and when nobody listens', async () => {
      await expect(transport.openUnix(join(directory, 'nothing'))).rejects.toThrow();
      await expect(transport.openTcp('127.0.0.1', 1)).rejects.toThrow();
    });

    test('a stream ends for the host when it ends here, and the other way round', async () => {
      const path = join(directory, 'half');
      const server = createServer({ allowHalfOpen: true }, (socket) => {
        socket.on('end', () => socket.end('bye')).resume();
      });
      await new Promise<void>((resolve) => server.listen(path, resolve));
      const stream = await transport.openUnix(path);
      stream.end('hello');
      expect(await textOf(stream)).toBe('bye');
      server.close();
    });

    // Last: it may take the other connections to the host along.
    if (cut === undefined) return;
    test('tells a lost connection from an end', async () => {
      const doomed = await open();
      const pending = await doomed.exec('sleep 30');
      drain(pending);
      cut();
      expect(await doomed.closed).toBeInstanceOf(UnreachableError);
      await expect(pending.exit).rejects.toBeInstanceOf(UnreachableError);
      await expect(doomed.exec('true')).rejects.toBeInstanceOf(UnreachableError);
      await doomed.close();
    });
  });
}

function drain({ stdout, stderr, stdin }: RemoteProcess): void {
  stdin.on('error', () => undefined);
  stdout.resume();
  stderr.resume();
}

/** Resolves when the process has ended, whichever way that is told. */
async function ended({ exit }: RemoteProcess): Promise<void> {
  await exit.catch((error: unknown) => expect(error).toBeInstanceOf(UnreachableError));
}

/** How many processes of the host have `text` in their command line; the brackets keep the counting out of the count. */
async function countOf(transport: Transport, text: string): Promise<string> {
  const count = `grep -lz "[${text.slice(0, 1)}]${text.slice(1)}" /proc/[0-9]*/cmdline 2>/dev/null | wc -l`;
  const process = await transport.exec(count);
  process.stderr.resume();
  return (await textOf(process.stdout)).trim();
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function roundTrip(stream: Duplex): Promise<string> {
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('data', (chunk: Buffer) => {
      resolve(chunk.toString());
      stream.destroy();
    });
    stream.write('ping');
  });
}

/** The suite that every transport passes: what a shell session and a target build on. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex, Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Transport } from '../../src/connection/transport.ts';

export function transportContract(name: string, open: () => Promise<Transport>): void {
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
      expect(await process.exit).toMatchObject({ code: 137 });
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

    test('rejects when there is no such socket', async () => {
      await expect(transport.openUnix(join(directory, 'nothing'))).rejects.toThrow();
    });
  });
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

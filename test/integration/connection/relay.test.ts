/** Each program that can carry a unix socket's bytes, when it is the only one there. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Escalation } from '../../../src/connection/become.ts';
import { localTransport } from '../../../src/connection/local.ts';
import { openUnixRelay } from '../../../src/connection/relay.ts';

const directory = mkdtempSync(join(tmpdir(), 'drover-relay-'));
const transport = localTransport({ shell: '/bin/sh' });
const socket = join(directory, 'echo.sock');
let echo: Server;

beforeAll(async () => {
  echo = createServer({ allowHalfOpen: true }, (stream) => stream.pipe(stream));
  await new Promise<void>((resolve) => echo.listen(socket, resolve));
});
afterAll(async () => {
  echo.close();
  await transport.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Stands in for sudo: the same user, with nothing on PATH but `programs`. */
function escalationWith(programs: readonly string[]): Escalation {
  const bin = join(directory, programs.join('-') || 'nothing');
  mkdirSync(bin, { recursive: true });
  for (const program of programs) symlinkSync(pathOf(program) ?? '/nowhere', join(bin, program));
  const executable = `${bin}.sudo`;
  const skipOptions = 'while [ "$1" != -- ]; do shift; done; shift';
  writeFileSync(executable, `#!/bin/sh\n${skipOptions}\nPATH=${bin} exec "$@"\n`);
  chmodSync(executable, 0o755);
  const settings = { method: 'sudo', user: 'root', executable } as const;
  return { settings, host: 'web1', shell: '/bin/sh', timeoutMs: 5_000 };
}

function pathOf(program: string): string | undefined {
  const directories = ['/usr/bin', '/bin', '/usr/sbin'];
  const script = `PATH=${directories.join(':')} command -v ${program} || :`;
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).trim() || undefined;
}

describe('unix relay', () => {
  for (const programs of [['socat'], ['nc', 'grep'], ['python3'], ['perl']]) {
    const isInstalled = programs.every((program) => pathOf(program) !== undefined);
    test.skipIf(!isInstalled)(`by ${programs[0]}`, async () => {
      const stream = await openUnixRelay(transport, escalationWith(programs), socket);
      const content = Buffer.alloc(500_000, 'relayed\0\n\xff', 'latin1');
      stream.end(content);
      const chunks: Buffer[] = [];
      for await (const chunk of stream) {
        chunks.push(chunk);
        // `nc -U` of OpenBSD does not end with its input: the echo being whole is enough.
        if (Buffer.concat(chunks).length === content.length) break;
      }
      expect(Buffer.concat(chunks).equals(content)).toBe(true);
    });
  }

  test('says what is missing when there is no program for it', async () => {
    await expect(openUnixRelay(transport, escalationWith([]), socket)).rejects.toMatchObject({
      code: 'DROVER_UNIX_SOCKET',
      message:
        'unix socket on web1: none of docker, socat, nc -U, python3 and perl is there to relay it',
    });
  });

  test('a file is no socket', async () => {
    const path = join(directory, 'file');
    writeFileSync(path, '');
    await expect(openUnixRelay(transport, escalationWith([]), path)).rejects.toMatchObject({
      message: `unix socket on web1: ${path} is no socket`,
    });
  });
});

/** A session starts through whatever login shell a user has. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { localTransport } from '../../src/connection/local.ts';
import { Sessions } from '../../src/connection/session/sessions.ts';

const scratch = mkdtempSync(join(tmpdir(), 'drover-login-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('login shells', () => {
  const LOGIN_SHELLS = ['bash', 'dash', 'fish', 'csh', 'tcsh', 'mksh'].map(
    (name) => `/usr/bin/${name}`,
  );
  test.each(LOGIN_SHELLS.filter((path) => existsSync(path)))(
    'a session starts through %s',
    async (shell) => {
      const transport = localTransport({ shell });
      const settings = { host: 'web1', shell: '/bin/sh', startTimeoutMs: 10_000 };
      const sessions = new Sessions(async () => transport, settings);
      const { stdout } = await sessions.run({
        kind: 'script',
        script: 'echo "$1"',
        args: ["it's !x"],
      });
      expect(stdout.toString()).toBe("it's !x\n");
      sessions.close();
    },
  );

  test('what a login profile prints is not output of a request', async () => {
    const shell = join(scratch, 'noisy');
    execFileSync('/bin/sh', [
      '-c',
      `printf '%s\n' '#!/bin/sh' 'echo Welcome; echo motd >&2; printf "no newline"; exec /bin/sh "$@"' >"$1"; chmod +x "$1"`,
      'sh',
      shell,
    ]);
    expect(readFileSync(shell, 'utf8')).toContain('Welcome');
    const transport = localTransport({ shell });
    const settings = { host: 'web1', shell: '/bin/sh', startTimeoutMs: 10_000 };
    const sessions = new Sessions(async () => transport, settings);
    const result = await sessions.run({ kind: 'probe', script: 'echo mine' });
    expect([result.stdout.toString(), result.stderr.toString()]).toEqual(['mine\n', '']);
    sessions.close();
  });

  test('a login shell that never answers is unreachable in time', async () => {
    const shell = join(scratch, 'mute');
    execFileSync('/bin/sh', [
      '-c',
      `printf '%s\n' '#!/bin/sh' 'exec sleep 20' >"$1"; chmod +x "$1"`,
      'sh',
      shell,
    ]);
    const transport = localTransport({ shell });
    const settings = { host: 'web1', shell: '/bin/sh', startTimeoutMs: 200 };
    const sessions = new Sessions(async () => transport, settings);
    await expect(sessions.run({ kind: 'probe', script: ':' })).rejects.toMatchObject({
      code: 'DROVER_NO_SHELL',
    });
  });
});

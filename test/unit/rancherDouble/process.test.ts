/** E1: the server image's program as its observers see it. Runs the files of the real build context. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { rancherBuildContext } from '../../fleet/rancher/image.ts';
import { eventually, freePort, type Program, scratch, start } from './support/programs.ts';

vi.setConfig({ testTimeout: 30_000 });

let directory: Awaited<ReturnType<typeof scratch>>;
let port: number;
const running: Program[] = [];

beforeAll(async () => {
  directory = await scratch();
  await rancherBuildContext('server', join(directory.path, 'server'));
}, 30_000);
beforeEach(async () => {
  port = await freePort();
});
afterAll(async () => {
  for (const program of running) program.process.kill('SIGKILL');
  await Promise.all(running.map(({ exited }) => exited));
  await directory.remove();
});

function server(environment: Record<string, string> = {}, flags: readonly string[] = []): Program {
  const program = start([process.execPath, join(directory.path, 'server/server.mjs'), ...flags], {
    RANCHER_DOUBLE_PORT: String(port),
    RANCHER_DOUBLE_DATA: join(directory.path, `data-${port}`),
    RANCHER_DOUBLE_BOOT_MS: '160',
    RANCHER_DOUBLE_OPEN_MS: '300',
    RANCHER_DOUBLE_STEP_MS: '10',
    ...environment,
  });
  running.push(program);
  return program;
}

const url = (path: string) => `http://127.0.0.1:${port}${path}`;
const isUp = () => eventually('/ping', async () => (await fetch(url('/ping'))).ok || undefined);

/** `refused`, or the status of an answer. */
const knock = () =>
  fetch(url('/ping')).then(
    ({ status }) => status,
    () => 'refused' as const,
  );

describe('the boot', () => {
  it('prints its progress and exactly one readiness line, and opens the port only some time after it', async () => {
    const program = server();
    await eventually('the line', () => program.stdout().includes('Listening on') || undefined);
    expect(await knock()).toBe('refused');
    await isUp();
    const lines = program.stdout().split('\n');
    expect(
      lines.filter((line) =>
        /\[DONE \] \[\d+ms\] Startup Succeeded, Listening on port 8081$/.test(line),
      ),
    ).toHaveLength(1);
    expect(
      lines.filter((line) => /\[ConsoleStatus\] Starting \[\d\/8\]: \w/.test(line)),
    ).toHaveLength(8);
    const ping = await fetch(url('/ping'));
    expect({ text: await ping.text(), version: ping.headers.get('x-rancher-version') }).toEqual({
      text: 'pong',
      version: 'v1.6.30',
    });
    expect((await fetch(url('/v1'))).headers.get('content-type')).toBe(
      'application/json; charset=utf-8',
    );
  });

  it('in the other mode opens the port early and answers 502 until the line', async () => {
    const program = server({ RANCHER_DOUBLE_OPEN: 'before', RANCHER_DOUBLE_BOOT_MS: '1600' });
    expect(await eventually('an answer', async () => (await fetch(url('/ping'))).status)).toBe(502);
    expect(program.stdout()).not.toContain('Listening on');
    await isUp();
    expect(program.stdout()).toContain('Listening on port 8081');
  });

  it('can fail: STARTUP FAILED on stderr, exit code 1, never ready', async () => {
    const program = server({ RANCHER_DOUBLE_FAIL_STARTUP: '1' });
    expect(await program.exited).toBe(1);
    expect(program.stderr()).toMatch(/^STARTUP FAILED \[\d+\] ms$/m);
    expect(program.stdout()).toContain('Startup Failed');
    expect(program.stdout()).not.toContain('Startup Succeeded');
  });

  it('fails on a database that cannot be read', async () => {
    await mkdir(join(directory.path, `data-${port}`));
    await writeFile(join(directory.path, `data-${port}/cattle.json`), 'not a database');
    const program = server();
    expect(await program.exited).toBe(1);
    expect(program.stderr()).toContain('STARTUP FAILED');
  });
});

describe('the data', () => {
  const stack = { method: 'POST', body: JSON.stringify({ name: 'web' }) };
  const stacks = async () => (await fetch(url('/v2-beta/projects/1a5/stacks'))).text();

  it('survives SIGKILL right after the answer to a POST', async () => {
    const first = server();
    await isUp();
    expect((await fetch(url('/v2-beta/projects/1a5/stacks'), stack)).status).toBe(201);
    first.process.kill('SIGKILL');
    await first.exited;
    server();
    await isUp();
    expect(
      await eventually(
        'active',
        async () => (await stacks()).includes('"state":"active"') || undefined,
      ),
    ).toBe(true);
  });

  it('is not there without the directory', async () => {
    server({ RANCHER_DOUBLE_DATA: join(directory.path, 'another') });
    await isUp();
    expect(JSON.parse(await stacks()).data).toEqual([]);
  });

  it('of a newer release is refused', async () => {
    const newer = server({ CATTLE_RANCHER_SERVER_VERSION: 'v1.6.30' });
    await isUp();
    newer.process.kill('SIGTERM');
    expect(await newer.exited).toBe(0);
    const older = server({ CATTLE_RANCHER_SERVER_VERSION: 'v1.6.9' });
    expect(await older.exited).toBe(1);
    expect(older.stdout()).toContain('Database was written by v1.6.30, this server is v1.6.9');
  });
});

describe('the entry point', () => {
  it('shows its flags with --help', async () => {
    const program = server({}, ['--help']);
    expect(await program.exited).toBe(0);
    expect(program.stdout()).toContain('--advertise-address');
  });

  it.each([
    [['--db-host', 'db1'], 'does not serve an external database (--db-host db1)'],
    [
      ['--advertise-address', '10.0.0.1'],
      'does not serve a cluster (--advertise-address 10.0.0.1)',
    ],
    [['--no-such-flag'], '--no-such-flag'],
  ])('refuses %j in one line, with exit code 1', async (flags, message) => {
    const program = server({}, flags);
    expect(await program.exited).toBe(1);
    expect(program.stderr()).toContain(message);
  });

  it('runs any other first word as a command', async () => {
    const entry = join(directory.path, 'server/entry');
    const program = start([entry, 'echo', 'hello', 'there'], {});
    expect(await program.exited).toBe(0);
    expect(program.stdout()).toBe('hello there\n');
  });
});

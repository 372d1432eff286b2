/**
 * The runner is ended in the middle of its work: the host keeps whole files only, nothing goes on there, and a new run
 * does what is left. Needs sshd and Linux's `/proc`.
 */
import type { ChildProcess } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CliRun, recapOf, startCli } from '../../support/cli.ts';
import { hasSshd, type SshServer, startSshServer } from '../../support/sshServer.ts';

const isAble = hasSshd && existsSync('/proc/self/stat');
if (!isAble) process.stderr.write('no sshd or no /proc here: interrupted runs are not tested\n');

/** Too large to be there at once, too small to take long. */
const LARGE_BYTES = 48 * 1024 * 1024;

const PLAYBOOK = `- hosts: all
  gather_facts: false
  tasks:
    - name: small files
      copy: {content: "{{ item }}\\n", dest: "{{ there }}/small-{{ item }}"}
      loop: "{{ range(1, 6) | list }}"
    - name: template
      template: {src: page.j2, dest: "{{ there }}/page", mode: "0600"}
    - name: large files
      copy: {src: large, dest: "{{ there }}/large-{{ item }}"}
      loop: [1, 2]
    - name: long command
      shell: echo $$ >pid; trap '' {{ ignored }}; sleep {{ seconds }} & sleep {{ seconds }}; touch through
      args: {chdir: "{{ there }}", creates: "{{ there }}/through"}
    - name: last
      file: {path: "{{ there }}/last", state: touch, modification_time: preserve, access_time: preserve}
`;

describe.skipIf(!isAble)('a run that is ended in the middle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-interrupted-'));
  const there = join(folder, 'there');
  let server: SshServer;

  beforeAll(async () => {
    server = await startSshServer();
    writeFileSync(join(folder, 'site.yml'), PLAYBOOK);
    mkdirSync(join(folder, 'files'));
    mkdirSync(join(folder, 'templates'));
    writeFileSync(join(folder, 'files/large'), Buffer.alloc(LARGE_BYTES, 'large '));
    writeFileSync(
      join(folder, 'templates/page.j2'),
      '{% for n in range(2000) %}{{ n }}\n{% endfor %}',
    );
    writeFileSync(join(folder, 'hosts.ini'), inventoryOf(server));
  });

  beforeEach(() => {
    rmSync(there, { recursive: true, force: true });
    mkdirSync(there);
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @param ignored signals that the long command does not end by. */
  const start = (seconds: number, ignored = 'HUP') =>
    startCli(
      [
        'run',
        '-i',
        'hosts.ini',
        '-e',
        `there=${there} seconds=${seconds} ignored='${ignored}'`,
        'site.yml',
      ],
      folder,
    );

  /** Runs again, to the end and once more: all is there, and then nothing is left to do. */
  async function converges(): Promise<void> {
    const again = await start(0).ended;
    expect(again.code, again.stdout + again.stderr).toBe(0);
    expect(readdirSync(there).sort()).toEqual([
      'large-1',
      'large-2',
      'last',
      'page',
      'pid',
      ...[1, 2, 3, 4, 5].map((n) => `small-${n}`),
      'through',
    ]);
    const third = await start(0).ended;
    expect(recapOf(third, 'host')).toMatchObject({ changed: 0, failed: 0, unreachable: 0 });
  }

  /** Every file there is whole: its final size, under its final name. */
  function isWhole(): void {
    const sizes: Readonly<Record<string, number>> = {
      'large-1': LARGE_BYTES,
      'large-2': LARGE_BYTES,
    };
    for (const name of readdirSync(there, { encoding: 'utf8' })) {
      expect(name).toMatch(/^(small-\d|page|large-\d|pid|through|last)$/);
      const size = readFileSync(join(there, name)).length;
      if (name in sizes) expect(size).toBe(sizes[name]);
      if (name === 'page') expect(size).toBe(8890);
    }
  }

  const COMMAND = () => existsSync(join(there, 'pid'));
  const UPLOAD = () => temporaryFiles(there).length > 0;

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s: ends soon, tells what was done, and leaves nothing',
    async (signal) => {
      const { child, ended } = start(600);
      await until(COMMAND);
      const run = await endedBy(child, ended, signal, 5_000);
      expect(run.code).toBe(99);
      expect(recapOf(run, 'host')).toMatchObject({ ok: 3, changed: 3, failed: 1 });
      expect(run.stdout).toContain('interrupted before it was through');
      expect(run.stdout).not.toContain('TASK [last]');
      expect(run.stdout + run.stderr).not.toContain('DROVER_BUG');
      expect(processesIn(there)).toEqual([]);
      isWhole();
      await converges();
    },
  );

  it('by SIGINT in the middle of an upload', async () => {
    const { child, ended } = start(0);
    await until(UPLOAD);
    const run = await endedBy(child, ended, 'SIGINT', 8_000);
    expect(run.code).toBe(99);
    await until(() => processesIn(there).length + temporaryFiles(there).length === 0);
    isWhole();
    await converges();
  });

  it.each([
    ['a long command', COMMAND],
    ['an upload', UPLOAD],
  ])(
    'by SIGKILL in %s: the host sees the connection end, and ends what it runs',
    async (_what, isThere) => {
      const { child, ended } = start(600);
      await until(isThere);
      child.kill('SIGKILL');
      expect((await ended).code).toBe(-1);
      await until(() => processesIn(there).length + temporaryFiles(there).length === 0);
      isWhole();
      await converges();
    },
  );

  it('by a second Ctrl-C while the first still waits for the command: at once', async () => {
    const { child, ended } = start(600, 'HUP TERM');
    await until(COMMAND);
    child.kill('SIGINT');
    await delay(300);
    const run = await endedBy(child, ended, 'SIGINT', 1_000);
    expect(run.code).toBe(-1);
    await until(() => processesIn(there).length === 0);
  });
});

function inventoryOf({ port, keyFile, knownHostsFile }: SshServer): string {
  return `host ansible_host=127.0.0.1 ansible_port=${port}
[all:vars]
ansible_user=${userInfo().username}
ansible_ssh_private_key_file=${keyFile}
ansible_ssh_common_args=-F none -o UserKnownHostsFile=${knownHostsFile}
`;
}

/** @throws when the process takes longer than `limitMs` to end. */
async function endedBy(
  child: ChildProcess,
  ended: Promise<CliRun>,
  signal: NodeJS.Signals,
  limitMs: number,
): Promise<CliRun> {
  child.kill(signal);
  const late = delay(limitMs, undefined, { ref: false }).then(() => {
    throw new Error(`not ended ${limitMs} ms after ${signal}`);
  });
  return Promise.race([ended, late]);
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within 20 s: ${holds}`);
    await delay(5);
  }
}

function temporaryFiles(folder: string): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('.'));
}

/** Processes that work in `folder`. */
function processesIn(folder: string): number[] {
  return processIds().filter((pid) => attempt(() => readlinkSync(`/proc/${pid}/cwd`)) === folder);
}

function processIds(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

/** Undefined for a process that has just ended. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

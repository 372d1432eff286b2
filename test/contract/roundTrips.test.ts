/**
 * What a task costs in round trips, counted and not timed. A resource without further questions asks all it wants to know at
 * once, by the shape of the contract; those with more are listed with their reasons. What applying costs, the driver of the
 * module tests counts in every scenario. Here whole runs over SSH are counted, at the server's end.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeSshServer, startFakeSshServer } from '../support/fakeSshServer.ts';
import { modules } from '../support/modules.ts';
import { EXCEPTIONS } from '../support/roundTripCosts.ts';
import { runCli } from '../support/runPlaybook.ts';

const LOGIN = { user: 'deploy', password: 'deploy-password' };

describe('a module that manages state', () => {
  const resources = modules.flatMap((module) => (module.kind === 'resource' ? [module] : []));

  it('asks all it wants to know in one round trip, unless its reason to ask more is listed', () => {
    const asksMore = resources.filter(
      ({ observeMore, observeWith, settle }) => observeMore ?? observeWith ?? settle,
    );
    const listed = Object.keys(EXCEPTIONS).filter(
      (name) => EXCEPTIONS[name]?.converged !== undefined,
    );
    expect(asksMore.map(({ name }) => name).toSorted()).toEqual(listed.toSorted());
  });

  it('is there for each exception, and each has a reason', () => {
    const names = resources.map(({ name }) => name);
    for (const [name, { reason }] of Object.entries(EXCEPTIONS)) {
      expect(names).toContain(name);
      expect(reason).not.toBe('');
    }
  });
});

describe('a task over SSH', { timeout: 30_000 }, () => {
  let server: FakeSshServer;
  let folder: string;

  beforeAll(async () => {
    server = await startFakeSshServer(LOGIN);
    folder = mkdtempSync(join(tmpdir(), 'drover-trips-'));
    const host = `web1 ansible_host=127.0.0.1 ansible_port=${server.port}`;
    const login = `ansible_user=${LOGIN.user} ansible_password=${LOGIN.password}`;
    writeFileSync(join(folder, 'hosts.ini'), `${host} ${login}\n`);
    writeFileSync(join(folder, 'motd.j2'), 'Welcome to {{ inventory_hostname }}\n');
  });

  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Round trips of a run with the tasks, less those of one without them. */
  async function costOf(tasks: string): Promise<number> {
    return (await roundTrips(`${FIRST}${tasks}`)) - (await roundTrips(FIRST));
  }

  async function roundTrips(tasks: string): Promise<number> {
    const before = server.roundTrips;
    const placed = tasks.replaceAll('@/', `${folder}/`);
    writeFileSync(
      join(folder, 'site.yml'),
      `- hosts: all\n  gather_facts: false\n  tasks:\n${placed}`,
    );
    const files = [join(folder, 'hosts.ini'), join(folder, 'site.yml')] as const;
    const environment = { ANSIBLE_HOST_KEY_CHECKING: 'false' };
    const { code, stdout, stderr } = await runCli(['-i', ...files], { folder, environment });
    expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
    return server.roundTrips - before;
  }

  it.each([
    ['file', 'file: {path: @/made, state: directory, mode: "0750"}'],
    ['copy', 'copy: {content: hello, dest: @/copied, mode: "0640"}'],
    ['copy into a directory that is missing', 'copy: {src: motd.j2, dest: @/new/}'],
    ['template', 'template: {src: motd.j2, dest: @/motd}'],
    ['lineinfile', 'lineinfile: {path: @/lines, line: one, create: true}'],
    ['blockinfile', 'blockinfile: {path: @/block, block: one, create: true}'],
  ])('%s: two when it changes something, one when it does not', async (_what, task) => {
    expect([await costOf(`    - ${task}\n`), await costOf(`    - ${task}\n`)]).toEqual([2, 1]);
  });

  it('unarchive: nine and seven of our archive, which is unpacked aside to compare; six of one on the host', async () => {
    const archive = join(folder, 'tree.tar.gz');
    execFileSync('tar', ['-czf', archive, '-C', folder, 'motd.j2']);
    mkdirSync(join(folder, 'unpacked'));
    const task = '    - unarchive: {src: "@/tree.tar.gz", dest: "@/unpacked"}\n';
    expect([await costOf(task), await costOf(task)]).toEqual([9, 7]);
    const there = '    - unarchive: {src: "@/tree.tar.gz", dest: "@/unpacked", remote_src: true}\n';
    expect([await costOf(there), await costOf(there)]).toEqual([6, 6]);
  });

  it('command: one', async () => {
    expect(await costOf('    - command: /bin/true\n')).toBe(1);
  });

  it('facts: one', async () => {
    expect(await costOf('    - setup:\n')).toBe(1);
  });

  it('a converged loop of 100 items: one', async () => {
    const loop =
      '    - file: {path: "@/items{{ item }}", state: directory}\n      loop: "{{ range(100) | list }}"\n';
    for (let item = 0; item < 100; item += 1) mkdirSync(join(folder, `items${item}`));
    expect(await costOf(loop)).toBe(1);
  });
});

/** Opens the connection and its shell. */
const FIRST = '    - ping:\n';

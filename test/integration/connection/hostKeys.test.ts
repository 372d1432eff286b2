/** Unknown host keys before a run: shown together, asked about once, recorded or not. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/program.ts';
import { hasSshd, type SshServer, startSshServer } from '../../support/sshServer.ts';

describe.skipIf(!hasSshd)('unknown host keys before a run (needs sshd)', () => {
  let servers: readonly SshServer[] = [];
  let home: string;
  let knownHosts: string;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'drover-keys-'));
    knownHosts = join(home, '.ssh', 'known_hosts');
    servers = await Promise.all([startSshServer(), startSshServer()]);
    writeFileSync(join(home, 'hosts.yml'), JSON.stringify(inventory()));
    const task = { hosts: 'all', gather_facts: false, tasks: [{ command: 'true' }] };
    writeFileSync(join(home, 'site.yml'), JSON.stringify([task, task]));
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
    rmSync(home, { recursive: true, force: true });
  });
  beforeEach(() => rmSync(knownHosts, { force: true }));

  /** Two servers, one of them by two names, and a host that has no key. */
  function inventory(): object {
    const at = (server: SshServer | undefined): object => ({
      ansible_host: '127.0.0.1',
      ansible_port: '{{ wanted_port }}',
      wanted_port: server?.port,
      ansible_user: userInfo().username,
      ansible_private_key_file: server?.keyFile,
    });
    const [first, second] = servers;
    const local = { ansible_connection: 'local' };
    const hosts = { web1: at(first), database: at(second), web1again: at(first), here: local };
    return { all: { hosts } };
  }

  /** Exit code and questions of a run on a terminal of so many columns. */
  async function run(
    answer: string,
    { columns = 80, args = [] as readonly string[] } = {},
  ): Promise<{ code: number; questions: string[] }> {
    const questions: string[] = [];
    const output = { write: () => undefined, hasColors: false, columns };
    const argv = ['run', '-i', join(home, 'hosts.yml'), ...args, join(home, 'site.yml')];
    const code = await main(argv, {
      cwd: home,
      home,
      userName: 'tester',
      processId: 4711,
      environment: { PATH: process.env['PATH'], HOME: home },
      stdout: output,
      stderr: columns === 0 ? { ...output, columns: undefined } : output,
      prompt: async (text) => {
        questions.push(text);
        return answer;
      },
      writeBytes: () => undefined,
      readStdin: async () => Buffer.alloc(0),
      now: () => new Date(),
      signal: new AbortController().signal,
    });
    return { code, questions };
  }

  const recorded = (): string[] => readFileSync(knownHosts, 'utf8').trim().split('\n').sort();

  test('all are shown with their fingerprints in one question, and recorded by a yes', async () => {
    const { code, questions } = await run('yes');
    expect({ code, asked: questions.length }).toEqual({ code: 0, asked: 1 });
    const [first, second] = servers.map(({ port }) => port);
    const print = 'ssh-ed25519 SHA256:[A-Za-z0-9+/]{43}';
    const lines = [
      'These 2 host keys are not known:',
      `  web1      127\\.0\\.0\\.1:${first}  ${print}`,
      `  database  127\\.0\\.0\\.1:${second}  ${print}`,
      `Compare the fingerprints. Record them in ${knownHosts} and go on\\? \\[yes/no\\] `,
    ];
    expect(questions[0]).toMatch(new RegExp(`^${lines.join('\n')}$`));
    expect(recorded()).toEqual(servers.map((server) => server.knownHostsLine.trim()).sort());
    expect(await run('no')).toEqual({ code: 0, questions: [] });
  });

  test('a no records nothing, and the hosts stay unreachable', async () => {
    const { code, questions } = await run('no');
    expect({ code, asked: questions.length, isRecorded: existsSync(knownHosts) }).toEqual({
      code: 4,
      asked: 1,
      isRecorded: false,
    });
  });

  test('without a terminal nobody is asked', async () => {
    expect(await run('yes', { columns: 0 })).toEqual({ code: 4, questions: [] });
  });

  test('--accept-new-host-keys asks nothing and records all', async () => {
    const args = ['--accept-new-host-keys'];
    expect(await run('no', { columns: 0, args })).toEqual({ code: 0, questions: [] });
    expect(recorded()).toEqual(servers.map((server) => server.knownHostsLine.trim()).sort());
  });
});

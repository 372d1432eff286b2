/** Hosts that cannot be reached, beside one that can: each says why and what to do, and the one goes on. Needs sshd. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeSshServer, startFakeSshServer } from '../../support/fakeSshServer.ts';
import { type PlaybookRun, runCli } from '../../support/runPlaybook.ts';
import {
  freePort,
  hasSshd,
  makeKey,
  type SshServer,
  startSshServer,
} from '../../support/sshServer.ts';

if (!hasSshd) process.stderr.write('no sshd on this machine: hosts that refuse are not tested\n');

const USER = userInfo().username;
const PLAYBOOK = `- hosts: all
  gather_facts: false
  tasks:
    - name: first
      command: echo here
    - name: second
      command: echo still here
`;

describe.skipIf(!hasSshd)('a host that cannot be reached', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drover-unreachable-'));
  let server: SshServer;
  let other: SshServer;

  beforeAll(async () => {
    [server, other] = await Promise.all([startSshServer(), startSshServer()]);
    writeFileSync(join(folder, 'site.yml'), PLAYBOOK);
    makeKey(join(folder, 'stranger'));
    writeFileSync(join(folder, 'empty'), '');
    const [, , key] = other.knownHostsLine.split(' ');
    writeFileSync(join(folder, 'changed'), `# one\n[127.0.0.1]:${server.port} ssh-ed25519 ${key}`);
  });

  afterAll(async () => {
    await Promise.all([server.stop(), other.stop()]);
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs on `good` and on `bad`, which differs from it by `variables`. */
  function runBeside(variables: string, args: readonly string[] = []): Promise<PlaybookRun> {
    const hosts = `good
bad ${variables}
[all:vars]
ansible_host=127.0.0.1
ansible_port=${server.port}
ansible_user=${USER}
ansible_ssh_private_key_file=${server.keyFile}
ansible_ssh_common_args=-F none -o UserKnownHostsFile=${server.knownHostsFile}
`;
    writeFileSync(join(folder, 'hosts.ini'), hosts);
    return runCli(['-i', 'hosts.ini', ...args, 'site.yml'], { folder });
  }

  /** What the run says of `bad`, which got nowhere while `good` went on. */
  function saidOfBad({ stdout, stderr, code }: PlaybookRun, status: 'UNREACHABLE' | 'FAILED') {
    expect(stderr).toBe('');
    expect(code).toBe(status === 'UNREACHABLE' ? 4 : 2);
    expect(stdout).toMatch(/^good +: ok=2 +changed=2 +unreachable=0 +failed=0 /m);
    const counts = status === 'UNREACHABLE' ? 'unreachable=1 +failed=0' : 'unreachable=0 +failed=1';
    expect(stdout).toMatch(new RegExp(`^bad +: ok=0 +changed=0 +${counts} `, 'm'));
    const from = stdout.indexOf('fatal: [bad]');
    const lines = stdout.slice(from).split('\n');
    const end = lines.findIndex((line, index) => index > 0 && !line.startsWith('  '));
    return lines
      .slice(0, end)
      .join('\n')
      .replaceAll(folder, 'FOLDER')
      .replaceAll(`${USER}@127.0.0.1:${server.port}`, 'LOGIN')
      .replaceAll(String(server.port), 'PORT')
      .replaceAll(server.directory, 'SERVER')
      .replace(/SHA256:[\w+/]{43}/, 'SHA256:…');
  }

  const unreachable = (msg: string, hint: string) =>
    `fatal: [bad]: UNREACHABLE! => {"changed": false, "msg": ${JSON.stringify(msg)}}\n  hint: ${hint}`;

  it('because nothing listens there', async () => {
    const port = await freePort();
    const said = saidOfBad(await runBeside(`ansible_port=${port}`), 'UNREACHABLE');
    expect(said.replaceAll(String(port), 'OTHER')).toBe(
      unreachable(
        `bad (${USER}@127.0.0.1:OTHER): connection refused`,
        'is sshd running there, and is the port right (ansible_port)?     [DROVER_SSH_REFUSED]',
      ),
    );
  });

  it('because its name is not known', async () => {
    const run = await runBeside('ansible_host=nowhere.invalid');
    expect(saidOfBad(run, 'UNREACHABLE')).toContain('nowhere.invalid:PORT): the name ');
  });

  it('because the key is not accepted', async () => {
    const run = await runBeside('ansible_ssh_private_key_file="{{ playbook_dir }}/stranger"');
    expect(saidOfBad(run, 'UNREACHABLE')).toBe(
      unreachable(
        `bad (LOGIN): permission denied for user ${USER}: tried key FOLDER/stranger; the server takes publickey`,
        'give a key (--private-key), a password (-k) or another user (-u)     [DROVER_SSH_AUTH]',
      ),
    );
  });

  it('because there is no such key', async () => {
    const run = await runBeside('ansible_ssh_private_key_file="{{ playbook_dir }}/nokey"');
    expect(saidOfBad(run, 'UNREACHABLE')).toContain('not usable: key FOLDER/nokey (absent)');
  });

  it('because its host key is not known', async () => {
    const known = '-F none -o UserKnownHostsFile={{ playbook_dir }}/empty';
    const run = await runBeside(`ansible_ssh_common_args="${known}"`);
    expect(saidOfBad(run, 'UNREACHABLE')).toBe(
      unreachable(
        'bad (LOGIN): the host key is not known: ssh-ed25519 SHA256:…',
        'compare the fingerprint, then run with --accept-new-host-keys, or: ssh-keyscan -p PORT 127.0.0.1 >> FOLDER/empty     [DROVER_HOST_KEY_UNKNOWN]',
      ),
    );
  });

  it('because its host key has changed, whatever is accepted of new ones', async () => {
    const known = '-F none -o UserKnownHostsFile={{ playbook_dir }}/changed';
    const args = ['--accept-new-host-keys'];
    const run = await runBeside(`ansible_ssh_common_args="${known}"`, args);
    expect(saidOfBad(run, 'UNREACHABLE')).toBe(
      unreachable(
        'bad (LOGIN): the host key is not the one that FOLDER/changed:2 records (now ssh-ed25519 SHA256:…): somebody may be listening in',
        'if the host was set up anew, remove line 2 of FOLDER/changed     [DROVER_HOST_KEY_CHANGED]',
      ),
    );
  });

  it('because of a port that is none', async () => {
    expect(saidOfBad(await runBeside('ansible_port=ssh'), 'FAILED')).toContain(
      `site.yml:4:7: ansible_port is "ssh", which is no number`,
    );
  });

  it('because of a connection that nobody knows', async () => {
    const said = saidOfBad(await runBeside('ansible_connection=telnet'), 'FAILED');
    expect(said).toContain('connection "telnet" of bad is not known');
    expect(said).toContain('hint: known are ');
  });

  describe('in a block with a rescue', () => {
    const RESCUING = `- hosts: all
  gather_facts: false
  tasks:
    - block:
        - name: gone
          command: echo here
          vars: {ansible_port: "{{ port }}"}
      rescue:
        - name: rescue
          command: echo {{ ansible_failed_task.name }} {{ ansible_failed_result.unreachable }}
    - name: gone again
      command: echo here
      vars: {ansible_port: "{{ port }}"}
      ignore_unreachable: true
      register: gone
    - name: after
      command: echo {{ gone.unreachable }}
`;

    async function rescuing(environment: Readonly<Record<string, string>>) {
      writeFileSync(
        join(folder, 'hosts.ini'),
        `bad ansible_host=127.0.0.1 ansible_port=${server.port} ansible_user=${USER}
[all:vars]
ansible_ssh_private_key_file=${server.keyFile}
ansible_ssh_common_args=-F none -o UserKnownHostsFile=${server.knownHostsFile}
`,
      );
      writeFileSync(join(folder, 'rescue.yml'), RESCUING);
      const port = await freePort();
      const args = ['-i', 'hosts.ini', '-e', `port=${port}`, '--output', 'jsonl', 'rescue.yml'];
      const { code, lines, events } = await runCli(args, { folder, environment });
      const recap = events.find(({ type }) => type === 'recap');
      return { code, lines, recap };
    }

    it('leaves the play, as in Ansible', async () => {
      expect(await rescuing({})).toMatchObject({
        code: 4,
        lines: ['bad: gone unreachable'],
        recap: { hosts: { bad: { unreachable: 1, rescued: 0 } } },
      });
    });

    it('goes on there when rescue_unreachable asks for it; what is ignored goes on in any case', async () => {
      expect(await rescuing({ DROVER_RESCUE_UNREACHABLE: 'true' })).toMatchObject({
        code: 0,
        lines: [
          'bad: gone unreachable',
          'bad: rescue changed',
          'bad: gone again unreachable ignored',
          'bad: after changed',
        ],
        recap: { hosts: { bad: { unreachable: 0, rescued: 1, ignored: 1 } } },
      });
    });
  });

  describe('because of its password', () => {
    let asking: FakeSshServer;
    beforeAll(async () => {
      asking = await startFakeSshServer({ user: 'walter', password: 'right one' });
    });
    afterAll(() => asking.stop());

    const login = (password: string) =>
      `ansible_user=walter ansible_port=${asking.port} ansible_ssh_private_key_file= ${password} ansible_ssh_host_key_checking=false`;

    it('which is wrong, and is not shown', async () => {
      const said = saidOfBad(await runBeside(login('ansible_password=wrong-one')), 'UNREACHABLE');
      expect(said).toContain(
        'permission denied for user walter: tried password; the server takes password',
      );
      expect(said).not.toContain('wrong-one');
    });

    it('which nobody gave', async () => {
      const said = saidOfBad(await runBeside(login('')), 'UNREACHABLE');
      expect(said).toContain('the server takes password');
      expect(said).toContain('a password (-k)');
    });
  });
});

/** What only real hosts can refuse: sudo's password, logins with a password, and a machine that is not there. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, fleetDown, fleetMissing, fleetUp, opsPassword } from '../fleet/fleet.ts';
import { defaultState, type State, stateIn } from '../fleet/state.ts';
import { type CliRun, cli, recapOf } from '../support/cli.ts';

const missing = fleetMissing();
if (missing.length > 0) process.stderr.write(`no fleet on this machine:\n${missing.join('\n')}\n`);

/** Hosts of their own; an engine that has to be started is the checkout's. */
function ownState(): State {
  const { folder, dockerdPidFile, dockerdLogFile } = defaultState();
  return { ...stateIn(join(folder, 'wrong')), dockerdPidFile, dockerdLogFile };
}

const PLAYBOOK = `- hosts: all
  gather_facts: false
  become: true
  tasks:
    - name: who
      command: id -un
      register: who
      failed_when: who.stdout != 'root'
    - name: after
      file: {path: /var/tmp/after, state: touch}
`;

describe.skipIf(missing.length > 0 && process.env['CI'] === undefined)(
  'a host that refuses',
  () => {
    const state = ownState();
    const folder = mkdtempSync(join(tmpdir(), 'drover-wrong-'));
    let fleet: Fleet;

    beforeAll(async () => {
      fleet = await fleetUp({ state });
      writeFileSync(join(folder, 'site.yml'), PLAYBOOK);
    });

    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await fleetDown({ state });
    });

    /** Runs on the first two hosts; the second has `variables` of its own. */
    function runBeside(variables: string): Promise<CliRun> {
      const [good, bad] = fleet.hosts;
      const hosts = `good ansible_port=${good?.sshPort}
bad ansible_port=${bad?.sshPort} ${variables}
[all:vars]
ansible_host=127.0.0.1
ansible_user=deploy
ansible_ssh_private_key_file=${fleet.privateKeyFile}
ansible_ssh_common_args=-F none -o UserKnownHostsFile="${fleet.knownHostsFile}"
`;
      writeFileSync(join(folder, 'hosts.ini'), hosts);
      return cli(['run', '-i', 'hosts.ini', '-T', '5', 'site.yml'], folder);
    }

    function goodWentOn(run: CliRun): void {
      expect(recapOf(run, 'good')).toMatchObject({ ok: 2, failed: 0, unreachable: 0 });
      expect(recapOf(run, 'bad')).toMatchObject({ ok: 0, changed: 0 });
      expect(run.stdout + run.stderr).not.toContain('DROVER_BUG');
    }

    it('a wrong sudo password, which is not shown', async () => {
      const run = await runBeside('ansible_user=ops ansible_become_password=not-the-one');
      goodWentOn(run);
      expect(run.code).toBe(2);
      expect(recapOf(run, 'bad')).toMatchObject({ failed: 1, unreachable: 0 });
      expect(run.stdout).toContain('site.yml:5:7: sudo to root on bad refused the password');
      expect(run.stdout).toContain('hint: is ansible_become_password, or what -K was told, right?');
      expect(run.stdout).toContain('[DROVER_BECOME_PASSWORD]');
      expect(run.stdout + run.stderr).not.toContain('not-the-one');
    });

    it('no sudo password where one is asked for', async () => {
      const run = await runBeside('ansible_user=ops');
      goodWentOn(run);
      expect(run.code).toBe(2);
      expect(run.stdout).toContain(
        'site.yml:5:7: sudo to root on bad asks for a password and none was given',
      );
      expect(run.stdout).toContain('hint: give it with -K (--ask-become-pass)');
      expect(run.stdout).toContain('[DROVER_BECOME_PASSWORD_MISSING]');
    });

    it('a wrong password to log in with', async () => {
      const run = await runBeside(
        'ansible_user=ops ansible_ssh_private_key_file= ansible_password=not-the-one',
      );
      goodWentOn(run);
      expect(run.code).toBe(4);
      expect(run.stdout).toContain('permission denied for user ops: tried password');
      expect(run.stdout).toContain('[DROVER_SSH_AUTH]');
      expect(run.stdout + run.stderr).not.toContain('not-the-one');
    });

    it('and takes the right ones', async () => {
      const run = await runBeside(
        `ansible_user=ops ansible_ssh_private_key_file= ansible_password=${opsPassword} ansible_become_password=${opsPassword}`,
      );
      expect(run.code, run.stdout + run.stderr).toBe(0);
      expect(recapOf(run, 'bad')).toMatchObject({ ok: 2, failed: 0, unreachable: 0 });
    });

    it('a machine that is not there', async () => {
      const [, bad] = fleet.hosts;
      const docker = (verb: string) => spawnSync('docker', [verb, bad?.container ?? '']);
      docker('pause');
      try {
        const run = await runBeside('');
        goodWentOn(run);
        expect(run.code).toBe(4);
        expect(recapOf(run, 'bad')).toMatchObject({ failed: 0, unreachable: 1 });
        expect(run.stdout).toMatch(/bad \(deploy@127\.0\.0\.1:\d+\): no answer within 5 s/);
        expect(run.stdout).toContain('[DROVER_SSH_TIMEOUT]');
      } finally {
        docker('unpause');
      }
    });
  },
);

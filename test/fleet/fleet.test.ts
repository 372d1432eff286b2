// Brings up a fleet of its own beside the one people work with, and does on it what playbooks do: slow, and all real.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import {
  type Fleet,
  type FleetHost,
  fleetDown,
  fleetMissing,
  fleetUp,
  resetHost,
  restartHost,
  writeInventory,
} from './fleet.ts';
import { stateFor } from './state.ts';

const execFileAsync = promisify(execFile);

const missing = fleetMissing();
if (missing.length > 0) process.stderr.write(`no fleet on this machine:\n${missing.join('\n')}\n`);
const canSkip = process.env['CI'] === undefined;

describe.skipIf(missing.length > 0 && canSkip)('a fleet', () => {
  const state = stateFor('tests');
  let fleet: Fleet;

  const host = (name: string): FleetHost => {
    const found = fleet.hosts.find((each) => each.name === name);
    if (found === undefined) throw new Error(`no host ${name}`);
    return found;
  };

  /** Runs a script on a host with the system's ssh and returns what it printed. */
  const on = async (name: string, script: string, user = 'root'): Promise<string> => {
    const options = ['BatchMode=yes', `UserKnownHostsFile=${fleet.knownHostsFile}`];
    const { stdout } = await execFileAsync('ssh', [
      ...['-F', 'none', '-i', fleet.privateKeyFile, '-p', String(host(name).sshPort)],
      ...options.flatMap((option) => ['-o', option]),
      `${user}@127.0.0.1`,
      script,
    ]);
    return stdout.trim();
  };

  const installDocker = async (name: string): Promise<void> => {
    const settings = JSON.stringify({ 'registry-mirrors': [fleet.registry.mirror] });
    await on(
      name,
      `set -e; mkdir -p /etc/docker; echo '${settings}' > /etc/docker/daemon.json
       apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends docker.io`,
    );
  };

  beforeAll(async () => {
    // A run that was killed has left its hosts.
    await fleetDown({ state });
    fleet = await fleetUp({ state });
  });

  afterAll(async () => {
    await fleetDown({ state });
  });

  test('comes up once: a second time there is nothing to do', async () => {
    const done: string[] = [];
    const again = await fleetUp({ state, progress: (message) => done.push(message) });
    expect(done).toEqual([]);
    expect(again).toEqual(fleet);
  });

  test('has hosts that differ from each other and know each other', async () => {
    const facts = 'cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub';
    const answers = await Promise.all(fleet.hosts.map(({ name }) => on(name, facts)));
    expect(new Set(answers).size).toBe(3);
    expect(await on('node1', 'hostname; getent hosts node2')).toMatch(
      new RegExp(`^node1\n${host('node2').containerIp} +node2$`),
    );
  });

  test('has hosts without Python and without Docker', async () => {
    const names = 'for name in python python3 docker dockerd; do command -v $name; done; true';
    expect(await on('rancher', names)).toBe('');
    expect(await on('rancher', 'systemctl is-system-running')).toBe('running');
  });

  test('lets deploy become root without a password, and ops only with one', async () => {
    expect(await on('node1', 'sudo -n id -un', 'deploy')).toBe('root');
    await expect(on('node1', 'sudo -n id -un', 'ops')).rejects.toThrow(/password is required/);
    expect(await on('node1', 'echo ops-password | sudo -S -p "" id -un', 'ops')).toBe('root');
  });

  test('says in an inventory how to reach its hosts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'fleet-'));
    await writeInventory(fleet, join(folder, 'hosts.yml'));
    const { all } = parse(await readFile(join(folder, 'hosts.yml'), 'utf8'));
    await rm(folder, { recursive: true });
    expect(all.hosts.node1).toMatchObject({
      ansible_host: '127.0.0.1',
      ansible_port: host('node1').sshPort,
    });
    expect(all.vars.docker_registry_mirrors).toEqual([fleet.registry.mirror]);
    expect(all.children).toEqual({
      rancher_server: { hosts: { rancher: null } },
      rancher_agents: { hosts: { node1: null, node2: null } },
      mysql: { hosts: { node1: null } },
      wordpress: { hosts: { node2: null } },
    });
  });

  test('serves images by their real names to the Docker that apt installs on a host', async () => {
    await Promise.all([installDocker('node1'), installDocker('node2')]);
    const pulled = await on('node1', 'docker pull mysql:5.7 && docker pull busybox');
    const digest = /Digest: (sha256:\w+)\nStatus: Downloaded newer image for busybox/.exec(pulled);
    await on('node1', `docker rmi busybox && docker pull busybox@${digest?.[1]}`);
    expect(await on('node2', 'docker run --rm --privileged busybox id -u')).toContain('0');
  });

  test('shows the WordPress installation page, with the database on another host', async () => {
    await on(
      'node1',
      `docker run -d --name mysql --restart always -p 3306:3306 -e MYSQL_ROOT_PASSWORD="it's" \
         -e MYSQL_DATABASE=wp_1 -e MYSQL_USER=wp -e MYSQL_PASSWORD='a\\b' mysql:5.7`,
    );
    await on(
      'node2',
      `docker run -d --name wordpress --restart always -p 80:80 -e WORDPRESS_DB_HOST=node1:3306 \
         --add-host node1:${host('node1').containerIp} -e WORDPRESS_DB_NAME=wp_1 \
         -e WORDPRESS_DB_USER=wp -e WORDPRESS_DB_PASSWORD='a\\b' wordpress`,
    );
    const page = await pageWith('WordPress &rsaquo; Installation');
    expect(page).toContain('name="weblog_title"');
    expect(await on('node1', 'docker logs mysql 2>&1')).toMatch(
      /MySQL init process done\. Ready for start up\.\n[\s\S]*mysqld: ready for connections/,
    );
  });

  test('keeps running what Docker restarts when hosts reboot', async () => {
    const keys = await readFile(fleet.knownHostsFile, 'utf8');
    await Promise.all([restartHost('node1', { state }), restartHost('node2', { state })]);
    await pageWith('WordPress &rsaquo; Installation');
    expect(await on('node2', 'systemctl is-system-running')).toBe('running');
    expect(await readFile(fleet.knownHostsFile, 'utf8')).toBe(keys);
  });

  test('makes a host fresh again, at the same addresses, with host keys that are new', async () => {
    const [before, keys] = [host('node2'), await readFile(fleet.knownHostsFile, 'utf8')];
    await resetHost('node2', { state });
    fleet = await fleetUp({ state });
    expect(host('node2')).toEqual(before);
    expect(await on('node2', 'command -v docker || echo none')).toBe('none');
    expect(await readFile(fleet.knownHostsFile, 'utf8')).not.toBe(keys);
  });

  /** Reads WordPress's front page at node2's published port until it holds a text. */
  async function pageWith(text: string): Promise<string> {
    const deadline = Date.now() + 90_000;
    for (;;) {
      const url = `http://127.0.0.1:${host('node2').publishedPorts[80]}/`;
      const page = await fetch(url, { signal: AbortSignal.timeout(5000) }).then(
        (response) => response.text(),
        (error: unknown) => String(error),
      );
      if (page.includes(text)) return page;
      if (Date.now() > deadline) throw new Error(`no "${text}" after 90 s, but:\n${page}`);
      await sleep(500);
    }
  }
});

describe('a machine that cannot carry a fleet', () => {
  test('is told what it lacks and how to bring it', () => {
    vi.stubEnv('PATH', '');
    expect(fleetMissing()).toEqual([
      expect.stringMatching(/^Docker is not installed.*`sudo apt-get install docker\.io`/),
    ]);
    vi.unstubAllEnvs();
  });
});

/** The main job on real hosts: from fresh Debian to Rancher, its agents, a database and a WordPress, and nothing left to change. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Fleet, fleetDown, fleetUp, restartHost, writeInventory } from '../fleet/fleet.ts';
import { stateFor } from '../fleet/state.ts';
import { cli, recapOf } from '../support/cli.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const ARTIFACTS = join(ROOT, 'test/fleet/.state/artifacts');
const PLAYBOOK = join(ROOT, 'playbooks/rancher.yml');
const HOSTS = ['rancher', 'node1', 'node2'];
const run = promisify(execFile);
const state = stateFor('rancher');

let fleet: Fleet;
let inventory: string;

beforeAll(async () => {
  await fleetDown({ state });
  fleet = await fleetUp({ state });
  const folder = await mkdtemp(join(tmpdir(), 'drover-e2e-'));
  inventory = join(folder, 'hosts.yml');
  await writeInventory(fleet, inventory);
  return async () => {
    await rm(folder, { recursive: true });
    await fleetDown({ state });
  };
});

describe('playbooks/rancher.yml', () => {
  it('says in check mode what it would change, and changes nothing', async () => {
    const check = await cli(['run', '-i', inventory, '--check', PLAYBOOK], ROOT);
    expect(check.stdout).toContain('PLAY RECAP');
    expect(check.code, check.stdout).toBe(0);
    for (const host of HOSTS) {
      expect(recapOf(check, host)).toMatchObject({ failed: 0, unreachable: 0 });
      expect(recapOf(check, host).changed).toBeGreaterThan(0);
      expect(await on(host, 'test ! -e /etc/docker && ! command -v dockerd; echo $?')).toBe('0');
    }
  });

  it('builds everything from nothing', async () => {
    const first = await cli(['run', '-i', inventory, PLAYBOOK], ROOT);
    expect(first.code, first.stdout).toBe(0);
  });

  it('changes nothing the second time', async () => {
    const second = await cli(['run', '-i', inventory, PLAYBOOK], ROOT);
    expect(second.code, second.stdout).toBe(0);
    for (const host of HOSTS) {
      expect(recapOf(second, host), second.stdout).toMatchObject({
        changed: 0,
        failed: 0,
        unreachable: 0,
      });
    }
  });

  it('lists both hosts as active agents', async () => {
    expect(await agents()).toEqual(['node1 active', 'node2 active']);
  });

  it('serves the WordPress installation page, in a browser too', async () => {
    const page = await (await fetch(`${wordpress()}/wp-admin/install.php`)).text();
    expect(page).toContain('<title>WordPress');
    expect(page).toMatch(/action="[^"]*step=[12]"/);
    const picture = await screenshot(`${wordpress()}/wp-admin/install.php`);
    expect((await stat(picture)).size).toBeGreaterThan(10_000);
  });

  it('says that a database has other passwords than the ones given, and goes back to them', async () => {
    const database = ['run', '-i', inventory, '--tags', 'database', PLAYBOOK];
    const variables = 'wordpress_password=an-other-one mysql_container_timeout=20';
    const other = await cli([...database, '-e', variables], ROOT);
    expect(other.stdout).toContain('MySQL takes passwords at its first start only');
    expect(other.stdout).not.toContain('an-other-one');
    expect(other.code).toBe(2);
    const back = await cli(database, ROOT);
    expect(back.code, back.stdout).toBe(0);
  });

  it('survives the restart of a host', async () => {
    for (const host of HOSTS) await restartHost(host, { state });
    await eventually(async () => expect(await agents()).toEqual(['node1 active', 'node2 active']));
    await eventually(async () => {
      const page = await (await fetch(`${wordpress()}/wp-admin/install.php`)).text();
      expect(page).toMatch(/action="[^"]*step=[12]"/);
    });
    const again = await cli(['run', '-i', inventory, PLAYBOOK], ROOT);
    for (const host of HOSTS) {
      expect(recapOf(again, host), again.stdout).toMatchObject({ changed: 0, failed: 0 });
    }
  });
});

function published(host: string, port: 80 | 8080): string {
  const found = fleet.hosts.find(({ name }) => name === host);
  if (found === undefined) throw new Error(`no host ${host}`);
  return `http://${found.address}:${found.publishedPorts[port]}`;
}

function wordpress(): string {
  return published('node2', 80);
}

/** `hostname state` of every host that the Rancher server knows, sorted. */
async function agents(): Promise<string[]> {
  const answer = await fetch(`${published('rancher', 8080)}/v1/hosts?projectId=1a5`);
  const { data } = (await answer.json()) as { data: { hostname: string; state: string }[] };
  return data.map(({ hostname, state }) => `${hostname} ${state}`).sort();
}

async function on(name: string, command: string): Promise<string> {
  const found = fleet.hosts.find((host) => host.name === name);
  const { stdout } = await run('ssh', [
    '-F',
    'none',
    '-i',
    fleet.privateKeyFile,
    '-o',
    `UserKnownHostsFile=${fleet.knownHostsFile}`,
    '-p',
    String(found?.sshPort),
    `root@${found?.address}`,
    command,
  ]);
  return stdout.trim();
}

/** A picture of the page, kept for people to look at. */
async function screenshot(url: string): Promise<string> {
  await mkdir(ARTIFACTS, { recursive: true });
  const picture = join(ARTIFACTS, 'wordpress.png');
  const profile = await mkdtemp(join(tmpdir(), 'drover-browser-'));
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    '--window-size=1000,1200',
    `--user-data-dir=${profile}`,
    `--screenshot=${picture}`,
  ];
  await run('chromium', [...flags, url], { timeout: 60_000 });
  await rm(profile, { recursive: true, force: true });
  return picture;
}

/** Repeats a check for up to two minutes. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

/**
 * Packages, accounts and services on a real host: each scenario in check mode, for real, and again. What check mode
 * predicts is what happens, and nothing is left to do the second time.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KnownHosts } from '../../src/connection/knownHosts.ts';
import { ConnectionPool } from '../../src/connection/pool.ts';
import { connectSsh } from '../../src/connection/ssh.ts';
import { builtinModules } from '../../src/modules/builtin.ts';
import type { AnyResource, Module } from '../../src/modules/module.ts';
import { RemoteTarget } from '../../src/target/remoteTarget.ts';
import type { Target } from '../../src/target/target.ts';
import { type Fleet, fleetDown, fleetMissing, fleetUp } from '../fleet/fleet.ts';
import { stateFor } from '../fleet/state.ts';
import { localSettings } from '../support/fakeTarget.ts';
import { type Outcome, runResource } from '../unit/modules/driver.ts';
import { testController } from '../unit/modules/testController.ts';

const missing = fleetMissing();
if (missing.length > 0) process.stderr.write(`no fleet on this machine:\n${missing.join('\n')}\n`);

interface Scenario {
  readonly module: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Run before, e.g. to make a unit file. */
  readonly setup?: string;
  readonly changed: boolean;
  /** Set for what acts each time, such as a restart. */
  readonly actsAlways?: boolean;
  /** Prints the end state, which `shows` is. */
  readonly look?: string;
  readonly shows?: string;
}

const UNIT = `printf '[Service]\\nExecStart=/bin/sleep 1000\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/nap.service`;
const UNPACK = `cd /var/tmp && apt-get download -q tree >/dev/null && mv tree_*.deb tree.deb && dpkg --unpack tree.deb >/dev/null`;
const ALICE = { name: 'alice', uid: 2000, groups: ['deployers'], shell: '/bin/bash' };
const TIMER = { name: 'apt-daily.timer' };

const PACKAGES: readonly Scenario[] = [
  { module: 'apt', args: { name: ['tree', 'bash'], update_cache: true }, changed: true },
  { module: 'apt', args: { update_cache: true, cache_valid_time: 3600 }, changed: false },
  {
    module: 'apt',
    setup: 'rm /var/lib/apt/lists/*Release; touch -d yesterday /var/lib/apt/lists',
    args: { update_cache: true, cache_valid_time: 3600 },
    changed: true,
  },
  { module: 'apt', args: { name: 'tree=2*' }, changed: false },
  { module: 'dpkg_selections', args: { name: 'tree', selection: 'hold' }, changed: true },
  { module: 'dpkg_selections', args: { name: 'tree', selection: 'install' }, changed: true },
  { module: 'apt', args: { name: 'tree', state: 'absent', purge: true }, changed: true },
  {
    module: 'apt',
    setup: UNPACK,
    args: { name: 'tree' },
    changed: true,
    look: `dpkg-query -W -f '\${db:Status-Status}' tree`,
    shows: 'installed',
  },
  { module: 'apt', args: { deb: '/var/tmp/tree.deb' }, changed: false },
  { module: 'package', args: { name: 'tree', state: 'removed' }, changed: true },
  { module: 'apt', args: { deb: '/var/tmp/tree.deb' }, changed: true },
];

const REPOSITORIES: readonly Scenario[] = [
  {
    module: 'apt_repository',
    setup: 'mkdir -p /srv/repo && : >/srv/repo/Packages',
    args: { repo: 'deb [trusted=yes] file:/srv/repo ./', filename: 'own', mode: '0640' },
    changed: true,
    look: 'cat /etc/apt/sources.list.d/own.list; stat -c %a /etc/apt/sources.list.d/own.list',
    shows: 'deb [trusted=yes] file:/srv/repo ./\n640',
  },
  {
    module: 'apt_repository',
    args: { repo: 'deb [trusted=yes]  file:/srv/repo/   ./', state: 'absent' },
    changed: true,
    look: '[ -e /etc/apt/sources.list.d/own.list ] || echo gone',
    shows: 'gone',
  },
  {
    module: 'deb822_repository',
    args: { name: 'own', uris: 'file:/srv/repo', suites: './', trusted: true },
    changed: true,
    look: 'apt-get update 2>&1 | grep -c "^E:"',
    shows: '0',
  },
  { module: 'deb822_repository', args: { name: 'own', state: 'absent' }, changed: true },
];

const SERVICES: readonly Scenario[] = [
  { module: 'package', args: { name: 'cron', state: 'installed' }, changed: true },
  {
    module: 'service',
    args: { name: 'cron', state: 'stopped', enabled: false },
    changed: true,
    look: 'systemctl is-active cron; systemctl is-enabled cron',
    shows: 'inactive\ndisabled',
  },
  { module: 'service', args: { name: 'cron', state: 'started', enabled: true }, changed: true },
  {
    module: 'service',
    args: { name: 'cron', state: 'restarted' },
    changed: true,
    actsAlways: true,
  },
  {
    module: 'systemd',
    setup: UNIT,
    args: { name: 'nap', state: 'started', enabled: true, daemon_reload: true },
    changed: true,
    look: 'systemctl is-active nap; systemctl is-enabled nap',
    shows: 'active\nenabled',
  },
  {
    module: 'systemd',
    args: { ...TIMER, state: 'stopped', enabled: false, masked: true },
    changed: true,
    look: 'systemctl is-enabled apt-daily.timer',
    shows: 'masked',
  },
  {
    module: 'systemd',
    args: { ...TIMER, state: 'started', enabled: true, masked: false },
    changed: true,
  },
  { module: 'systemd', args: { daemon_reload: true }, changed: false },
];

const ACCOUNTS: readonly Scenario[] = [
  { module: 'group', args: { name: 'deployers', gid: 1500 }, changed: true },
  {
    module: 'group',
    args: { name: 'deployers', gid: 1501 },
    changed: true,
    look: 'getent group deployers',
    shows: 'deployers:x:1501:',
  },
  {
    module: 'user',
    args: { ...ALICE, comment: 'Alice', password: '$6$abc$hash' },
    changed: true,
    look: 'id alice; getent shadow alice | cut -d: -f2',
    shows: 'uid=2000(alice) gid=2000(alice) groups=2000(alice),1501(deployers)\n$6$abc$hash',
  },
  {
    module: 'user',
    args: {
      name: 'alice',
      groups: '',
      home: '/srv/alice',
      move_home: true,
      password_lock: true,
      expires: 1893456000,
    },
    changed: true,
    look: 'id -Gn alice; getent shadow alice | cut -d: -f2,8; stat -c %U /srv/alice',
    shows: 'alice\n!$6$abc$hash:21915\nalice',
  },
  {
    module: 'user',
    args: {
      name: 'alice',
      generate_ssh_key: true,
      ssh_key_type: 'ed25519',
      ssh_key_passphrase: 'open sesame',
    },
    changed: true,
    look: `cd /srv/alice/.ssh; ssh-keygen -y -P 'open sesame' -f id_ed25519 | cut -c1-11; stat -c '%U %a' id_ed25519`,
    shows: 'ssh-ed25519\nalice 600',
  },
  {
    module: 'user',
    args: { name: 'alice', state: 'absent', remove: true },
    changed: true,
    look: '[ -e /srv/alice ] || getent passwd alice || echo gone',
    shows: 'gone',
  },
  { module: 'group', args: { name: 'deployers', state: 'absent' }, changed: true },
];

const skips = missing.length > 0 && process.env['CI'] === undefined;

describe.skipIf(skips)('modules on a Debian host', () => {
  const state = stateFor('modules');
  let pool: ConnectionPool;
  let target: Target;

  beforeAll(async () => {
    const fleet = await fleetUp({ state, hosts: 1 });
    pool = new ConnectionPool((settings) =>
      connectSsh(settings, {
        homeDirectory: '/nonexistent',
        userName: 'root',
        knownHosts: new KnownHosts(),
      }),
    );
    target = targetOf(fleet, pool);
  });

  afterAll(async () => {
    await pool?.close();
    await fleetDown({ state });
  });

  const output = async (script: string) => {
    const { stdout } = await target.sh(script);
    return stdout.toString().trim();
  };

  it.each([...PACKAGES, ...REPOSITORIES, ...SERVICES, ...ACCOUNTS])(
    '$module $args',
    async ({ module, args, setup, changed, actsAlways = false, look, shows }) => {
      if (setup !== undefined) await output(setup);
      const resource = resourceNamed(module);
      const controller = testController({ checkMode: true });
      const predicted = await runResource(resource, args, { target, controller });
      const real = await runResource(resource, args, { target });
      expect(seenOf(real)).toEqual(seenOf(predicted));
      expect(Object.keys(real.data)).toEqual(expect.arrayContaining(Object.keys(predicted.data)));
      expect(real.changed).toBe(changed);
      if (look !== undefined) expect(await output(look)).toBe(shows);
      const again = await runResource(resource, args, { target });
      expect(again.changed).toBe(actsAlways);
    },
  );
});

function targetOf(fleet: Fleet, pool: ConnectionPool): Target {
  const settings = localSettings({
    transport: 'ssh',
    host: 'host',
    address: '127.0.0.1',
    port: fleet.hosts[0]?.sshPort,
    user: 'root',
    privateKeyFile: fleet.privateKeyFile,
    hostKeyChecking: 'strict',
    knownHostsFiles: [fleet.knownHostsFile],
  });
  return new RemoteTarget({ connection: pool.connection(settings) });
}

/** What a user sees of the changes. */
function seenOf({ changes }: Outcome) {
  return changes.map(({ what, before, after }) => ({ what, before, after }));
}

function resourceNamed(name: string): AnyResource {
  const found: Module | undefined = builtinModules.find((each) => each.name === name);
  if (found?.kind === 'resource') return found;
  throw new Error(`no resource ${name}`);
}

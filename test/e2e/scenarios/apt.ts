import type { Scenario } from '../../support/scenarios/scenario.ts';
import { LOCAL_ARCHIVE, sources } from './aptArchive.ts';

const GET =
  'DEBIAN_FRONTEND=noninteractive apt-get -qy --allow-downgrades -o Dpkg::Options::=--force-confnew';
const OLD = `apt-mark unhold probe; ${GET} install probe=1.0 probe-extra=1.0; ${GET} autoremove`;
const NEW = `${GET} install probe`;
const CONFIGURED = 'cat /etc/probe.conf';
const MINE = 'echo mine >/etc/probe.conf';
const DOWNLOADS = 'ls /var/cache/apt/archives/*.deb 2>/dev/null | wc -l';
const OLD_DOWNLOAD = 'cp /srv/apt/stable/probe-lib.deb /var/cache/apt/archives/gone_1.0_all.deb';

/** Each parameter on an archive of its own, after everything that needs the distribution's. What is installed and how each file ends is compared by itself. */
export const aptMatrix: readonly Scenario[] = [
  {
    module: 'apt',
    setup: `${LOCAL_ARCHIVE}; ${sources('stable')}`,
    args: { name: 'probe', install_recommends: false, policy_rc_d: 101, fail_on_autoremove: true },
    changed: true,
    look: 'cat /etc/probe-policy',
    shows: '101',
  },
  { module: 'apt', args: { name: ['probe>=1.0', 'probe-lib'], lock_timeout: 5 }, changed: false },
  { module: 'apt', args: { name: 'probe-e*' }, changed: true },
  { module: 'apt', args: { name: 'probe-*', state: 'absent' }, changed: true },
  { module: 'apt', args: { name: 'probe', state: 'absent', purge: true }, changed: true },
  { module: 'apt', args: { name: 'probe', state: 'absent', purge: true }, changed: false },
  { module: 'apt', args: { name: 'probe', install_recommends: true }, changed: true },
  {
    module: 'apt',
    setup: sources('stable', 'next'),
    args: { name: 'probe', state: 'latest', default_release: 'stable' },
    changed: false,
  },
  {
    module: 'apt',
    args: { name: 'probe>=1.0', state: 'latest', default_release: 'stable' },
    changed: false,
  },
  {
    module: 'apt',
    args: { name: ['probe-build', 'probe-extra'], state: 'latest', only_upgrade: true },
    changed: true,
  },
  {
    module: 'apt',
    setup: MINE,
    args: { name: 'probe', state: 'latest', dpkg_options: 'force-confnew' },
    changed: true,
    look: CONFIGURED,
    shows: 'version 2.0',
  },
  {
    module: 'apt',
    setup: MINE,
    args: { name: 'probe=1.0', allow_downgrade: true },
    changed: true,
    look: CONFIGURED,
    shows: 'mine',
  },
  {
    module: 'apt',
    setup: `${OLD}; apt-mark hold probe`,
    args: { upgrade: 'safe' },
    changed: true,
    look: 'dpkg-query -W probe probe-extra',
    shows: 'probe\t1.0\nprobe-extra\t2.0',
  },
  {
    module: 'apt',
    args: { name: 'probe', state: 'latest', allow_change_held_packages: true },
    changed: true,
  },
  { module: 'apt', setup: OLD, args: { upgrade: 'full' }, changed: true },
  { module: 'apt', setup: OLD, args: { upgrade: true, autoremove: true }, changed: true },
  { module: 'apt', setup: OLD, args: { name: '*', state: 'latest' }, changed: true },
  { module: 'apt', args: { upgrade: 'dist', force_apt_get: true }, changed: false },
  {
    module: 'apt',
    args: {
      update_cache: true,
      cache_valid_time: 3600,
      update_cache_retries: 2,
      update_cache_retry_max_delay: 1,
    },
    changed: false,
  },
  { module: 'apt', args: { name: 'probe=1.0', force: true }, changed: true },
  { module: 'apt', setup: `${GET} remove probe`, args: { autoremove: true }, changed: true },
  {
    module: 'apt',
    setup: NEW,
    args: { name: 'probe', state: 'absent', autoremove: true, purge: true },
    changed: true,
  },
  {
    module: 'apt',
    setup: OLD_DOWNLOAD,
    args: { autoclean: true },
    changed: true,
    look: DOWNLOADS,
    shows: '0',
  },
  {
    module: 'apt',
    setup: OLD_DOWNLOAD,
    args: { clean: true },
    changed: true,
    unlikeAnsible: 'it counts as changed each time',
    look: DOWNLOADS,
    shows: '0',
  },
  {
    module: 'apt',
    args: { deb: '/srv/apt/next/probe.deb', install_recommends: false },
    changed: true,
  },
  {
    module: 'apt',
    args: { deb: '/srv/apt/stable/probe.deb', allow_downgrade: true },
    changed: true,
  },
  {
    module: 'apt',
    setup: `echo 'deb-src [trusted=yes] file:/srv/apt/stable ./' >>/etc/apt/sources.list; apt-get update -qq`,
    args: { name: 'probe', state: 'build-dep' },
    changed: true,
  },
  {
    module: 'apt',
    setup: `${GET} purge 'probe*'; echo 'deb [allow-insecure=yes] file:/srv/apt/next ./' >/etc/apt/sources.list; apt-get update -qq`,
    args: { name: 'probe-new', allow_unauthenticated: true },
    changed: true,
  },
];

import type { Scenario } from '../../support/scenarios/scenario.ts';

const SCRATCH = { path: '/mnt/scratch/a', src: 'tmpfs', fstype: 'tmpfs' };
const BIND = { path: '/mnt/bound', src: '/srv', fstype: 'none', opts: 'bind' };
const LOOK = 'grep /mnt /etc/fstab; grep " /mnt/" /proc/mounts | cut -d" " -f1-3';

export const storageScenarios: readonly Scenario[] = [
  {
    module: 'mount',
    args: { ...SCRATCH, state: 'present' },
    changed: true,
    look: LOOK,
    shows: 'tmpfs /mnt/scratch/a tmpfs defaults 0 0',
  },
  {
    module: 'mount',
    args: { ...SCRATCH, state: 'mounted' },
    changed: true,
    look: LOOK,
    shows: 'tmpfs /mnt/scratch/a tmpfs defaults 0 0\ntmpfs /mnt/scratch/a tmpfs',
  },
  {
    module: 'mount',
    args: { ...SCRATCH, opts: 'size=1m', state: 'mounted', backup: true },
    changed: true,
    look: 'grep " /mnt/" /proc/mounts | grep -o size=[0-9]*k; ls /etc/fstab.* | wc -l',
    shows: 'size=1024k\n1',
  },
  { module: 'mount', args: { ...SCRATCH, state: 'remounted' }, changed: true, actsAlways: true },
  {
    module: 'mount',
    args: { path: '/mnt/scratch/a', state: 'unmounted' },
    changed: true,
    look: LOOK,
    shows: 'tmpfs /mnt/scratch/a tmpfs size=1m 0 0',
  },
  {
    module: 'mount',
    args: { path: '/mnt/scratch/a', state: 'absent' },
    changed: true,
    look: `${LOOK}; ls -d /mnt/*`,
    shows: '/mnt/scratch',
  },
  {
    module: 'mount',
    args: { ...BIND, state: 'mounted' },
    changed: true,
    look: `${LOOK} | tail -n 1 | cut -d" " -f2`,
    shows: '/srv /mnt/bound none bind 0 0\n/mnt/bound',
  },
  { module: 'mount', args: { path: '/mnt/bound', state: 'absent' }, changed: true },
  {
    module: 'mount',
    args: { path: '/mnt/short', src: 'tmpfs', fstype: 'tmpfs', state: 'ephemeral' },
    changed: true,
    actsAlways: true,
    look: LOOK,
    shows: 'tmpfs /mnt/short tmpfs',
  },
  { module: 'mount', args: { path: '/mnt/short', state: 'unmounted' }, changed: true },
];

export const storageMatrix: readonly Scenario[] = [
  {
    module: 'mount',
    setup: 'cp /etc/fstab /etc/fstab.own',
    args: {
      ...SCRATCH,
      opts: 'nosuid',
      boot: false,
      dump: '1',
      passno: '2',
      fstab: '/etc/fstab.own',
      state: 'present',
    },
    changed: true,
    look: 'grep /mnt /etc/fstab.own',
    shows: 'tmpfs /mnt/scratch/a tmpfs nosuid,noauto 1 2',
  },
  {
    module: 'mount',
    args: { path: '/mnt/scratch/a', fstab: '/etc/fstab.own', state: 'absent' },
    changed: true,
  },
  {
    module: 'mount',
    args: {
      ...SCRATCH,
      opts: 'nosuid,username=ops',
      opts_no_log: true,
      fstab: '/etc/fstab.own',
      state: 'present',
    },
    changed: true,
    look: 'grep -c username=ops /etc/fstab.own',
    shows: '1',
    unlikeAnsible: 'it has the parameter in later versions',
  },
  {
    module: 'mount',
    args: {
      path: '/mnt/two words',
      src: 'tmpfs',
      fstype: 'tmpfs',
      opts: 'size=1m',
      state: 'mounted',
    },
    changed: true,
    look: 'grep two /etc/fstab',
    shows: 'tmpfs /mnt/two\\040words tmpfs size=1m 0 0',
  },
  { module: 'mount', args: { path: '/mnt/two words', state: 'absent_from_fstab' }, changed: true },
  { module: 'mount', args: { path: '/mnt/two words', state: 'unmounted' }, changed: true },
];

import { describe, expect, it } from 'vitest';
import { mountedFileSystems } from '../../../../src/modules/storage/fstab.ts';
import { type MountPoint, mount, planMount } from '../../../../src/modules/storage/mount.ts';
import type { MountParams } from '../../../../src/modules/storage/mountParams.ts';
import { paramsOf } from '../driver.ts';

type Args = Readonly<Record<string, unknown>>;

const ROOT = '# fstab\nUUID=1 / ext4 defaults 0 1\n';
const DATA = { path: '/srv/data', src: '/dev/sdb1', fstype: 'ext4', state: 'mounted' };
const LINE = '/dev/sdb1 /srv/data ext4 defaults 0 0\n';
const FREE: MountPoint = { exists: true, mounted: undefined };
const MISSING: MountPoint = { exists: false, mounted: undefined };
const MOUNTED: MountPoint = { exists: true, mounted: { path: '/srv/data', src: '/dev/sdb1' } };

function plan(args: Args, point: MountPoint, text: string | undefined) {
  const params = paramsOf(mount, { ...DATA, ...args }) as MountParams;
  const changes = planMount(params, point, { path: '/etc/fstab', text, encoding: 'utf8' });
  return changes.map(({ operation }) =>
    operation.type === 'write' ? operation.content.toString() : operation.type,
  );
}

describe('the plan of mount', () => {
  it.each<readonly [string, Args, MountPoint, string | undefined, readonly string[]]>([
    ['mounts', {}, MISSING, ROOT, [ROOT + LINE, 'make', 'mount']],
    ['makes fstab', {}, FREE, undefined, [LINE, 'mount']],
    ['leaves alone what is mounted', {}, MOUNTED, ROOT + LINE, []],
    ['mounts what is in fstab', {}, FREE, ROOT + LINE, ['mount']],
    [
      'knows a line with tabs and without numbers',
      {},
      MOUNTED,
      '/dev/sdb1\t/srv/data\text4 defaults\n',
      [],
    ],
    [
      'changes options',
      { opts: 'noatime' },
      MOUNTED,
      ROOT + LINE,
      [ROOT + LINE.replace('defaults', 'noatime'), 'remount'],
    ],
    ['only writes', { state: 'present' }, MISSING, ROOT, [ROOT + LINE]],
    [
      'does not mount at boot',
      { state: 'present', boot: false, opts: 'ro' },
      FREE,
      '',
      [LINE.replace('defaults', 'ro,noauto')],
    ],
    [
      'writes spaces',
      { state: 'present', path: '/a b' },
      FREE,
      '',
      ['/dev/sdb1 /a\\040b ext4 defaults 0 0\n'],
    ],
    [
      'knows swap by its device',
      { state: 'present', path: 'none', src: '/swap2', fstype: 'swap', opts: 'sw' },
      FREE,
      '/swap1 none swap sw 0 0\n',
      ['/swap1 none swap sw 0 0\n/swap2 none swap sw 0 0\n'],
    ],
    ['unmounts', { state: 'unmounted' }, MOUNTED, ROOT + LINE, ['unmount']],
    ['has nothing to unmount', { state: 'unmounted' }, FREE, ROOT + LINE, []],
    ['removes', { state: 'absent' }, MOUNTED, ROOT + LINE, [ROOT, 'unmount', 'remove']],
    ['leaves alone what fstab does not have', { state: 'absent' }, MOUNTED, ROOT, []],
    ['removes the line only', { state: 'absent_from_fstab' }, MOUNTED, ROOT + LINE, [ROOT]],
    ['remounts', { state: 'remounted' }, MOUNTED, ROOT, ['remount']],
    ['mounts without fstab', { state: 'ephemeral' }, MISSING, ROOT, ['make', 'mount']],
    ['remounts without fstab', { state: 'ephemeral' }, MOUNTED, ROOT, ['remount']],
  ])('%s', (_name, args, point, text, steps) => {
    expect(plan(args, point, text)).toEqual(steps);
  });

  it('does not mount over another file system', () => {
    expect(() => plan({ state: 'ephemeral', src: '/dev/sdc' }, MOUNTED, ROOT)).toThrow(
      '/dev/sdb1 is mounted on /srv/data already',
    );
  });

  it('needs a device to mount', () => {
    expect(() => paramsOf(mount, { path: '/x', state: 'mounted' })).toThrow(
      '"src" is needed with state=mounted',
    );
  });
});

it('mountinfo names devices and bound directories', () => {
  const text = `22 1 254:0 / / rw shared:1 - ext4 /dev/vda rw
30 22 254:0 /srv/my\\040data /mnt/bind rw shared:1 - ext4 /dev/vda rw
31 22 0:25 / /tmp rw - tmpfs tmpfs rw\n`;
  expect(mountedFileSystems(text)).toEqual([
    { path: '/', src: '/dev/vda' },
    { path: '/mnt/bind', src: '/srv/my data' },
    { path: '/tmp', src: 'tmpfs' },
  ]);
});

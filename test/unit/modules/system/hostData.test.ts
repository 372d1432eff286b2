import { describe, expect, it } from 'vitest';
import { entriesOf } from '../../../../src/modules/system/getent.ts';
import { servicesOf } from '../../../../src/modules/system/serviceFacts.ts';

describe('entries of getent', () => {
  it.each<readonly [string, string | RegExp, unknown]>([
    ['root:x:0:0::/root:/bin/sh\n', ':', { root: ['x', '0', '0', '', '/root', '/bin/sh'] }],
    ['127.0.0.1       localhost lo\n', /\s+/, { '127.0.0.1': ['localhost', 'lo'] }],
    ['::1 STREAM a\n::1 DGRAM\n::1 RAW\n', /\s+/, { '::1': [['STREAM', 'a'], ['DGRAM'], ['RAW']] }],
    ['', ':', {}],
  ])('%j', (output, split, entries) => {
    expect(entriesOf(output, split)).toEqual(entries);
  });
});

describe('services', () => {
  it('by systemd 252', () => {
    const output = [
      'units\ncron.service loaded active running Regular jobs\ngone.service not-found inactive dead gone.service\nbad.service loaded failed failed Bad one\n',
      'files\nbad.service enabled enabled\ncron.service enabled enabled\ngetty@.service enabled enabled\nidle.service static -\n',
      'states\nActiveState=failed\n\nActiveState=active\n\nActiveState=inactive\n',
    ].join('\0');
    const entry = (name: string, state: string, status: string) => ({
      name,
      state,
      status,
      source: 'systemd',
    });
    expect(Object.values(servicesOf(output))).toEqual([
      entry('cron.service', 'running', 'enabled'),
      entry('gone.service', 'stopped', 'not-found'),
      entry('bad.service', 'stopped', 'failed'),
      entry('getty@.service', 'unknown', 'enabled'),
      entry('idle.service', 'inactive', 'static'),
    ]);
  });

  it('by System V', () => {
    expect(servicesOf('sysv\n [ + ]  ssh\n [ - ]  x11\n\0')).toEqual({
      ssh: { name: 'ssh', state: 'running', source: 'sysv' },
      x11: { name: 'x11', state: 'stopped', source: 'sysv' },
    });
    expect(servicesOf('chkconfig\nnetwork running 0:off 1:off 2:on 3:on\n\0')).toEqual({
      network: { name: 'network', state: 'running', status: 'enabled', source: 'sysv' },
    });
  });

  it('by OpenRC', () => {
    expect(
      servicesOf(
        'openrc\n sshd started\n fsck stopped\n\0runlevels\n sshd |      default\n fsck |\n\0',
      ),
    ).toEqual({
      sshd: { name: 'sshd', runlevels: ['default'], state: 'started', source: 'openrc' },
      fsck: { name: 'fsck', runlevels: null, state: 'stopped', source: 'openrc' },
    });
  });
});

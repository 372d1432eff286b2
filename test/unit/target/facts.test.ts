import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { distribution } from '../../../src/target/facts/distribution.ts';
import { cmdline, dns } from '../../../src/target/facts/environment.ts';
import {
  type FactFamily,
  factsProbe,
  type PlainFacts,
  sectionsOf,
} from '../../../src/target/facts/family.ts';
import { local } from '../../../src/target/facts/local.ts';
import { python } from '../../../src/target/facts/machine.ts';
import { packageManager, serviceManager } from '../../../src/target/facts/managers.ts';
import { interfaceFacts } from '../../../src/target/facts/networkInterfaces.ts';
import { processor } from '../../../src/target/facts/processor.ts';
import { virtual } from '../../../src/target/facts/virtual.ts';
import { selectFamilies } from '../../../src/target/facts.ts';

/** Parses sections as the family's script would print them. */
function parse(family: FactFamily, sections: Readonly<Record<string, string>>): PlainFacts {
  const output = Object.entries(sections).map(([name, body]) => `\x1e${name}\n${body}\n`);
  return family.parse(sectionsOf(output.join('')));
}

describe('selectFamilies', () => {
  const names = (...subset: string[]): string[] => selectFamilies(subset).map(({ name }) => name);
  const minimal = names('!all');

  test('min is always there, unless it is taken away', () => {
    expect(names('min')).toEqual(minimal);
    expect(names('!hardware')).toEqual(minimal);
    expect(names('!all', '!min')).toEqual([]);
    expect(names('network')).toEqual([...minimal, 'network']);
    expect(names('all,!network')).not.toContain('network');
  });

  test('what is named stays, and brings what it needs', () => {
    expect(names('!all', '!min', 'pkg_mgr')).toEqual(['distribution', 'pkg_mgr']);
    expect(names('!all', '!min', 'os_family')).toEqual(['distribution']);
    expect(names('!all', '!min', 'mounts')).toEqual([
      'platform',
      'processor',
      'memory',
      'dmi',
      'devices',
      'mounts',
    ]);
  });

  test('an unknown name is refused, not where it is excluded', () => {
    expect(() => names('hardwear')).toThrow('there is no fact subset "hardwear"');
    expect(names('!hardwear')).toEqual(minimal);
  });
});

describe('factsProbe', () => {
  function ask(
    families: readonly FactFamily[],
    given: Readonly<Record<string, string>>,
    env: NodeJS.ProcessEnv = process.env,
  ) {
    const { script, args, parse } = factsProbe(families, given);
    const stdout = execFileSync('/bin/sh', ['-c', script, 'drover', ...args], { env });
    return parse({ rc: 0, stdout, stderr: Buffer.alloc(0) });
  }

  const told = (name: string, script: string): FactFamily => ({
    name,
    aliases: [],
    script,
    parse: (section) => ({ [name]: section('told') }),
  });

  test('asks all in one script, each with sections and an argument of its own', () => {
    const early = told('early', 'at told; echo "1 $#"; return; echo never');
    const other = told('other', 'set -- a b; at told; echo "2 $#"');
    const given = told('given', 'at told; echo "$1"');
    expect(ask([early, other, given, told('silent', ':')], { given: 'a "b"' })).toEqual({
      early: '1 0\n',
      other: '2 2\n',
      given: 'a "b"\n',
      silent: '',
    });
  });

  test('reads the files of all at once; one that is not there is empty', () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-facts-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'file');
    writeFileSync(file, 'a: b\n\xff last');
    const reader = (name: string, path: string): FactFamily => ({
      name,
      aliases: [],
      files: [path],
      parse: (section) => ({ [name]: section(path) }),
    });
    const families = [reader('one', file), reader('two', file), reader('none', `${file}.none`)];
    expect(ask(families, {})).toEqual({ one: 'a: b\n\xff last', two: 'a: b\n\xff last', none: '' });
  });

  test('files with NULs, files that are named late, folders, and a host whose grep has no -z', () => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-facts-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const [first, late, links] = [
      join(folder, 'environ'),
      join(folder, 'late'),
      join(folder, 'links'),
    ];
    writeFileSync(first, 'A=1\0B=x:y\nz\0');
    writeFileSync(late, 'one\n\ntwo \\ 2');
    mkdirSync(links);
    symlinkSync('../late', join(links, 'to'));
    const family: FactFamily = {
      name: 'all',
      aliases: [],
      files: [first, join(folder, 'none')],
      folders: [links, join(folder, 'none')],
      script: `also "${late}"`,
      parse: (section) => ({
        first: section(first).split('\0'),
        late: section(late),
        link: section(links).match(/(\S+ -> \S+)/)?.[1],
        none: section(join(folder, 'none')),
      }),
    };
    const wanted = {
      first: expect.arrayContaining(['A=1', 'B=x:y\nz']),
      late: expect.stringMatching(/^one\n\ntwo \\ 2\n?$/),
      link: 'to -> ../late',
      none: '',
    };
    expect(ask([family], {})).toEqual(wanted);
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    const called = join(folder, 'called');
    for (const name of ['busybox', 'grep']) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} >>${called}; exit 2\n`, {
        mode: 0o755,
      });
    }
    expect(ask([family], {}, { PATH: `${bin}:${process.env['PATH']}` })).toEqual(wanted);
    expect(readFileSync(called, 'utf8')).toBe('grep\n');
  });

  test('names the family whose answer makes no sense', () => {
    const broken: FactFamily = { ...told('broken', ':'), parse: () => JSON.parse('{') };
    expect(() => ask([told('sound', ':'), broken], {})).toThrow('the broken facts cannot be read');
  });
});

describe('distribution', () => {
  test.each<[string, Record<string, string>, Record<string, unknown>]>([
    [
      'Debian 12',
      {
        '/etc/os-release':
          'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian',
        '/etc/debian_version': '12.11',
      },
      {
        distribution: 'Debian',
        distribution_version: '12.11',
        distribution_major_version: '12',
        distribution_release: 'bookworm',
        os_family: 'Debian',
      },
    ],
    [
      'Ubuntu 22.04',
      {
        '/etc/os-release':
          'NAME="Ubuntu"\nVERSION_ID="22.04"\nVERSION_CODENAME=jammy\nID=ubuntu\nID_LIKE=debian',
        '/etc/debian_version': 'bookworm/sid',
      },
      {
        distribution: 'Ubuntu',
        distribution_version: '22.04',
        distribution_major_version: '22',
        distribution_release: 'jammy',
        os_family: 'Debian',
      },
    ],
    [
      'Rocky 9',
      {
        '/etc/os-release':
          'NAME="Rocky Linux"\nVERSION="9.3 (Blue Onyx)"\nID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"',
        '/etc/redhat-release': 'Rocky Linux release 9.3 (Blue Onyx)',
      },
      {
        distribution: 'Rocky',
        distribution_version: '9.3',
        distribution_major_version: '9',
        distribution_release: 'Blue Onyx',
        os_family: 'RedHat',
      },
    ],
    [
      'CentOS 7',
      {
        '/etc/os-release': 'NAME="CentOS Linux"\nVERSION="7 (Core)"\nID="centos"\nVERSION_ID="7"',
        '/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)',
      },
      {
        distribution: 'CentOS',
        distribution_version: '7.9',
        distribution_major_version: '7',
        distribution_release: 'Core',
        os_family: 'RedHat',
      },
    ],
    [
      'Alpine',
      { '/etc/os-release': 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.19.1' },
      {
        distribution: 'Alpine',
        distribution_version: '3.19.1',
        distribution_major_version: '3',
        distribution_release: 'NA',
        os_family: 'Alpine',
      },
    ],
    [
      'one that is like another',
      { '/etc/os-release': 'NAME="Own OS"\nID=own\nID_LIKE="debian"\nVERSION_ID=5' },
      {
        distribution: 'Own',
        distribution_version: '5',
        distribution_major_version: '5',
        distribution_release: 'NA',
        os_family: 'Debian',
      },
    ],
  ])('%s', (_, sections, expected) => {
    expect(parse(distribution, sections)).toMatchObject(expected);
  });
});

describe('managers', () => {
  test.each([
    ['systemd', { '/proc/1/comm': 'systemd' }, 'systemd'],
    ['another first process', { '/proc/1/comm': 'runit-init' }, 'runit'],
    [
      'init in front of systemd',
      { '/proc/1/comm': 'init', runs: 'systemd', has: 'systemctl\nsysvinit' },
      'systemd',
    ],
    [
      'a container with a shell as process 1',
      { '/proc/1/comm': 'bash', has: 'systemctl\nsysvinit' },
      'sysvinit',
    ],
    ['OpenRC', { '/proc/1/comm': 'init', has: 'openrc\nsysvinit' }, 'openrc'],
    ['nothing', { '/proc/1/comm': 'sh' }, 'service'],
  ])('services: %s', (_, sections, expected) => {
    expect(parse(serviceManager, sections)).toEqual({ service_mgr: expected });
  });

  test.each([
    ['Debian', 'debian', '', '/usr/bin/apt-get', 'apt'],
    [
      'Fedora with a guest apt',
      'fedora',
      '',
      '/usr/bin/yum\n/usr/bin/dnf-3\n/usr/bin/apt-get',
      'dnf',
    ],
    ['CentOS 7', 'centos', 'rhel fedora', '/usr/bin/yum', 'yum'],
    ['Alpine', 'alpine', '', '/sbin/apk', 'apk'],
    ['unknown', '', '', '', 'unknown'],
  ])('packages: %s', (_, id, like, found, expected) => {
    expect(
      parse(packageManager, { '/etc/os-release': `ID=${id}\nID_LIKE="${like}"`, found }),
    ).toEqual({ pkg_mgr: expected });
  });
});

describe('network interfaces', () => {
  /** Linux 6.1 /sys and iproute2 6.1 (Debian 12). */
  const SYS: Readonly<Record<string, string>> = {
    links: `interface /sys/class/net/br-web
port veth1
interface /sys/class/net/eth0
pciid virtio2
module virtio_net
interface /sys/class/net/lo
`,
    ...attributes('br-web', { mtu: '1500', operstate: 'up', type: '1', flags: '0x1003' }),
    ...attributes('br-web', {
      address: '02:42:ac:11:00:01',
      'bridge/bridge_id': '8000.0242ac110001',
    }),
    ...attributes('eth0', { mtu: '1400', operstate: 'up', type: '1', flags: '0x1103' }),
    ...attributes('eth0', { address: '02:fc:00:00:00:01', speed: '-1' }),
    ...attributes('lo', { mtu: '65536', operstate: 'unknown', type: '772', flags: '0x9' }),
    ...attributes('lo', { address: '00:00:00:00:00:00' }),
  };

  function attributes(device: string, values: Readonly<Record<string, string>>) {
    const entries = Object.entries(values);
    return Object.fromEntries(
      entries.map(([name, value]) => [`/sys/class/net/${device}/${name}`, `${value}\n`]),
    );
  }

  const ADDRESSES = `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever
2: eth0    inet 192.0.2.130/25 brd 192.0.2.255 scope global eth0\\       valid_lft forever preferred_lft forever
2: eth0    inet 198.51.100.7/32 scope global eth0\\       valid_lft forever preferred_lft forever
2: eth0    inet6 fe80::fc:ff:fe00:1/64 scope link \\       valid_lft forever preferred_lft forever
3: br-web    inet 172.17.0.1/16 brd 172.17.255.255 scope global br-web\\       valid_lft forever preferred_lft forever
`;

  test('as Ansible describes them', () => {
    const [bridge, eth0, lo] = interfaceFacts((name) => SYS[name] ?? '', ADDRESSES);
    expect(bridge).toMatchObject({
      device: 'br-web',
      type: 'bridge',
      interfaces: ['veth1'],
      id: '8000.0242ac110001',
      promisc: false,
    });
    expect(eth0).toEqual({
      device: 'eth0',
      macaddress: '02:fc:00:00:00:01',
      mtu: 1400,
      active: true,
      type: 'ether',
      promisc: true,
      speed: -1,
      pciid: 'virtio2',
      module: 'virtio_net',
      ipv4: {
        address: '192.0.2.130',
        broadcast: '192.0.2.255',
        netmask: '255.255.255.128',
        network: '192.0.2.128',
        prefix: '25',
      },
      ipv4_secondaries: [
        {
          address: '198.51.100.7',
          broadcast: '',
          netmask: '255.255.255.255',
          network: '198.51.100.7',
          prefix: '32',
        },
      ],
      ipv6: [{ address: 'fe80::fc:ff:fe00:1', prefix: '64', scope: 'link' }],
    });
    expect(lo).toMatchObject({
      type: 'loopback',
      ipv4: { address: '127.0.0.1', network: '127.0.0.0' },
    });
    expect(lo).not.toHaveProperty('macaddress');
  });
});

test('processor: two sockets with two cores and two threads each', () => {
  const cpu = (n: number): string =>
    `processor\t: ${n}\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon: E5\nphysical id\t: ${n % 2}\nsiblings\t: 4\ncpu cores\t: 2\n`;
  const cpuinfo = Array.from({ length: 8 }, (_, n) => cpu(n)).join('\n');
  const status = 'Cpus_allowed:\t0000,00009f\nCpus_allowed_list:\t0-4,7\n';
  expect(parse(processor, { '/proc/cpuinfo': cpuinfo, '/proc/self/status': status })).toMatchObject(
    {
      processor_count: 2,
      processor_cores: 2,
      processor_threads_per_core: 2,
      processor_vcpus: 8,
      processor_nproc: 6,
    },
  );
});

test('cmdline: words, values, and words that come twice', () => {
  expect(
    parse(cmdline, {
      '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz ro console=tty0 console=ttyS0 dyndbg="a b"',
    }),
  ).toEqual({
    cmdline: { BOOT_IMAGE: '/vmlinuz', ro: true, console: 'ttyS0', dyndbg: 'a b' },
    proc_cmdline: { BOOT_IMAGE: '/vmlinuz', ro: true, console: ['tty0', 'ttyS0'], dyndbg: 'a b' },
  });
});

test('dns: resolv.conf', () => {
  const resolv =
    '# generated\nsearch a.example b.example\nnameserver 192.0.2.1\nnameserver ::1\noptions ndots:2 rotate\n';
  expect(parse(dns, { '/etc/resolv.conf': resolv })).toEqual({
    dns: {
      nameservers: ['192.0.2.1', '::1'],
      search: ['a.example', 'b.example'],
      options: { ndots: '2', rotate: true },
    },
  });
});

test('local facts: JSON, INI, and neither', () => {
  const names = '/f/one.fact\n/f/two.fact\n/f/three.fact\n';
  expect(
    parse(local, {
      '/f/one.fact': '{"a": [1]}',
      '/f/two.fact': '[Web]\nPort = 80\nname: x',
      '/f/three.fact': 'what',
      names,
    }),
  ).toEqual({
    local: {
      one: { a: [1] },
      two: { Web: { port: '80', name: 'x' } },
      three: 'error loading facts from /f/three.fact: neither JSON nor INI',
    },
  });
});

test.each([
  ['Docker', { files: '/.dockerenv', '/sys/class/dmi/id/sys_vendor': 'QEMU' }, 'docker', 'guest'],
  ['Podman', { container: 'container=podman', files: '/run/.containerenv' }, 'podman', 'guest'],
  ['LXC with systemd', { '/run/systemd/container': 'lxc' }, 'lxc', 'guest'],
  ['LXC', { '/proc/1/cgroup': '1:name=systemd:/lxc/web' }, 'lxc', 'guest'],
  ['KVM', { '/sys/class/dmi/id/product_name': 'KVM' }, 'kvm', 'guest'],
  ['VMware', { '/sys/class/dmi/id/sys_vendor': 'VMware, Inc.' }, 'VMware', 'guest'],
  ['VirtualBox', { '/sys/class/dmi/id/product_name': 'VirtualBox' }, 'virtualbox', 'guest'],
  [
    'a host of virtual machines',
    { files: '/dev/kvm', '/sys/class/dmi/id/sys_vendor': 'Dell Inc.' },
    'kvm',
    'host',
  ],
  ['a plain machine', { '/sys/class/dmi/id/sys_vendor': 'Dell Inc.' }, 'NA', 'NA'],
])('virtualization: %s', (_, sections, type, role) => {
  expect(parse(virtual, sections)).toMatchObject({
    virtualization_type: type,
    virtualization_role: role,
  });
});

describe('python', () => {
  const versionOf = (sections: Readonly<Record<string, string>>) => {
    const { python_version, python: details } = parse(python, sections);
    return [python_version, details];
  };
  const details = (executable: string, minor: number, micro: number) => ({
    executable,
    type: 'cpython',
    has_sslcontext: true,
    version: { major: 3, minor, micro, releaselevel: 'final', serial: 0 },
    version_info: [3, minor, micro, 'final', 0],
  });

  test.each([
    [{ python: '/usr/bin/python3\nPython 3.9.18' }, '3.9.18', details('/usr/bin/python3', 9, 18)],
    [{ package: '/usr/bin/apt-cache\n3.11.2-1+b1' }, '3.11.2', details('/usr/bin/python3', 11, 2)],
    [{ package: '/sbin/apk\n3.12.8-r1' }, '3.12.8', details('/usr/bin/python3', 12, 8)],
    [{ package: '/usr/bin/apt-cache' }, undefined, undefined],
    [{ package: '' }, undefined, undefined],
    [{}, undefined, undefined],
  ])('%j', (sections, version, facts) => {
    expect(versionOf(sections)).toEqual([version, facts]);
  });
});

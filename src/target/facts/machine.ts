import { type FactFamily, firstLine, lines } from './family.ts';

export const chroot: FactFamily = {
  name: 'chroot',
  aliases: ['is_chroot'],
  // In a chroot `/` is another directory than the root of process 1.
  script: `
at roots; ls -id / /proc/1/root/. 2>/dev/null
at debian; [ -n "$debian_chroot" ] && echo yes`,
  parse(section) {
    const [own, first] = lines(section('roots')).map((line) => line.trim().split(/\s+/)[0]);
    const isDifferent = own !== undefined && first !== undefined && own !== first;
    return { is_chroot: isDifferent || firstLine(section('debian')) === 'yes' };
  },
};

export const loadavg: FactFamily = {
  name: 'loadavg',
  aliases: [],
  script: 'show loadavg /proc/loadavg',
  parse(section) {
    const [one, five, fifteen] = firstLine(section('loadavg')).split(' ').map(Number);
    return { loadavg: { '1m': one, '5m': five, '15m': fifteen } };
  },
};

/** Names under which the host is known to storage networks. */
export const storageNames: FactFamily = {
  name: 'iscsi',
  aliases: ['nvme', 'fibre_channel_wwn'],
  script: `
at iscsi; grep -s '^InitiatorName=' /etc/iscsi/initiatorname.iscsi
show nvme /etc/nvme/hostnqn
at fibre; for file in /sys/class/fc_host/*/port_name; do { read -r name <"$file"; } 2>/dev/null && echo "$name"; done`,
  parse: (section) => ({
    iscsi_iqn: firstLine(section('iscsi')).replace('InitiatorName=', ''),
    hostnqn: firstLine(section('nvme')),
    fibre_channel_wwn: lines(section('fibre')).map((name) => name.replace(/^0x/, '')),
  }),
};

/** Python is not needed; where it is, roles choose package names by its version. */
export const python: FactFamily = {
  name: 'python',
  aliases: [],
  isMinimal: true,
  script: `
for path in /usr/bin/python3 /usr/libexec/platform-python python3 /usr/bin/python python; do
  path=$(command -v "$path") || continue
  at python; echo "$path"; "$path" --version 2>&1
  break
done`,
  parse(section) {
    const [executable, version = ''] = lines(section('python'));
    const [, text, major, minor, micro] = version.match(/^Python ((\d+)\.(\d+)\.(\d+))/) ?? [];
    if (executable === undefined || text === undefined) return {};
    const numbers = { major: Number(major), minor: Number(minor), micro: Number(micro) };
    return {
      python_version: text,
      python: {
        executable,
        type: 'cpython',
        has_sslcontext: true,
        version: { ...numbers, releaselevel: 'final', serial: 0 },
        version_info: [...Object.values(numbers), 'final', 0],
      },
    };
  },
};

import { type FactFamily, firstLine, lines, type PlainFacts } from './family.ts';

export const chroot: FactFamily = {
  name: 'chroot',
  aliases: ['is_chroot'],
  // In a chroot `/` is another directory than the root of process 1.
  script: `
at roots; [ / -ef /proc/1/root/. ] 2>/dev/null || ls -id / /proc/1/root/. 2>/dev/null
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
  files: ['/proc/loadavg'],
  parse(section) {
    const [one, five, fifteen] = firstLine(section('/proc/loadavg')).split(' ').map(Number);
    return { loadavg: { '1m': one, '5m': five, '15m': fifteen } };
  },
};

/** Names under which the host is known to storage networks. */
export const storageNames: FactFamily = {
  name: 'iscsi',
  aliases: ['nvme', 'fibre_channel_wwn'],
  files: ['/etc/iscsi/initiatorname.iscsi', '/etc/nvme/hostnqn'],
  script: `at fibre; for file in /sys/class/fc_host/*/port_name; do { read -r name <"$file"; } 2>/dev/null && echo "$name"; done`,
  parse: (section) => ({
    iscsi_iqn:
      /^InitiatorName=(.*)$/m.exec(section('/etc/iscsi/initiatorname.iscsi'))?.[1]?.trim() ?? '',
    hostnqn: firstLine(section('/etc/nvme/hostnqn')),
    fibre_channel_wwn: lines(section('fibre')).map((name) => name.replace(/^0x/, '')),
  }),
};

/**
 * Python is not needed; but roles choose package names and paths by its version, and Ansible's hosts always have one. Where
 * it is missing, the facts are of the one that the host's packages would bring.
 */
export const python: FactFamily = {
  name: 'python',
  aliases: [],
  isMinimal: true,
  script: `
find_python() {
  for path in /usr/bin/python3 /usr/libexec/platform-python python3 /usr/bin/python python; do
    case $path in
    /*) [ -x "$path" ] || continue;;
    *) path=$(command -v "$path") || continue;;
    esac
    at python; echo "$path"; "$path" --version 2>&1
    return
  done
  return 1
}
find_python || {
  at package
  if command -v apt-cache; then apt-cache show --no-all-versions python3 | sed -n 's/^Version: //p'
  elif command -v apk; then apk search -x python3 | sed 's/^python3-//'; fi 2>/dev/null
}`,
  parse(section) {
    const [installed, version = ''] = lines(section('python'));
    const [tool, offered = ''] = lines(section('package'));
    if (installed !== undefined) return pythonFacts(installed, version.replace('Python ', ''));
    return tool === undefined ? {} : pythonFacts('/usr/bin/python3', offered);
  },
};

/** @param version `3.11.2`, maybe with what a distribution adds: `3.11.2-1+b1`. */
function pythonFacts(executable: string, version: string): PlainFacts {
  const [text, major, minor, micro] = /^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  if (text === undefined) return {};
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
}

import { type FactFamily, firstLine, lines } from './family.ts';
import { OS_RELEASE, osRelease } from './osRelease.ts';

/** Which program starts services and which installs packages. */
export const serviceManager: FactFamily = {
  name: 'service_mgr',
  aliases: [],
  isMinimal: true,
  requires: ['platform', 'distribution'],
  files: ['/proc/1/comm'],
  script: `
[ -d /run/systemd/system ] || [ -d /dev/.run/systemd ] || [ -d /dev/.systemd ] && at runs && echo systemd
at has
command -v systemctl >/dev/null 2>&1 && echo systemctl
[ -d /etc/init ] && command -v initctl >/dev/null 2>&1 && echo upstart
[ -e /sbin/openrc ] || [ -e /sbin/openrc-run ] && echo openrc
[ -d /etc/init.d ] && echo sysvinit`,
  parse(section) {
    const comm = firstLine(section('/proc/1/comm'));
    const isShell = comm === '' || comm === 'init' || comm.endsWith('sh');
    return {
      service_mgr: isShell
        ? managerBehindInit(section('runs'), section('has'))
        : (COMM[comm] ?? comm),
    };
  },
};

const COMM: Readonly<Record<string, string>> = {
  'runit-init': 'runit',
  svscan: 'svc',
  'openrc-init': 'openrc',
};

function managerBehindInit(runs: string, has: string): string {
  const found = lines(has);
  if (firstLine(runs) === 'systemd' && found.includes('systemctl')) return 'systemd';
  return ['upstart', 'openrc', 'sysvinit'].find((name) => found.includes(name)) ?? 'service';
}

/** Path → name; where several are installed, the family's own decides, else the later one in this list. */
const PACKAGE_MANAGERS: readonly (readonly [path: string, name: string])[] = [
  ['/usr/bin/rpm-ostree', 'atomic_container'],
  ['/usr/bin/yum', 'yum'],
  ['/usr/bin/dnf-3', 'dnf'],
  ['/usr/bin/dnf5', 'dnf5'],
  ['/usr/bin/apt-get', 'apt'],
  ['/usr/bin/zypper', 'zypper'],
  ['/usr/sbin/urpmi', 'urpmi'],
  ['/usr/bin/pacman', 'pacman'],
  ['/bin/opkg', 'opkg'],
  ['/sbin/apk', 'apk'],
  ['/usr/sbin/pkg', 'pkgng'],
  ['/usr/bin/swupd', 'swupd'],
  ['/usr/bin/emerge', 'portage'],
  ['/usr/bin/xbps-install', 'xbps'],
  ['/usr/bin/installp', 'installp'],
];

/** Paths whose package manager a system of that family really uses (`apt-get` may be a guest on Fedora). */
const FAMILY_MANAGERS: readonly (readonly [idLike: RegExp, names: readonly string[]])[] = [
  [/debian|ubuntu/, ['apt']],
  [/rhel|fedora|centos|amzn/, ['atomic_container', 'dnf5', 'dnf', 'yum']],
  [/suse/, ['zypper']],
  [/alpine/, ['apk']],
  [/arch/, ['pacman']],
];

export const packageManager: FactFamily = {
  name: 'pkg_mgr',
  aliases: [],
  isMinimal: true,
  requires: ['distribution'],
  files: OS_RELEASE,
  script: `at found; for path in ${PACKAGE_MANAGERS.map(([path]) => path).join(' ')}; do [ -x "$path" ] && echo "$path"; done`,
  parse(section) {
    const paths = lines(section('found'));
    const names = PACKAGE_MANAGERS.filter(([path]) => paths.includes(path)).map(([, name]) => name);
    const release = osRelease(section);
    const alike = `${release.get('ID')} ${release.get('ID_LIKE')}`;
    const own = FAMILY_MANAGERS.find(([like]) => like.test(alike))?.[1] ?? [];
    return { pkg_mgr: own.find((name) => names.includes(name)) ?? names.at(-1) ?? 'unknown' };
  },
};

import { type FactFamily, firstLine, type PlainFacts } from './family.ts';
import { OS_RELEASE, osRelease } from './osRelease.ts';

/** Which system this is, after `os-release` and the older files beside it. */
export const distribution: FactFamily = {
  name: 'distribution',
  aliases: [
    'distribution_version',
    'distribution_release',
    'distribution_major_version',
    'os_family',
  ],
  isMinimal: true,
  files: [...OS_RELEASE, '/etc/debian_version', '/etc/redhat-release'],
  script: `[ -r ${OS_RELEASE.join(' ] || [ -r ')} ] || { at system; uname -s; }`,
  parse(section) {
    const release = osRelease(section);
    const id = release.get('ID') ?? '';
    const known = IDS[id] ?? { name: titleCase(id), family: familyOf(release) };
    const name = known.name || firstLine(section('system'));
    const redHatRelease = section('/etc/redhat-release');
    const version = versionOf(id, release, section('/etc/debian_version'), redHatRelease);
    return {
      distribution: name,
      distribution_version: version,
      distribution_major_version: version.split('.', 1)[0],
      ...minorVersion(version),
      distribution_release: codename(id, release, redHatRelease),
      os_family: known.family || name,
      ...fileFacts(id),
    };
  },
};

interface Known {
  readonly name: string;
  readonly family: string;
  /** File in which the distribution is recognised, and the name of that recognition. */
  readonly file?: string;
  readonly variety?: string;
}

const redHat = (name: string): Known => ({
  name,
  family: 'RedHat',
  file: '/etc/redhat-release',
  variety: 'RedHat',
});
const debian = (name: string): Known => ({
  name,
  family: 'Debian',
  file: '/etc/os-release',
  variety: 'Debian',
});
const suse = (name: string): Known => ({
  name,
  family: 'Suse',
  file: '/etc/os-release',
  variety: 'SUSE',
});

/** `ID` of os-release → the names playbooks compare with (documented values of `ansible_distribution`). */
const IDS: Readonly<Record<string, Known>> = {
  debian: debian('Debian'),
  raspbian: debian('Debian'),
  ubuntu: debian('Ubuntu'),
  linuxmint: debian('Linux Mint'),
  kali: debian('Kali'),
  devuan: debian('Devuan'),
  parrot: debian('Parrot'),
  pop: debian('Pop!_OS'),
  deepin: debian('Deepin'),
  neon: debian('KDE neon'),
  rhel: redHat('RedHat'),
  centos: { ...redHat('CentOS'), variety: 'CentOS' },
  rocky: redHat('Rocky'),
  almalinux: redHat('AlmaLinux'),
  fedora: redHat('Fedora'),
  scientific: redHat('Scientific'),
  ol: {
    name: 'OracleLinux',
    family: 'RedHat',
    file: '/etc/oracle-release',
    variety: 'OracleLinux',
  },
  amzn: { name: 'Amazon', family: 'RedHat', file: '/etc/os-release', variety: 'Amazon' },
  openEuler: redHat('openEuler'),
  kylin: redHat('Kylin Linux Advanced Server'),
  sles: suse('SLES'),
  sled: suse('SLED'),
  sles_sap: suse('SLES_SAP'),
  opensuse: suse('openSUSE'),
  'opensuse-leap': suse('openSUSE Leap'),
  'opensuse-tumbleweed': suse('openSUSE Tumbleweed'),
  'opensuse-microos': suse('openSUSE MicroOS'),
  alpine: { name: 'Alpine', family: 'Alpine', file: '/etc/alpine-release', variety: 'Alpine' },
  arch: { name: 'Archlinux', family: 'Archlinux', file: '/etc/arch-release', variety: 'Archlinux' },
  archarm: {
    name: 'Archlinux',
    family: 'Archlinux',
    file: '/etc/arch-release',
    variety: 'Archlinux',
  },
  manjaro: { name: 'Manjaro', family: 'Archlinux' },
  gentoo: { name: 'Gentoo', family: 'Gentoo' },
  slackware: { name: 'Slackware', family: 'Slackware' },
  void: { name: 'Void', family: 'Void' },
  nixos: { name: 'NixOS', family: 'NixOS' },
  'clear-linux-os': { name: 'ClearLinux', family: 'ClearLinux' },
  flatcar: { name: 'Flatcar', family: 'Flatcar' },
};

/** What an unknown system says it is like. */
function familyOf(release: ReadonlyMap<string, string>): string {
  const alike = (release.get('ID_LIKE') ?? '').split(/\s+/);
  const known = alike.map((id) => IDS[id]).find((found) => found !== undefined);
  return known?.family ?? '';
}

function versionOf(
  id: string,
  release: ReadonlyMap<string, string>,
  debianVersion: string,
  redHatRelease: string,
): string {
  const version = release.get('VERSION_ID') ?? '';
  // Debian's and CentOS's os-release name the major version only; the older files have the point release.
  const point = firstLine(debianVersion);
  if ((id === 'debian' || id === 'raspbian') && /^\d+(\.\d+)*$/.test(point)) return point;
  const redHatPoint = redHatRelease.match(/release (\d+(?:\.\d+)*)/)?.[1];
  if (id === 'centos' && redHatPoint !== undefined)
    return redHatPoint.split('.').slice(0, 2).join('.');
  return version || (id === 'arch' ? 'rolling' : id === 'debian' ? point.replace('/', '_') : 'NA');
}

/** Ansible gives a minor version only where the version has one. */
function minorVersion(version: string): PlainFacts {
  const [, minor] = version.split('.');
  return minor === undefined ? {} : { distribution_minor_version: minor };
}

function codename(id: string, release: ReadonlyMap<string, string>, redHatRelease: string): string {
  const named = release.get('VERSION_CODENAME') ?? release.get('UBUNTU_CODENAME');
  if (named) return named;
  const inBrackets = redHatRelease.match(/\(([^)]*)\)/)?.[1];
  if (inBrackets !== undefined && IDS[id]?.family === 'RedHat') return inBrackets;
  return release.get('VERSION')?.match(/\(([^)]+)\)/)?.[1] ?? 'NA';
}

function fileFacts(id: string): PlainFacts {
  const { file, variety } = IDS[id] ?? {};
  if (file === undefined) return {};
  return {
    distribution_file_path: file,
    distribution_file_variety: variety,
    distribution_file_parsed: true,
  };
}

function titleCase(id: string): string {
  return id === '' ? '' : `${id.charAt(0).toUpperCase()}${id.slice(1)}`;
}

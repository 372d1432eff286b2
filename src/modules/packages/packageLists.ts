/** The installed packages as each package manager lists them. */
import { script } from '../script.ts';
import { linesOf } from '../scriptOutput.ts';
import { aptOrigins } from './apt/aptOrigins.ts';

export const MANAGERS = ['rpm', 'apt', 'apk', 'pacman', 'pkg_info'] as const;
export type Manager = (typeof MANAGERS)[number];

/** Installed versions by name. */
export type InstalledPackages = ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>;

/** `first|all MANAGER…`: a section for each manager that the host has. */
export const LIST_SCRIPT = script`
export LC_ALL=C
strategy=$1
shift
section() { printf '\n\036%s\n' "$1"; }
list() {
  case $1 in
    rpm) rpm -qa --queryformat '%{NAME}\t%{VERSION}\t%{RELEASE}\t%{EPOCH}\t%{ARCH}\n' 2>/dev/null ;;
    apt) dpkg-query -W -f '\${db:Status-Status}\t\${Package}\t\${Version}\t\${Architecture}\t\${Section}\n' | sed -n 's/^installed\t//p' ;;
    apk) apk info -v 2>/dev/null ;;
    pacman) pacman -Q 2>/dev/null ;;
    pkg_info) pkg_info -a 2>/dev/null ;;
  esac
}
has() { case $1 in apt) command -v dpkg-query >/dev/null ;; *) command -v "$1" >/dev/null ;; esac; }
for manager; do
  has "$manager" || continue
  found=$(list "$manager")
  [ -n "$found" ] || continue
  section "$manager"; printf '%s\n' "$found"
  if [ "$manager" = apt ] && command -v apt-cache >/dev/null; then
    section origins; apt-cache policy 2>/dev/null
    section policy; printf '%s\n' "$found" | cut -f 1,3 | tr '\t' ':' | xargs apt-cache policy 2>/dev/null
  fi
  [ "$strategy" = all ] || break
done
exit 0
`;

/** @param sections of `LIST_SCRIPT`'s output. */
export function packagesOf(
  manager: Manager,
  sections: ReadonlyMap<string, string>,
): InstalledPackages {
  const read = manager === 'apt' ? aptReader(sections) : READERS[manager];
  const entries = linesOf(sections.get(manager))
    .map(read)
    .filter(({ name }) => name !== '');
  const byName = new Map<string, Readonly<Record<string, unknown>>[]>();
  for (const entry of entries) byName.set(entry.name, [...(byName.get(entry.name) ?? []), entry]);
  return byName;
}

type Entry = Readonly<Record<string, unknown>> & { readonly name: string };

const READERS = {
  rpm: rpmEntry,
  apk: (line: string): Entry => ({ ...nameVersionRelease(line), source: 'apk' }),
  pacman(line: string): Entry {
    const [name = '', version = ''] = line.split(' ');
    return { name, version, source: 'pacman' };
  },
  pkg_info(line: string): Entry {
    const [full = ''] = line.split(/\s/);
    const [, name = full, version = ''] = /^(.+)-(\d[^-]*(?:-.*)?)$/.exec(full) ?? [];
    return { name, version, source: 'pkg_info' };
  },
};

function aptReader(sections: ReadonlyMap<string, string>): (line: string) => Entry {
  const origins = aptOrigins(sections.get('origins') ?? '', sections.get('policy') ?? '');
  return (line) => {
    const [name = '', version = '', arch = '', category = ''] = line.split('\t');
    const origin = origins.get(name) ?? origins.get(`${name}:${arch}`) ?? '';
    return { name, version, arch, category, origin, source: 'apt' };
  };
}

function rpmEntry(line: string): Entry {
  const [name = '', version = '', release = '', epoch = '', arch = ''] = line.split('\t');
  const orNull = (text: string) => (text === '(none)' ? null : text);
  const number = orNull(epoch) === null ? null : Number(epoch);
  return { name, version, release, epoch: number, arch: orNull(arch), source: 'rpm' };
}

/** `busybox-1.36.1-r5`. */
function nameVersionRelease(text: string) {
  const [, name = text, version = '', release = ''] = /^(.+)-([^-]+)-([^-]+)$/.exec(text) ?? [];
  return { name, version, release };
}

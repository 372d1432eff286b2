/**
 * What a Debian host is made of, and what changed in it since the last look: every file outside the caches with kind, mode,
 * owner, target and content; packages, active units, mounts, packet filters and the name. A look costs one `find` by ctime.
 */

/** Where the scripts keep their files on the host; no look goes there. */
export const STATE_FOLDER = '/run/scenarios';

export interface Alteration {
  /** A path, or e.g. `package tree`. */
  readonly what: string;
  /** One line; undefined for what was not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Read line by line: what packages added to them is not the same on every host. */
const ACCOUNT_FILES = ['/etc/passwd', '/etc/group', '/etc/shadow', '/etc/gshadow'];

/** Caches, logs, what packages bring, and what tools note about their own work: packages are read as a list instead. */
const VOLATILE = [
  ...['/proc', '/sys', '/dev', '/run', '/tmp', '/var/tmp', '/var/cache', '/var/log', '/var/lib'],
  ...['/usr/share', '/usr/lib', '/etc/ld.so.cache', '/root/.ansible', '/root/.ssh/known_hosts'],
  ...['/home/deploy/.ansible', '/var/spool/cron/crontabs'],
  ...ACCOUNT_FILES.flatMap((path) => [path, `${path}-`]),
];

/** Units that come and go by themselves. */
const TRANSIENT = '^(user|session|systemd|polkit|apt-daily|dpkg-db|e2scrub|run-|fleet)';

/**
 * `look` prints what was touched since the last time, `look all` everything: `F` entries, `H` hashes, `C` names in touched
 * directories, `S` the rest of the state, always whole. Fields are apart by tabs.
 */
export const LOOK = `look() {
  cd ${STATE_FOLDER}; touch looking
  [ "\${1-}" = all ] && touch -d @0 looked
  find / -xdev \\( ${VOLATILE.map((path) => `-path ${path}`).join(' -o ')} \\) -prune -o -cnewer looked -printf 'F\\t%p\\t%y %m %u:%g %l\\n' >touched
  mv looking looked
  cat touched
  sed -n 's/^F\\t\\(.*\\)\\tf .*/\\1/p' touched | xargs -r -d '\\n' sha1sum | sed 's/^/H\\t/; s/  /\\t/'
  sed -n 's/^F\\t\\(.*\\)\\td .*/\\1/p' touched | tr '\\n' '\\0' >folders
  [ -s folders ] && find -files0-from folders -mindepth 1 -maxdepth 1 -printf 'C\\t%h\\t%f\\n'
  printf 'S\\tname of the host\\t%s\\n' "$(uname -n)"
  for file in ${ACCOUNT_FILES.join(' ')}; do sed "s|^|S\\taccount \${file##*/} |; s/:/\\t/" $file; done
  dpkg-query -W -f 'S\\tpackage \${Package}\\t\${db:Status-Abbrev}\${Version}\\n'
  systemctl list-units --state=active --plain --no-legend --type=service,timer,socket,path |
    awk '$1 !~ /${TRANSIENT}/ { print "S\\tunit " $1 "\\t" $3 }'
  awk '$2 ~ "^/(mnt|srv|etc|opt|home)" { print "S\\tmount " $2 "\\t" $1 " " $3 }' /proc/mounts
  { iptables-save; ip6tables-save; } 2>/dev/null | sed -n 's/ \\[.*//; /^[:-]/s/.*/S\\trule &\\tset/p' | sort -u
}`;

export class HostState {
  readonly #entries = new Map<string, string>();

  /** Takes in what `look` printed. @returns what is other than before, in order. */
  take(text: string): readonly Alteration[] {
    const seen = parsed(text);
    const before = new Map(this.#entries);
    for (const gone of this.#vanished(seen)) this.#entries.delete(gone);
    for (const [what, state] of seen.states) this.#entries.set(what, state);
    const names = [...new Set([...before.keys(), ...this.#entries.keys()])].sort();
    return names
      .map((what) => ({ what, before: before.get(what), after: this.#entries.get(what) }))
      .filter((each) => each.before !== each.after);
  }

  /** Entries of touched directories, and of the whole of the rest, that are listed no more. */
  #vanished({ states, children }: Seen): string[] {
    return [...this.#entries.keys()].filter((what) => {
      if (states.has(what)) return false;
      if (!what.startsWith('/')) return true;
      return isGone(what, children);
    });
  }
}

/** Whether some directory above was touched and has it no more. */
function isGone(path: string, children: Seen['children']): boolean {
  const end = path.lastIndexOf('/');
  const folder = path.slice(0, end) || '/';
  const names = children.get(folder);
  if (names !== undefined && !names.has(path.slice(end + 1))) return true;
  return folder !== '/' && isGone(folder, children);
}

interface Seen {
  readonly states: ReadonlyMap<string, string>;
  /** Names in the directories that were touched. */
  readonly children: ReadonlyMap<string, ReadonlySet<string>>;
}

function parsed(text: string): Seen {
  const states = new Map<string, string>();
  const children = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [kind, first = '', second = ''] = line.trimEnd().split('\t');
    if (kind === 'H') states.set(second, `${states.get(second) ?? ''} ${first}`);
    if (kind === 'F' || kind === 'S') states.set(first, second.trimEnd());
    if (kind === 'F' && second.startsWith('d'))
      children.set(first, children.get(first) ?? new Set());
    if (kind === 'C') children.get(first === '' ? '/' : first)?.add(second);
  }
  return { states, children };
}

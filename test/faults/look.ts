/** What is on a host, seen from outside of it: files, and what its ssh server's sessions still run. */
import { docker, lines } from '../fleet/command.ts';
import type { FleetHost } from '../fleet/fleet.ts';

/** Runs a script as root in the host. */
export const onHost = (
  { container }: Pick<FleetHost, 'container'>,
  script: string,
): Promise<string> => docker(['exec', '-i', container, 'sh', '-s'], { input: script });

/** Path → type, mode, owner, and a checksum or a link's target, as one text to compare. */
export type Files = ReadonlyMap<string, string>;

/** Everything that the playbook may write to. */
const ROOTS = '/srv /etc /tmp /var/tmp /root /home /usr/local';

/**
 * What changes by itself, or holds when something was done: caches, backups and databases of the system's own tools, jobs,
 * and what the playbook's own commands leave.
 */
const VOLATILE = [
  /^\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-?$/,
  /^\/etc\/(\.pwd\.lock|ld\.so\.cache|hosts|resolv\.conf|mtab|\.updated)$/,
  /^\/(root|home\/\w+)\/\.ansible_async(\/j[\d.]+(\.job(\/\w+)?)?)?$/,
  /^\/srv\/app\/data\/(history|(schema|job|later)\.new)$/,
  /^\/(var\/)?tmp\/systemd-private-/,
  /^\/tmp\/\.\w+-unix$/,
  /^\/(srv|etc|etc\/systemd\/system|etc\/systemd\/system\/multi-user\.target\.wants|tmp|var\/tmp|root|home)$/,
];

export async function filesOf(host: FleetHost): Promise<Files> {
  const script = `find ${ROOTS} -xdev -printf '%p\\t%y %m %u:%g %l\\n' 2>/dev/null
echo --
find ${ROOTS} -xdev -type f -exec sha256sum {} + 2>/dev/null
:`;
  const [entries = '', sums = ''] = (await onHost(host, script)).split('--\n');
  const checksums = new Map(lines(sums).map((line) => [line.slice(66), line.slice(0, 64)]));
  const files = lines(entries).map((line): [string, string] => {
    const [path = '', attributes = ''] = line.split('\t');
    return [path, `${attributes}${checksums.get(path) ?? ''}`];
  });
  return new Map(files.filter(([path]) => !VOLATILE.some((pattern) => pattern.test(path))));
}

/** Unfinished files with a secret that anybody but their owner may read. */
export async function exposedFiles(host: FleetHost): Promise<string[]> {
  const script = `find ${ROOTS} -xdev -name '.drover-*' -perm /077 -exec grep -l s3cret {} + 2>/dev/null; :`;
  return lines(await onHost(host, script));
}

/**
 * Processes that sessions left: whatever their parents, they stay in the control group of the ssh server. Command lines, one a
 * process; the server itself and jobs are not among them.
 */
const PROCESSES = String.raw`
for cgroup in /proc/[0-9]*/cgroup; do
  grep -q 'ssh\.service' "$cgroup" 2>/dev/null || continue
  pid=\${cgroup#/proc/}; pid=\${pid%/cgroup}
  command=$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)
  case $command in '' | *'[listener]'*) ;; *) echo "$pid $command" ;; esac
done; :`.replaceAll('\\$', '$');

export async function processesOf(host: FleetHost): Promise<string[]> {
  return lines(await onHost(host, PROCESSES));
}

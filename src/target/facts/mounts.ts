import { type FactFamily, HARDWARE, lines } from './family.ts';

/** Mounted file systems with a device or a server behind them, and their sizes. */
export const mounts: FactFamily = {
  name: 'mounts',
  aliases: HARDWARE,
  requires: ['platform'],
  // A dead file server must not hold the facts up: `stat` gets ten seconds where `timeout` exists.
  script: `
show mounts /proc/mounts
show mountinfo /proc/self/mountinfo
at uuids; ls -l /dev/disk/by-uuid 2>/dev/null
limit=; command -v timeout >/dev/null 2>&1 && limit='timeout 10'
at sizes
while read -r device mount rest; do
  case $device in
  /* | *:/*) printf '%s ' "$mount"; $limit stat -f -c '%S %s %b %a %c %d' -- "$(printf %b "$mount")" 2>/dev/null || echo;;
  esac
done </proc/mounts`,
  parse(section) {
    const bound = boundMounts(section('mountinfo'));
    const uuids = uuidsByDevice(section('uuids'));
    const sizes = new Map(
      lines(section('sizes')).map((line) => {
        const [mount = '', ...numbers] = line.trim().split(' ');
        return [mount, numbers.map(Number)] as const;
      }),
    );
    return {
      mounts: mountsOf(section('mounts')).map(({ device, mount, fstype, options }) => ({
        mount: unescaped(mount),
        device: unescaped(device),
        fstype,
        options: bound.has(mount) ? `${options},bind` : options,
        ...sizeFacts(sizes.get(mount)),
        uuid: uuids.get(device) ?? 'N/A',
      })),
    };
  },
};

interface Mount {
  readonly device: string;
  readonly mount: string;
  readonly fstype: string;
  readonly options: string;
}

function mountsOf(text: string): Mount[] {
  return lines(text).flatMap((line) => {
    const [device = '', mount = '', fstype = '', options = ''] = line.split(' ');
    const isReal = (device.startsWith('/') || device.includes(':/')) && fstype !== 'none';
    return isReal ? [{ device, mount, fstype, options }] : [];
  });
}

/** Mount points that show a part of a file system: their root there is not `/` (proc_pid_mountinfo(5)). */
function boundMounts(mountinfo: string): Set<string> {
  return new Set(
    lines(mountinfo).flatMap((line) => {
      const [, , , root, mount = ''] = line.split(' ');
      return root === '/' ? [] : [mount];
    }),
  );
}

function uuidsByDevice(listing: string): Map<string, string> {
  return new Map(
    [...listing.matchAll(/ (\S+) -> \.\.\/\.\.\/(\S+)$/gm)].map(([, uuid = '', device]) => [
      `/dev/${device}`,
      uuid,
    ]),
  );
}

function sizeFacts(numbers: readonly number[] | undefined): object {
  const [fragment, block, total, available, inodes, inodesFree] = numbers ?? [];
  if (fragment === undefined || block === undefined || total === undefined) return {};
  if (available === undefined || inodes === undefined || inodesFree === undefined) return {};
  return {
    size_total: fragment * total,
    size_available: fragment * available,
    block_size: block,
    block_total: total,
    block_available: available,
    block_used: total - available,
    inode_total: inodes,
    inode_available: inodesFree,
    inode_used: inodes - inodesFree,
  };
}

/** `\040` and the like, as the kernel writes blanks in names. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

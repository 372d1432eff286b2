import { type FactFamily, HARDWARE, lines } from './family.ts';

/** Mounted file systems with a device or a server behind them, and their sizes. */
export const mounts: FactFamily = {
  name: 'mounts',
  aliases: HARDWARE,
  requires: ['platform'],
  // A dead file server must not hold the facts up: what may be one gets ten seconds where `timeout` exists. The others are asked at once.
  files: ['/proc/mounts', '/proc/self/mountinfo'],
  folders: ['/dev/disk/by-uuid'],
  script: `
limit=; command -v timeout >/dev/null 2>&1 && limit='timeout 10'
at sizes
size='%S %s %b %a %c %d'
set --
while read -r device mount type rest; do
  case $device in /* | *:/*) ;; *) continue;; esac
  case $type:$mount in
  *:*\\\\*) ;;
  ext[234]:* | xfs:* | btrfs:* | f2fs:* | vfat:* | iso9660:* | squashfs:*) set -- "$@" "$mount"; continue;;
  esac
  printf '%s ' "$mount"; $limit stat -f -c "$size" -- "$(printf %b "$mount")" 2>/dev/null || echo
done </proc/mounts
[ $# -eq 0 ] || stat -f -c "%n $size" -- "$@" 2>/dev/null`,
  parse(section) {
    const bound = boundMounts(section('/proc/self/mountinfo'));
    const uuids = uuidsByDevice(section('/dev/disk/by-uuid'));
    const sizes = new Map(
      lines(section('sizes')).map((line) => {
        const [mount = '', ...numbers] = line.trim().split(' ');
        return [mount, numbers.map(Number)] as const;
      }),
    );
    return {
      mounts: mountsOf(section('/proc/mounts')).map(({ device, mount, fstype, options }) => ({
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

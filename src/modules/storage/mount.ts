/** `mount`: file systems in fstab, and mounted. */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import {
  applyText,
  type KeptText,
  keptText,
  type TextOperation,
  textChanges,
} from '../files/keptText.ts';
import { defineResource } from '../module.ts';
import { script } from '../script.ts';
import { type Mounted, mountedFileSystems, withEntry, withoutEntry } from './fstab.ts';
import { bootWarning, MountParams, wantedEntry } from './mountParams.ts';

export interface MountPoint {
  readonly exists: boolean;
  /** What is mounted there; undefined when nothing is. */
  readonly mounted: Mounted | undefined;
}

type Step = 'make' | 'mount' | 'remount' | 'unmount' | 'remove';
type MountOperation = TextOperation | { readonly type: Step };
type MountChange = Change<MountOperation>;

const OBSERVE = script`
if [ -e "$1" ]; then echo exists; else echo missing; fi
cat /proc/self/mountinfo`;

/** `PATH FSTAB FSTYPE SRC OPTIONS STEP…`; without FSTAB the file system is one that is not in a file. */
const APPLY = script`
export LC_ALL=C PATH="$PATH:/sbin:/usr/sbin"
path=$1 fstab=$2 fstype=$3 src=$4 options=$5
shift 5
call_mount() {
  if [ -z "$fstab" ]; then set -- -t "$fstype" "$@" -- "$src"
  elif [ "$fstab" != /etc/fstab ]; then set -- -T "$fstab" "$@" --
  else set -- "$@" --; fi
  mount "$@" "$path"
}
remount() {
  if [ -n "$options" ]; then call_mount -o "remount,$options"; return; fi
  call_mount -o remount 2>/dev/null || { umount -- "$path" && call_mount; }
}
first_missing() {
  case $1 in / | . | '') return ;; esac
  if [ ! -e "$(dirname -- "$1")" ]; then first_missing "$(dirname -- "$1")"; else printf '%s' "$1"; fi
}
made=
for step; do
  case $step in
    make) made=$(first_missing "$path"); mkdir -p -- "$path" ;;
    mount) if [ -z "$fstab" ] && [ -n "$options" ]; then call_mount -o "$options"; else call_mount; fi ;;
    remount) remount ;;
    unmount) umount -- "$path" ;;
    remove) [ ! -e "$path" ] || rmdir -- "$path" ;;
  esac && continue
  rc=$?
  if [ -n "$made" ]; then
    last=$path
    while rmdir -- "$last" 2>/dev/null && [ "$last" != "$made" ]; do last=$(dirname -- "$last"); done
  fi
  exit "$rc"
done`;

export const mount = defineResource({
  name: 'mount',
  collection: 'ansible.posix',
  aliases: ['ansible.builtin.mount'],
  summary: 'Mount file systems, and keep them in fstab',
  params: MountParams,
  examples: [
    '- mount: { path: /srv/data, src: LABEL=DATA, fstype: ext4, opts: noatime, state: mounted }',
    '- mount: { path: none, src: /swapfile, fstype: swap, opts: sw, state: present }',
    '- mount: { path: /mnt/old, state: absent }',
  ],
  returns: {
    name: 'The mount point.',
    src: 'The device.',
    fstype: 'Kind of file system.',
    opts: 'Options.',
    dump: 'Field for dump(8).',
    passno: 'Order of checks.',
    fstab: 'The file.',
    boot: 'Whether it is mounted at boot.',
    backup_file: 'The old fstab, with `backup`.',
  },
  prepare(params, controller): MountParams {
    if (params.opts_no_log && params.opts !== undefined) controller.addSecret(params.opts);
    const warning = bootWarning(params);
    if (warning !== undefined) controller.warn(warning);
    return params;
  },
  observe: ({ path, fstab }) => ({ point: mountPoint(path), fstab: keptText(fstab) }),
  plan: (params, { point, fstab }) => planMount(params, point, fstab),
  apply: (changes, target, params) => applyMount(changes, target, params),
  result(params, _state, changes) {
    const { opts, dump, passno } = wantedEntry(params);
    const { path: name, src, fstype, fstab, boot } = params;
    const given = {
      ...(src === undefined ? {} : { src }),
      ...(fstype === undefined ? {} : { fstype }),
    };
    return {
      name,
      ...given,
      opts,
      dump,
      passno,
      fstab,
      boot: boot ? 'yes' : 'no',
      ...(changes.length === 0 ? { backup_file: '' } : {}),
    };
  },
});

function mountPoint(path: string): Probe<MountPoint> {
  return {
    script: OBSERVE,
    args: [path],
    parse({ stdout }) {
      const [exists, ...lines] = stdout.toString().split('\n');
      const normal = path.replace(/(.)\/+$/, '$1');
      const mounted = mountedFileSystems(lines.join('\n')).findLast((each) => each.path === normal);
      return { exists: exists === 'exists', mounted };
    },
  };
}

export function planMount(
  params: MountParams,
  point: MountPoint,
  fstab: KeptText,
): readonly MountChange[] {
  const { state } = params;
  switch (state) {
    case 'present':
      return fstabChanges(params, fstab, true);
    case 'absent_from_fstab':
      return fstabChanges(params, fstab, false);
    case 'absent':
      return absentChanges(params, point, fstab);
    case 'unmounted':
      return point.mounted === undefined ? [] : [unmounting(params, point.mounted)];
    case 'remounted':
      return [remounting(params)];
    case 'mounted': {
      const written = fstabChanges(params, fstab, true);
      if (point.mounted === undefined) return [...written, ...mounting(params, point)];
      return written.length === 0 ? [] : [...written, remounting(params)];
    }
    case 'ephemeral':
      return ephemeralChanges(params, point);
    default:
      return state satisfies never;
  }
}

function fstabChanges(params: MountParams, fstab: KeptText, isWanted: boolean): MountChange[] {
  const { path: name, src, backup } = params;
  const before = fstab.text ?? '';
  const after = isWanted
    ? withEntry(before, wantedEntry(params))
    : withoutEntry(before, { name, src });
  return after === before ? [] : textChanges(fstab, after, { backup });
}

/** What fstab does not have is left alone, mounted or not. */
function absentChanges(params: MountParams, point: MountPoint, fstab: KeptText): MountChange[] {
  const written = fstabChanges(params, fstab, false);
  if (written.length === 0) return [];
  const { path: what } = params;
  const unmounted = point.mounted === undefined ? [] : [unmounting(params, point.mounted)];
  const removed: MountChange[] = point.exists
    ? [{ what, before: 'directory', after: 'absent', operation: { type: 'remove' } }]
    : [];
  return [...written, ...unmounted, ...removed];
}

function ephemeralChanges(params: MountParams, point: MountPoint): MountChange[] {
  const { mounted } = point;
  if (mounted === undefined) return mounting(params, point);
  if (mounted.src === params.src) return [remounting(params)];
  throw new ModuleError(`${mounted.src} is mounted on ${params.path} already`, {
    hint: 'set "state: unmounted" first, or take another path',
  });
}

function mounting({ path, src, fstype }: MountParams, { exists }: MountPoint): MountChange[] {
  const made: MountChange[] = exists
    ? []
    : [{ what: path, before: 'absent', after: 'directory', operation: { type: 'make' } }];
  const after = { src, fstype };
  const operation = { type: 'mount' } as const;
  return [...made, { what: `mount on ${path}`, before: 'nothing', after, operation }];
}

function unmounting({ path }: MountParams, { src }: Mounted): MountChange {
  const operation = { type: 'unmount' } as const;
  return { what: `mount on ${path}`, before: { src }, after: 'nothing', operation };
}

function remounting({ path, opts = 'defaults' }: MountParams): MountChange {
  const operation = { type: 'remount' } as const;
  return { what: `mount on ${path}`, before: 'mounted', after: { remounted: opts }, operation };
}

async function applyMount(changes: readonly MountChange[], target: Target, params: MountParams) {
  const written = changes.find(({ operation }) => operation.type === 'write');
  const kept =
    written?.operation.type === 'write' ? await applyText(written.operation, target) : {};
  const steps = changes.map(({ operation }) => operation.type).filter((type) => type !== 'write');
  const args = [...mountArguments(params), ...steps];
  const { rc, stderr } = steps.length === 0 ? OK : await target.sh(APPLY, { args });
  if (rc === 0) return { backup_file: '', ...kept };
  const isMounting = params.state === 'mounted' && written?.diff !== undefined;
  if (isMounting) await target.writeFile(params.fstab, String(written.diff?.before));
  throw new ModuleError(`${params.path}: ${stderr.toString().trim()}`, {
    data: { rc, stderr: stderr.toString() },
  });
}

const OK = { rc: 0, stderr: Buffer.alloc(0) };

function mountArguments({ path, fstab, fstype, src, opts, state }: MountParams): string[] {
  const own = opts === undefined || opts === 'defaults' ? '' : opts;
  const options = state === 'remounted' || state === 'ephemeral' ? own : '';
  return [path, state === 'ephemeral' ? '' : fstab, fstype ?? '', src ?? '', options];
}

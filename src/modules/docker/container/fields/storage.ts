import { ModuleError } from '../../../../core/errors.ts';
import { bytes } from '../../units.ts';
import { asDict, asTexts } from '../compare.ts';
import { type Field, hostField, type Wanted } from '../field.ts';
import type { Mount } from '../storageParams.ts';

export const storageFields: readonly Field[] = [
  hostField('volumes', 'Binds', 'set', volumes, {
    expected: (value, image) => [...asTexts(value), ...Object.keys(image?.Config?.Volumes ?? {})],
    actual: ({ Config, HostConfig }) => [
      ...asTexts(HostConfig['Binds']),
      ...Object.keys(asDict(Config['Volumes'])),
    ],
    normalise: (value) => asTexts(value).map(normalVolume),
    write: ({ config, hostConfig }, value) => {
      const entries = asTexts(value);
      const anonymous = entries.filter(isAnonymous).map((target) => [target, {}]);
      hostConfig['Binds'] = entries.filter((entry) => !isAnonymous(entry));
      if (anonymous.length > 0) config['Volumes'] = Object.fromEntries(anonymous);
    },
  }),
  hostField('mounts', 'Mounts', 'set', mounts),
  hostField('tmpfs', 'Tmpfs', 'dict', ({ params }) => params.tmpfs && tmpfs(params.tmpfs)),
  hostField('volumes_from', 'VolumesFrom', 'set', undefined, {
    normalise: (value) => asTexts(value).map((entry) => entry.replace(/:rw$/, '')),
  }),
  hostField('volume_driver', 'VolumeDriver', 'value'),
  hostField('storage_opts', 'StorageOpt', 'dict'),
  hostField('read_only', 'ReadonlyRootfs', 'value'),
];

function isAnonymous(entry: string): boolean {
  return !entry.includes(':');
}

function volumes(wanted: Wanted): readonly string[] | undefined {
  return wanted.params.volumes?.map((entry) => absoluteSource(entry, wanted));
}

/** `~` and `.` at the start of a source are the user's home and working directory on the host. */
function absoluteSource(entry: string, { home, directory }: Wanted): string {
  const [source = '', ...rest] = entry.split(':');
  if (rest.length === 0) return entry;
  if (rest.length > 2) {
    throw new ModuleError(`volumes: "${entry}" is no volume`, {
      hint: 'write source:/target or source:/target:ro',
    });
  }
  const absolute = source.replace(/^~(?=\/|$)/, home).replace(/^\.(?=\/|$)/, directory);
  return [absolute, ...rest].join(':');
}

/** Whether a volume's source depends on who and where the user is. */
export function isRelative(entry: string): boolean {
  return /^[~.](\/|:|$)/.test(entry);
}

/** `a:/b:rw` is `a:/b`; options have no order. */
function normalVolume(entry: string): string {
  const [source = '', target, options = ''] = entry.split(':');
  if (target === undefined) return trimmed(source);
  const named = options.split(',').filter((option) => option !== '' && option !== 'rw');
  const all = named.length === 0 ? [] : [named.sort().join(',')];
  return [trimmed(source), trimmed(target), ...all].join(':');
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path;
}

function tmpfs(entries: readonly string[]) {
  return Object.fromEntries(
    entries.map((entry) => {
      const [target = '', ...options] = entry.split(':');
      return [target, options.join(':')];
    }),
  );
}

function mounts({ params }: Wanted): unknown {
  const targets = (params.mounts ?? []).map(({ target }) => target);
  const twice = targets.find((target, index) => targets.indexOf(target) !== index);
  if (twice !== undefined) throw new ModuleError(`mounts: "${twice}" is mounted twice`);
  return params.mounts?.map(mount);
}

function mount(given: Mount) {
  if (given.source === undefined && given.type === 'bind') {
    throw new ModuleError(`mounts: the bind mount at "${given.target}" needs a source`);
  }
  return compact({
    Type: given.type,
    Source: given.source,
    Target: given.target,
    ReadOnly: given.read_only,
    Consistency: given.consistency,
    BindOptions: compact({
      Propagation: given.propagation,
      CreateMountpoint: given.create_mountpoint,
      NonRecursive: given.non_recursive,
      ReadOnlyNonRecursive: given.read_only_non_recursive,
      ReadOnlyForceRecursive: given.read_only_force_recursive,
    }),
    VolumeOptions: volumeOptions(given),
    TmpfsOptions: tmpfsOptions(given),
    ImageOptions: given.type === 'image' ? compact({ Subpath: given.subpath }) : undefined,
  });
}

function tmpfsOptions({ tmpfs_size, tmpfs_mode, tmpfs_options }: Mount) {
  return compact({
    SizeBytes: tmpfs_size === undefined ? undefined : bytes(tmpfs_size, 'tmpfs_size'),
    Mode: tmpfs_mode === undefined ? undefined : Number.parseInt(tmpfs_mode, 8),
    Options: tmpfs_options?.flatMap((option) =>
      Object.entries(option).map(([name, value]) => (value === null ? [name] : [name, value])),
    ),
  });
}

function volumeOptions(given: Mount) {
  return compact({
    NoCopy: given.no_copy,
    Labels: given.labels,
    Subpath: given.type === 'image' ? undefined : given.subpath,
    DriverConfig: compact({ Name: given.volume_driver, Options: given.volume_options }),
  });
}

/** Without members that are not set; undefined when none is. */
function compact(members: Readonly<Record<string, unknown>>) {
  const set = Object.entries(members).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

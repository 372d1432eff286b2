/** `archive`: files of a host in an archive beside them. Planned by what is in the archive that is there. */
import type { Change, ResultData } from '../../../core/results.ts';
import type { Observed } from '../../../target/probe.ts';
import { defineResource, type PlanContext } from '../../module.ts';
import { fileLabels } from '../fileLabels.ts';
import { type FileState, fileState } from '../fileState.ts';
import { nothing } from '../nothing.ts';
import {
  applyPlacement,
  type Placement,
  type PlacementOperation,
  placementResult,
  planPlacement,
} from '../placement.ts';
import { existingArchive } from './members.ts';
import { checkTools, type PackOperation, pack, removeSources } from './pack.ts';
import {
  destinationOf,
  entryLine,
  isPacked,
  memberLine,
  type Packing,
  packingOf,
  singleSource,
  zipLine,
} from './packing.ts';
import { ArchiveParams } from './params.ts';
import { archiveSources } from './sources.ts';

type Operation =
  | PlacementOperation
  | PackOperation
  | { readonly type: 'remove'; readonly path: string };

type State = Observed<ReturnType<typeof questions>>;

export const archive = defineResource({
  name: 'archive',
  collection: 'community.general',
  summary: 'Pack or compress files of a host',
  description:
    'The host packs with its own tar, gzip, bzip2, xz or zip. An archive that already holds what is asked for is left alone: for tar by names, owners, modes, times and sizes, for zip by names and CRCs, for a compressed file by its content. Names in the archive are relative to the directory that all paths share. An archive is not put into itself.',
  params: ArchiveParams,
  examples: [
    '- archive:\n    path: /srv/app\n    dest: /var/backups/app.tar.gz\n    exclusion_patterns: ["*.log"]\n    mode: "0600"\n',
    '- archive:\n    path: /var/log/app/old.log\n    remove: true\n',
    '- archive:\n    path: [/etc/app/*.conf, /srv/app/data]\n    exclude_path: /etc/app/local.conf\n    dest: /var/backups/app.zip\n    format: zip\n',
  ],
  returns: {
    archived: 'The paths that are packed.',
    arcroot: 'What names in the archive are relative to.',
    dest: 'The archive.',
    dest_state:
      '`archive`, `compress` (a single file), `incomplete` (some paths are missing) or `absent`.',
    expanded_paths: 'What `path` stands for.',
    expanded_exclude_paths: 'What `exclude_path` stands for.',
    missing: 'Paths that are not there.',
    state: '`file`: what `dest` is.',
    owner: 'Owner of the archive.',
    group: 'Group of the archive.',
    uid: 'Number of the owner.',
    gid: 'Number of the group.',
    mode: 'Mode of the archive.',
    size: 'Its size in bytes.',
  },

  observe: questions,
  plan: planArchive,
  async apply(changes, target) {
    let data: ResultData = {};
    const gone: string[] = [];
    for (const { operation } of changes) {
      if (operation.type === 'remove') gone.push(operation.path);
      else if (operation.type === 'pack') data = await pack(operation, target);
      else await applyPlacement([operation], target, NO_PAYLOAD);
    }
    if (gone.length > 0) await removeSources(gone, target);
    return data;
  },
  result: archiveResult,
});

function questions(params: ArchiveParams) {
  const { path, exclude_path, format, owner, group } = params;
  const dest = destinationOf(params);
  const isZip = format === 'zip';
  const source = singleSource(params);
  const sources = { path, exclude_path, follow: isZip, crcFor: isZip ? dest : undefined };
  return {
    sources: archiveSources(sources),
    dest: dest === undefined ? nothing<FileState>() : fileState(dest, { owner, group }),
    labels: fileLabels(dest ?? '', params),
    existing: existingArchive(dest ?? '', format, params.force_archive ? undefined : source),
  };
}

const NO_PAYLOAD = { size: 0, digest: () => undefined };

/** What the plan and the result start from. */
function wanted(params: ArchiveParams, state: State) {
  const packing = packingOf(params, state.sources, state.dest);
  const isEmpty = state.sources.missing.length === state.sources.paths.length;
  const isKept = isEmpty || isPacked(packing, params.format, state.existing);
  return { packing, isEmpty, isKept };
}

function planArchive(
  params: ArchiveParams,
  state: State,
  { checkMode }: PlanContext,
): Change<Operation>[] {
  const { packing, isEmpty, isKept } = wanted(params, state);
  const { dest } = state;
  if (dest === undefined || (isEmpty && dest.followed === undefined)) return [];
  const placement = { ...placementOf(params, state, isKept), isPredicted: checkMode };
  const placed = planPlacement(placement).map(
    (change): Change<Operation> =>
      change.operation.type === 'write'
        ? packChange(change.what, change.operation.options, { params, state, packing })
        : { ...change, operation: change.operation },
  );
  if (!isKept && !checkMode) {
    checkTools(state.existing.tools, params.format, packing.isArchive);
  }
  return [...placed, ...removal(params, state, packing)];
}

/** Its own content is what the archive has, or there is nothing to compare. */
function placementOf(params: ArchiveParams, state: State, isKept: boolean): Placement {
  const { dest, labels } = state;
  if (dest === undefined) throw new Error('an archive has a place');
  const size = dest.followed?.size ?? 0;
  return {
    ...params,
    state: { ...dest, checksum: { algorithm: 'sha1', hex: 'kept' } },
    payload: { size, digest: () => (isKept ? 'kept' : undefined) },
    labels,
    force: true,
    follow: true,
  };
}

interface Work {
  readonly params: ArchiveParams;
  readonly state: State;
  readonly packing: Packing;
}

function packChange(
  path: string,
  options: PackOperation['options'],
  { params: { format }, state, packing }: Work,
): Change<PackOperation> {
  const { isArchive, entries, root } = packing;
  const names =
    isArchive || format === 'tar' || format === 'zip' ? entries.map(({ name }) => name) : undefined;
  const source = state.sources.paths[0] ?? '';
  const { hasGnuTar } = state.existing.tools;
  return {
    what: path,
    diff: {
      before: before(state, names === undefined),
      after:
        names === undefined
          ? `${source}\n`
          : entries.map((entry) => entryLine(entry, format)).join(''),
      beforeHeader: path,
      afterHeader: path,
    },
    operation: { type: 'pack', path, options, format, root, names, source, hasGnuTar },
  };
}

/** What the archive held. */
function before({ existing, dest }: State, isCompressed: boolean): string {
  if (dest?.followed === undefined) return '';
  const { tar, zip } = existing;
  if (tar !== undefined && !isCompressed) return tar.map(memberLine).sort().join('');
  if (zip !== undefined) return [...zip].map(([name, crc]) => zipLine(name, crc)).join('');
  return `(other content, ${dest.followed.size} bytes)\n`;
}

/** Directories go with all that is in them, as far as they were asked for; other files only when they were packed. */
function removal(
  { remove }: ArchiveParams,
  { sources: { paths, directories } }: State,
  { entries }: Packing,
): Change<Operation>[] {
  if (!remove) return [];
  const gone = paths.filter(
    (path) => directories.includes(path) || entries.some((entry) => entry.path === path),
  );
  return gone.map((path) => ({
    what: path,
    before: { path, state: directories.includes(path) ? 'directory' : 'file' },
    after: { path, state: 'absent' },
    operation: { type: 'remove', path },
  }));
}

function archiveResult(params: ArchiveParams, state: State): ResultData {
  const { packing, isEmpty, isKept } = wanted(params, state);
  const { sources, dest } = state;
  return {
    ...fileData(params, state, { isEmpty, isKept }),
    archived: isEmpty ? [] : archivedPaths(params, packing),
    arcroot: packing.root,
    dest: dest?.path,
    dest_state: destState(params, state, packing, isEmpty),
    expanded_paths: sources.expanded,
    expanded_exclude_paths: sources.excluded,
    missing: sources.missing,
  };
}

/** Directories are entries of a zip file, but not among what was packed. */
function archivedPaths({ format }: ArchiveParams, { entries }: Packing): string[] {
  const told = entries.filter(({ stat }) => format !== 'zip' || stat.type !== 'directory');
  return told.map(({ path }) => path);
}

function fileData(
  params: ArchiveParams,
  state: State,
  { isEmpty, isKept }: { readonly isEmpty: boolean; readonly isKept: boolean },
): ResultData {
  const existing = state.dest?.followed;
  if (isEmpty && existing === undefined) return {};
  const { size: _size, ...data } = placementResult(placementOf(params, state, isKept));
  return isKept ? { ...data, size: existing?.size } : data;
}

function destState(
  { format }: ArchiveParams,
  { dest, sources }: State,
  { isArchive }: Packing,
  isEmpty: boolean,
): string {
  if (isEmpty) {
    if (dest?.followed === undefined) return 'absent';
    return /\.(tar|tar\.(gz|bz2|xz)|tgz|tbz2|zip)$/i.test(dest.path) ? 'archive' : 'compress';
  }
  if (isArchive) return sources.missing.length > 0 ? 'incomplete' : 'archive';
  return format === 'tar' || format === 'zip' ? 'archive' : 'compress';
}

/** What all states of the `file` module share: its parameters and observations, and the plan for owner, group, mode and times. */
import type { Change, ResultData } from '../../../core/results.ts';
import {
  type Attributes,
  attributeChange,
  attributeDiff,
  attributeResult,
  type ExactAttributes,
  startingAttributes,
  wantedAttributes,
} from '../attributes.ts';
import type { LabelParams, Labels } from '../fileLabels.ts';
import { wantedMode } from '../fileMode.ts';
import type { FileStat, FileState } from '../fileState.ts';
import type { FileOperation } from './fileApply.ts';
import { plannedTimes } from './fileTimesPlan.ts';
import type { FileTimes, TreeEntry } from './fileTree.ts';

export type State = 'absent' | 'directory' | 'file' | 'hard' | 'link' | 'touch';

export interface FileParams extends LabelParams {
  readonly path: string;
  readonly state?: State | undefined;
  readonly src?: string | undefined;
  readonly recurse: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: string | undefined;
  readonly access_time?: string | undefined;
  readonly access_time_format: string;
  readonly modification_time?: string | undefined;
  readonly modification_time_format: string;
}

export interface FileObserved {
  readonly file: FileState;
  readonly source: FileState;
  readonly times: FileTimes;
  readonly tree: readonly TreeEntry[];
  readonly labels: Labels | undefined;
}

export interface FilePlan {
  readonly changes: readonly Change<FileOperation>[];
  readonly result: ResultData;
}

/** What attributes belong to: the path, or with `follow` what a link leads to. */
export function subject(
  { follow }: FileParams,
  file: FileState,
): { readonly path: string; readonly stat: FileStat | undefined } {
  const isLink = file.own?.type === 'link';
  if (!isLink || !follow || file.followed === undefined) return { path: file.path, stat: file.own };
  return { path: file.realPath ?? file.path, stat: file.followed };
}

interface Subject {
  readonly path: string;
  readonly stat: FileStat;
  readonly result: ResultData;
  /** What `size` and `state` describe, when it is not `stat`. */
  readonly shown?: FileStat;
}

/** Owner, group, mode and times of something that is there, and of what is below it. */
export function planAttributes(params: FileParams, state: FileObserved, at: Subject): FilePlan {
  const { path, stat } = at;
  const wanted = wantedAttributes(stat, params, state.file, stat.type);
  const times = plannedTimes(params, state.times, path);
  const changes = [
    ...attributeChanges(path, stat, wanted, params.follow),
    ...recursiveChanges(params, state, path, wanted),
    ...times,
  ];
  const shown = at.shown ?? stat;
  return {
    changes,
    result: {
      ...at.result,
      ...attributeResult(at.shown ?? wanted),
      size: shown.size,
      state: stateName(shown),
    },
  };
}

export function attributeChanges(
  path: string,
  from: Attributes,
  to: Attributes,
  follow: boolean,
): Change<FileOperation>[] {
  const attributes = attributeChange(from, to);
  if (attributes === undefined) return [];
  const operation: FileOperation = { type: 'attributes', path, attributes, follow };
  return [{ what: path, ...attributeDiff(path, from, to), operation }];
}

/** One change for the whole tree, when anything in it differs. */
function recursiveChanges(
  params: FileParams,
  { file, tree }: FileObserved,
  path: string,
  wanted: Attributes,
): Change<FileOperation>[] {
  const { owner, group, mode, follow } = params;
  const differing = tree.filter((entry) => differs(entry, params, file, wanted)).length;
  if (differing === 0) return [];
  const attributes: ExactAttributes = { owner, group, mode };
  return [
    {
      what: `${path}/**`,
      before: { path, differing_entries: differing },
      after: { path, differing_entries: 0 },
      operation: { type: 'recurse', path, attributes, follow },
    },
  ];
}

function differs(
  entry: TreeEntry,
  { owner, group, mode }: FileParams,
  { umask }: FileState,
  wanted: Attributes,
): boolean {
  if (owner !== undefined && entry.uid !== wanted.uid) return true;
  if (group !== undefined && entry.gid !== wanted.gid) return true;
  if (mode === undefined || entry.isLink) return false;
  const { isDirectory } = entry;
  return wantedMode(mode, { current: entry.mode, isDirectory, umask }) !== entry.mode;
}

export function newStart(file: FileState, type: 'file' | 'directory'): Attributes {
  return startingAttributes(file, undefined, type);
}

/** As results name it: a file with several names is `hard`. */
export function stateName({ type, links }: FileStat): string {
  if (type === 'directory' || type === 'link') return type;
  return links > 1 ? 'hard' : 'file';
}

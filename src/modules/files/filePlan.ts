/** The plan of the `file` module, one function for each state. Pure. */
import { ModuleError } from '../../core/errors.ts';
import type { Change, ResultData } from '../../core/results.ts';
import {
  type Attributes,
  attributeChange,
  attributeDiff,
  attributeResult,
  type ExactAttributes,
  startingAttributes,
  wantedAttributes,
} from './attributes.ts';
import type { FileOperation } from './fileApply.ts';
import { octal, wantedMode } from './fileMode.ts';
import type { FileStat, FileState } from './fileState.ts';
import { plannedTimes } from './fileTimesPlan.ts';
import type { FileTimes, TreeEntry } from './fileTree.ts';

export type State = 'absent' | 'directory' | 'file' | 'hard' | 'link' | 'touch';

export interface FileParams {
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
}

export interface FilePlan {
  readonly changes: readonly Change<FileOperation>[];
  readonly result: ResultData;
}

export function planFile(params: FileParams, state: FileObserved): FilePlan {
  switch (wantedState(params, state.file)) {
    case 'absent':
      return planAbsent(state.file);
    case 'file':
      return planExisting(params, state);
    case 'directory':
      return planDirectory(params, state);
    case 'touch':
      return planTouch(params, state);
    case 'link':
      return planLink(params, state);
    case 'hard':
      return planHardLink(params, state);
  }
}

export function fileResult(params: FileParams, state: FileObserved): ResultData {
  return planFile(params, state).result;
}

/** Without `state`, what is there stays what it is. */
function wantedState({ state, recurse, follow }: FileParams, file: FileState): State {
  if (state !== undefined) return state;
  const type = (follow ? file.followed : file.own)?.type;
  if (type === 'directory') return 'directory';
  if (type === 'link') return 'link';
  return type === undefined && recurse ? 'directory' : 'file';
}

function planAbsent({ path, own }: FileState): FilePlan {
  const result = { path, state: 'absent' };
  if (own === undefined) return { changes: [], result };
  const before = { path, state: stateName(own) };
  return {
    changes: [{ what: path, before, after: result, operation: { type: 'remove', path } }],
    result,
  };
}

function planExisting(params: FileParams, state: FileObserved): FilePlan {
  const { path, stat } = subject(params, state.file);
  if (stat === undefined) throw notThere(path, 'absent');
  if (stat.type === 'directory') throw notThere(path, 'directory');
  if (stat.type === 'link') throw notThere(path, 'link');
  return planAttributes(params, state, { path, stat, result: { path } });
}

function notThere(path: string, state: string): ModuleError {
  return new ModuleError(`file (${path}) is ${state}, cannot continue`, {
    hint: 'state "touch" makes a file, "directory" a directory',
    data: { path, state },
  });
}

/** What attributes belong to: the path, or with `follow` what a link leads to. */
function subject(
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
function planAttributes(params: FileParams, state: FileObserved, at: Subject): FilePlan {
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

function attributeChanges(
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

function planDirectory(params: FileParams, state: FileObserved): FilePlan {
  const { file } = state;
  const { path, stat } = subject(params, file);
  if (stat?.type === 'directory') {
    return planAttributes(params, state, { path, stat, result: { path } });
  }
  if (stat !== undefined) {
    throw new ModuleError(`${path} already exists as a ${stateName(stat)}`, { data: { path } });
  }
  const wanted = wantedAttributes(newStart(file, 'directory'), params, file, 'directory');
  const operation: FileOperation = { type: 'directory', path, attributes: asked(params, wanted) };
  const result = { path, ...attributeResult(wanted), state: 'directory' };
  return {
    changes: [{ what: path, before: { path, state: 'absent' }, after: result, operation }],
    result,
  };
}

function newStart(file: FileState, type: 'file' | 'directory'): Attributes {
  return startingAttributes(file, undefined, type);
}

/** Only what was asked for, with the mode worked out: the host's own defaults do the rest. */
function asked({ owner, group, mode }: FileParams, wanted: Attributes): ExactAttributes {
  return { owner, group, ...(mode === undefined ? {} : { mode: octal(wanted.mode) }) };
}

function planTouch(params: FileParams, state: FileObserved): FilePlan {
  const { file } = state;
  const { path, stat } = subject(params, file);
  if (stat !== undefined) {
    return planAttributes(params, state, { path, stat, result: { dest: path } });
  }
  const wanted = wantedAttributes(newStart(file, 'file'), params, file, 'file');
  const operation: FileOperation = { type: 'create', path, attributes: asked(params, wanted) };
  const result = { dest: path, ...attributeResult(wanted), size: 0, state: 'file' };
  const created: Change<FileOperation> = {
    what: path,
    before: { path, state: 'absent' },
    after: { path, state: 'touch' },
    operation,
  };
  return { changes: [created, ...plannedTimes(params, undefined, path)], result };
}

function planLink(params: FileParams, state: FileObserved): FilePlan {
  const { file, source } = state;
  const { path, own } = file;
  const src = params.src ?? file.linkTarget;
  if (src === undefined)
    throw new ModuleError('src is required for creating new links', { data: { path } });
  if (own?.type === 'link' && file.linkTarget === src) return planLinked(params, state, src);
  if (!params.force) requireReplaceable(path, own, 'symlink');
  if (source.followed === undefined && !params.force) {
    throw new ModuleError(
      `src file does not exist, use "force=yes" if you really want to create the link: ${source.path}`,
      { data: { path, src } },
    );
  }
  const before = linkSide(path, own, file.linkTarget);
  const change: Change<FileOperation> = {
    what: path,
    before,
    after: { path, state: 'link', src },
    operation: { type: 'link', path, src, replaces: own?.type },
  };
  const attributes = params.follow ? linkTargetChanges(params, source) : [];
  const link = { ...newStart(file, 'file'), mode: 0o777 };
  const size = Buffer.byteLength(src);
  const result = { dest: path, src, ...attributeResult(link), size, state: 'link' };
  return { changes: [change, ...attributes], result };
}

/** The link is right; attributes are those of its target, or with `follow: no` of the link. */
function planLinked(params: FileParams, state: FileObserved, src: string): FilePlan {
  const { file } = state;
  const { path, stat } = subject(params, file);
  const result = { dest: file.path, src };
  if (stat === undefined) return { changes: [], result };
  const shown = file.own === undefined || !params.follow ? {} : { shown: file.own };
  return planAttributes(params, state, { path, stat, result, ...shown });
}

function linkTargetChanges(params: FileParams, source: FileState): Change<FileOperation>[] {
  const { followed, path } = source;
  if (followed === undefined) return [];
  const wanted = wantedAttributes(followed, params, source, followed.type);
  return attributeChanges(source.realPath ?? path, followed, wanted, true);
}

function requireReplaceable(path: string, own: FileStat | undefined, to: string): void {
  if (own === undefined || own.type === 'link') return;
  throw new ModuleError(`refusing to convert from ${stateName(own)} to ${to} for ${path}`, {
    hint: 'force: yes replaces files and empty directories',
    data: { path },
  });
}

function linkSide(path: string, own: FileStat | undefined, src: string | undefined): ResultData {
  if (own === undefined) return { path, state: 'absent' };
  return { path, state: stateName(own), ...(src === undefined ? {} : { src }) };
}

function planHardLink(params: FileParams, state: FileObserved): FilePlan {
  const { file, source } = state;
  const { path, own } = file;
  const { src } = params;
  if (src === undefined && own === undefined) {
    throw new ModuleError('src is required for creating new hardlinks', { data: { path } });
  }
  const origin = source.own;
  if (origin === undefined)
    throw new ModuleError(`src does not exist: ${source.path}`, { data: { path, src } });
  const result = { dest: path, ...(src === undefined ? {} : { src }) };
  if (own !== undefined && own.inode === origin.inode && own.device === origin.device) {
    return planAttributes(params, state, { path, stat: own, result });
  }
  if (own !== undefined && own.type !== 'link' && !params.force) {
    throw new ModuleError('Cannot link, different hard link exists at destination', {
      hint: 'force: yes replaces it',
      data: result,
    });
  }
  const change: Change<FileOperation> = {
    what: path,
    before: linkSide(path, own, file.linkTarget),
    after: { path, state: 'hard', src: source.path },
    operation: { type: 'hard', path, src: source.path, replaces: own?.type },
  };
  const linked = planAttributes(params, state, { path, stat: { ...origin, links: 2 }, result });
  return { changes: [change, ...linked.changes], result: linked.result };
}

/** As results name it: a file with several names is `hard`. */
function stateName({ type, links }: FileStat): string {
  if (type === 'directory' || type === 'link') return type;
  return links > 1 ? 'hard' : 'file';
}

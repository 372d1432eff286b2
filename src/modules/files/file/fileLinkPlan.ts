/** The plan of the `file` module for symbolic and hard links. Pure. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change, ResultData } from '../../../core/results.ts';
import { attributeResult, wantedAttributes } from '../attributes.ts';
import type { FileStat, FileState } from '../fileState.ts';
import type { FileOperation } from './fileApply.ts';
import {
  attributeChanges,
  type FileObserved,
  type FileParams,
  type FilePlan,
  newStart,
  planAttributes,
  stateName,
  subject,
} from './fileAttributesPlan.ts';

export function planLink(params: FileParams, state: FileObserved): FilePlan {
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

export function planHardLink(params: FileParams, state: FileObserved): FilePlan {
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

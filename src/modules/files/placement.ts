/**
 * One file with given content, owner and mode in one place: the plan, return keys and application that `copy`,
 * `template` and the text editing modules share.
 */
import { ModuleError } from '../../core/errors.ts';
import type { Change, Diff, ResultData } from '../../core/results.ts';
import type { FileAttributes, Target, WriteOptions, WriteResult } from '../../target/target.ts';
import {
  type Attributes,
  attributeArgs,
  attributeChange,
  attributeDiff,
  attributeResult,
  type ExactAttributes,
  failed,
  SET_ATTRIBUTES,
  startingAttributes,
  wantedAttributes,
} from './attributes.ts';
import {
  applyLabel,
  type LabelOperation,
  type LabelParams,
  type Labels,
  planLabels,
} from './fileLabels.ts';
import { octal } from './fileMode.ts';
import type { FileStat, FileState } from './fileState.ts';
import { diffText, hasChecksum, type Payload } from './payload.ts';

export interface Placement extends FileAttributes, LabelParams {
  readonly state: FileState;
  readonly payload: Payload;
  /** Replace what is there; without it only a missing file is written. */
  readonly force: boolean;
  /** Write through a symbolic link. */
  readonly follow: boolean;
  readonly backup?: boolean | undefined;
  readonly validate?: string | undefined;
  readonly unsafe_writes?: boolean | undefined;
  /** Make missing parent directories, with this mode. */
  readonly parents?: { readonly mode?: string | undefined } | undefined;
  readonly diff?: PlacementDiff | undefined;
  readonly labels?: Labels | undefined;
  /** In check mode an earlier task would have made the directory that is missing. */
  readonly isPredicted?: boolean | undefined;
}

/** For `--diff`; `before` is absent when there is no file. */
export interface PlacementDiff {
  readonly before: Buffer | undefined;
  readonly afterHeader: string;
}

export type PlacementOperation =
  | LabelOperation
  /** Directories that the write makes on its way: a change of their own for those who read the plan. */
  | { readonly type: 'parents' }
  | { readonly type: 'write'; readonly path: string; readonly options: WriteOptions }
  | { readonly type: 'attributes'; readonly path: string; readonly attributes: ExactAttributes };

export function planPlacement(placement: Placement): Change<PlacementOperation>[] {
  const { state, force } = placement;
  const existing = existingFile(placement);
  if (existing?.type === 'directory') throw isDirectory(state.path);
  if (state.own !== undefined && !force) return [];
  if (existing !== undefined && hasWantedContent(placement, existing)) {
    return [...attributesOnly(placement, existing), ...labelChanges(placement, false)];
  }
  const written = [...missingParents(placement), write(placement, existing)];
  return [...written, ...labelChanges(placement, true)];
}

function labelChanges(placement: Placement, isReplaced: boolean): Change<LabelOperation>[] {
  return planLabels(destination(placement), placement, placement.labels, isReplaced);
}

/** Whether owner, group, mode or labels will be other than the file has, or than a new one would get. */
export function setsAttributes(placement: Placement): boolean {
  const existing = existingFile(placement);
  const start = startingAttributes(placement.state, existing, 'file');
  const isSet = attributeChange(start, finalAttributes(placement, existing)) !== undefined;
  return isSet || labelChanges(placement, false).length > 0;
}

/** `dest`, `owner`, `mode`, `size`, …: what the file is in the end. */
export function placementResult(placement: Placement): ResultData {
  const { state, payload, force } = placement;
  const existing = existingFile(placement);
  const isKept = state.own !== undefined && !force;
  const attributes = isKept && existing ? existing : finalAttributes(placement, existing);
  return {
    dest: destination(placement),
    ...attributeResult(attributes),
    size: isKept && existing ? existing.size : payload.size,
    state: 'file',
  };
}

/** `checksum` of the content, and `md5sum` where it is written. */
export function checksums(
  payload: Payload,
  changes: readonly Change<{ readonly type: string }>[],
): ResultData {
  const isWritten = changes.some(({ operation }) => operation.type === 'write');
  const md5 = isWritten ? payload.digest('md5') : undefined;
  return { checksum: payload.digest('sha1'), ...(md5 === undefined ? {} : { md5sum: md5 }) };
}

export async function applyPlacement(
  operations: readonly PlacementOperation[],
  target: Target,
  payload: Payload,
): Promise<ResultData> {
  let data: ResultData = {};
  for (const operation of operations)
    data = { ...data, ...(await carryOut(operation, target, payload)) };
  return data;
}

async function carryOut(
  operation: PlacementOperation,
  target: Target,
  payload: Payload,
): Promise<ResultData> {
  switch (operation.type) {
    case 'parents':
      return {};
    case 'attributes':
      return setAttributes(operation.path, operation.attributes, target);
    case 'flags':
    case 'context':
      return applyLabel(operation, target);
    case 'write':
      return writePayload(operation.path, payload, operation.options, target);
    default:
      return operation satisfies never;
  }
}

/** The file that the new content replaces; a link that is not followed is no such file. */
function existingFile({ state, follow }: Placement): FileStat | undefined {
  if (follow || state.own?.type === 'directory') return state.followed;
  return state.own?.type === 'link' ? undefined : state.own;
}

function destination({ state, follow }: Placement): string {
  return follow && state.realPath !== undefined ? state.realPath : state.path;
}

function hasWantedContent({ state, payload }: Placement, existing: FileStat): boolean {
  return existing.size === payload.size && hasChecksum(payload, state.checksum);
}

function finalAttributes(placement: Placement, existing: FileStat | undefined): Attributes {
  const { state } = placement;
  return wantedAttributes(startingAttributes(state, existing, 'file'), placement, state, 'file');
}

function attributesOnly(placement: Placement, existing: FileStat): Change<PlacementOperation>[] {
  const path = destination(placement);
  const wanted = finalAttributes(placement, existing);
  const attributes = attributeChange(existing, wanted);
  if (attributes === undefined) return [];
  const operation: PlacementOperation = { type: 'attributes', path, attributes };
  return [{ what: path, ...attributeDiff(path, existing, wanted), operation }];
}

function missingParents({ state, parents, isPredicted }: Placement): Change<PlacementOperation>[] {
  if (state.parent !== undefined) return [];
  const directory = state.path.replace(/\/[^/]*$/, '');
  if (parents === undefined) {
    if (isPredicted === true) return [];
    throw new ModuleError(`Destination directory ${directory} does not exist`, {
      hint: 'make it with a file task before',
    });
  }
  const operation: PlacementOperation = { type: 'parents' };
  const before = { path: directory, state: 'absent' };
  return [{ what: directory, before, after: { path: directory, state: 'directory' }, operation }];
}

function write(placement: Placement, existing: FileStat | undefined): Change<PlacementOperation> {
  const { owner, group, mode, backup, validate, follow, unsafe_writes: unsafeWrites } = placement;
  const exact = mode === undefined ? undefined : octal(finalAttributes(placement, existing).mode);
  const { path, parent } = placement.state;
  const createParents = parent === undefined ? placement.parents : undefined;
  const kept = { backup, validate, follow, unsafeWrites, createParents };
  const options = { owner, group, mode: exact, ...kept };
  const diff = contentDiff(placement, existing);
  const operation: PlacementOperation = { type: 'write', path, options };
  return { what: path, ...(diff === undefined ? {} : { diff }), operation };
}

function contentDiff(
  { diff, payload, state: { path } }: Placement,
  existing: FileStat | undefined,
): Diff | undefined {
  if (diff === undefined) return undefined;
  return {
    before: existing === undefined ? '' : diffText(diff.before, existing.size),
    after: diffText(payload.content, payload.size),
    beforeHeader: path,
    afterHeader: diff.afterHeader,
  };
}

async function writePayload(
  path: string,
  payload: Payload,
  options: WriteOptions,
  target: Target,
): Promise<ResultData> {
  const { content, localPath } = payload;
  if (content !== undefined) return writeData(await target.writeFile(path, content, options));
  if (localPath === undefined) throw new Error('a payload has content');
  const sha1 = payload.digest('sha1');
  const sent = await target.upload(localPath, path, { ...options, sha1, digests: ['md5'] });
  return { ...writeData(sent), md5sum: sent.digests['md5'] };
}

function writeData({ backup }: WriteResult): ResultData {
  return backup === undefined ? {} : { backup_file: backup };
}

async function setAttributes(
  path: string,
  attributes: ExactAttributes,
  target: Target,
): Promise<ResultData> {
  const args = attributeArgs(path, attributes, true);
  const result = await target.sh(`${SET_ATTRIBUTES}\nset_attributes "$@"`, { kind: 'probe', args });
  if (result.rc !== 0) throw failed(`cannot change ${path}`, result.rc, result.stderr);
  return {};
}

function isDirectory(path: string): ModuleError {
  return new ModuleError(`${path} is a directory, not a file`, { data: { dest: path } });
}

/** Where a file goes when `dest` may be a directory: both places are looked at in the same round trip. */
import { ModuleError } from '../../core/errors.ts';
import type { Observed } from '../../target/probe.ts';
import type { FileAttributes } from '../../target/target.ts';
import { fileLabels, type LabelParams } from './fileLabels.ts';
import { fileBytes, fileState } from './fileState.ts';
import { nothing } from './nothing.ts';
import { MAX_DIFF_BYTES, type Payload } from './payload.ts';
import type { Placement } from './placement.ts';

export interface DestinationParams extends FileAttributes, LabelParams {
  readonly dest: string;
  readonly force: boolean;
  readonly follow: boolean;
  readonly backup: boolean;
  readonly validate?: string | undefined;
  readonly unsafe_writes: boolean;
  readonly directory_mode?: string | undefined;
}

/**
 * @param name what the file is called inside a directory; undefined when it must not go into one
 * @param size hash a file on the host only when it has this many bytes, or always
 */
export function observeDestination(
  params: DestinationParams,
  name: string | undefined,
  size: number | 'always',
  diffMode: boolean,
) {
  const { dest, owner, group } = params;
  const question = { owner, group, checksum: size };
  const inside = name === undefined ? dest : `${dest.replace(/\/+$/, '')}/${name}`;
  const wantsText = diffMode && size !== 'always' && size <= MAX_DIFF_BYTES;
  return {
    outer: fileState(dest, question),
    inner: fileState(inside, question),
    outerContent: wantsText ? fileBytes(dest, MAX_DIFF_BYTES) : nothing(),
    innerContent: wantsText ? fileBytes(inside, MAX_DIFF_BYTES) : nothing(),
    outerLabels: fileLabels(dest, params),
    innerLabels: fileLabels(inside, params),
    named: nothing(name),
  };
}

export type DestinationState = Observed<ReturnType<typeof observeDestination>>;

export interface PlacedContent extends DestinationParams {
  readonly payload: Payload;
  /** For `--diff`; undefined when nobody wants one. */
  readonly afterHeader: string | undefined;
}

/** The placement at `dest` itself, or in it when it is a directory or ends in a slash. */
export function placeAt(state: DestinationState, params: PlacedContent): Placement {
  const { dest, afterHeader, directory_mode: directoryMode } = params;
  const isInside = dest.endsWith('/') || state.outer.followed?.type === 'directory';
  if (isInside && state.named === undefined) {
    throw new ModuleError(`can not use content with a dir as dest: ${dest}`, {
      hint: 'name the file in dest',
    });
  }
  const before = isInside ? state.innerContent : state.outerContent;
  return {
    ...params,
    state: isInside ? state.inner : state.outer,
    labels: isInside ? state.innerLabels : state.outerLabels,
    parents: dest.endsWith('/') ? { mode: directoryMode } : undefined,
    diff: afterHeader === undefined ? undefined : { before, afterHeader },
  };
}

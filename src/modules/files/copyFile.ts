/** `copy` of one file or of given content. */
import path from 'node:path';
import type { CopyParams } from './copyParams.ts';
import type { CopyWay } from './copyWay.ts';
import { type DestinationState, observeDestination, placeAt } from './destination.ts';
import { octal } from './fileMode.ts';
import type { Payload } from './payload.ts';
import { applyPlacement, type Placement, placementResult, planPlacement } from './placement.ts';

export interface FileToCopy {
  readonly params: CopyParams;
  /** The file on the controller; absent for given content. */
  readonly source: string | undefined;
  readonly payload: Payload;
  readonly diffMode: boolean;
}

export function copyFileWay(file: FileToCopy): CopyWay {
  const { params, source, payload, diffMode } = file;
  const name = source === undefined ? undefined : path.basename(source);
  const probes = observeDestination(params, name, payload.size, diffMode);
  const way: CopyWay<typeof probes, ReturnType<typeof planPlacement>[number]['operation']> = {
    probes,
    plan: (state, isCheckMode) =>
      planPlacement({ ...placement(file, state), isPredicted: isCheckMode }),
    apply: (changes, target) =>
      applyPlacement(
        changes.map(({ operation }) => operation),
        target,
        payload,
      ),
    result: (state) => ({
      ...placementResult(placement(file, state)),
      ...(source === undefined ? {} : { src: source }),
      checksum: payload.hashes['sha1'],
      md5sum: payload.hashes['md5'],
    }),
  };
  return way;
}

function placement(
  { params, source, payload, diffMode }: FileToCopy,
  state: DestinationState,
): Placement {
  const mode = params.mode === 'preserve' ? octal(payload.mode ?? 0o644) : params.mode;
  const afterHeader = diffMode ? (source ?? 'dynamically generated') : undefined;
  return placeAt(state, { ...params, mode, payload, afterHeader });
}

/** `copy` of one file or of given content. */
import path from 'node:path';
import { type DestinationState, observeDestination, placeAt } from '../destination.ts';
import { octal } from '../fileMode.ts';
import { withDigests } from '../localPayload.ts';
import type { Payload } from '../payload.ts';
import {
  applyPlacement,
  checksums,
  type Placement,
  type PlacementOperation,
  placementResult,
  planPlacement,
} from '../placement.ts';
import type { CopyParams } from './copyParams.ts';
import type { CopyWay } from './copyWay.ts';

export interface FileToCopy {
  readonly params: CopyParams;
  /** The file on the controller; absent for given content. */
  readonly source: string | undefined;
  readonly payload: Payload;
  readonly diffMode: boolean;
}

type State = DestinationState & {
  /** With the digests that the host's answers ask for. */
  readonly payload: Payload;
};

export function copyFileWay(file: FileToCopy): CopyWay {
  const { params, source, payload, diffMode } = file;
  const name = source === undefined ? undefined : path.basename(source);
  const probes = observeDestination(params, name, payload.size, diffMode);
  const way: CopyWay<typeof probes, PlacementOperation, Pick<State, 'payload'>> = {
    probes,
    answers: async (state, isCheckMode) => ({ payload: await compared(file, state, isCheckMode) }),
    plan: (state, isCheckMode) =>
      planPlacement({ ...placement(file, state), isPredicted: isCheckMode }),
    apply: (changes, target) =>
      applyPlacement(
        changes.map(({ operation }) => operation),
        target,
        payload,
      ),
    result: (state, changes) => ({
      ...placementResult(placement(file, state)),
      ...(source === undefined ? {} : { src: source }),
      ...checksums(state.payload, changes),
    }),
  };
  return way;
}

/**
 * A host without sha1sum hashes otherwise. In check mode nothing is sent, so that what else is returned of a file that would be is
 * read here.
 */
async function compared(
  { payload }: FileToCopy,
  { outer, inner }: DestinationState,
  isCheckMode: boolean,
): Promise<Payload> {
  const asked = [outer, inner].flatMap(({ checksum }) => checksum?.algorithm ?? []);
  return withDigests(payload, isCheckMode ? [...asked, 'md5'] : asked);
}

function placement({ params, source, diffMode }: FileToCopy, state: State): Placement {
  const { payload } = state;
  const mode = params.mode === 'preserve' ? octal(payload.mode ?? 0o644) : params.mode;
  const afterHeader = diffMode ? (source ?? 'dynamically generated') : undefined;
  return placeAt(state, { ...params, mode, payload, afterHeader });
}

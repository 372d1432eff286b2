/** What `docker_image` has to do: a pure function of what is asked and what the Engine, the host and the registry have. */
import { ModuleError, ParamsError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import { type ImageState, isOutdated } from './image.ts';
import type { ArchivedImage } from './imageArchive.ts';
import { isImageId, parseImageName, reference } from './imageName.ts';
import type { Params } from './imageParams.ts';

export interface State {
  readonly image: ImageState;
  /** Id of what `repository` names now. */
  readonly tagged: string | undefined;
  /** There is no Engine yet: an earlier task of this run will bring it. */
  readonly isPredicted: boolean;
  /** What the archive of `load_path` holds, where it may have to be loaded again. */
  readonly loadable?: readonly ArchivedImage[];
  /** What the archive of `archive_path` holds. */
  readonly archived?: readonly ArchivedImage[];
  /** Digest that the registry has for what is to be pushed; undefined when it has none. */
  readonly pushedDigest?: string | undefined;
  /** What a build printed that had to be made to learn whether it brings another image. */
  readonly stdout?: string;
}

/** `done`: it had to be done to learn whether it brings another image. */
export interface Operation {
  readonly type: 'done' | 'build' | 'pull' | 'load' | 'archive' | 'tag' | 'push' | 'remove';
}
export type ImageChange = Change<Operation>;

/** `name` with the tag. */
export function fullImageName(name: string, tag: string): string {
  const parsed = parseImageName(name);
  const isWhole = isImageId(name) || parsed.tag !== undefined || parsed.digest !== undefined;
  if (isWhole) return name;
  return tag.startsWith('sha256:') ? `${name}@${tag}` : `${name}:${tag}`;
}

/** `repository` with its tag: its own, or that of the image. */
export function secondName({ repository, name, tag }: Params): string | undefined {
  if (repository === undefined) return undefined;
  const own = isImageId(name) ? undefined : parseImageName(name).tag;
  return fullImageName(repository, own ?? tag);
}

/** The name under which the image is pushed. @throws ParamsError for an id, which no registry knows. */
export function pushedName(input: Params): string {
  const name = secondName(input) ?? fullImageName(input.name, input.tag);
  if (!isImageId(name)) return name;
  throw new ParamsError('an image is not pushed by its id', {
    code: 'DROVER_INVALID_ARGUMENT',
    argument: 'name',
    hint: 'give it a name with "repository"',
  });
}

export function planImage(input: Params, state: State): readonly ImageChange[] {
  const what = `image ${fullImageName(input.name, input.tag)}`;
  if (input.state === 'absent') return planRemoval(state, what);
  const source = planSource(input, state, what);
  return [
    ...source,
    ...planArchive(input, state, what),
    ...planTag(input, state),
    ...planPush(input, state, source),
  ];
}

function planRemoval({ image: { local } }: State, what: string): readonly ImageChange[] {
  if (local === undefined) return [];
  return [{ what, before: local.Id, after: 'absent', operation: { type: 'remove' } }];
}

function planSource(input: Params, state: State, what: string): readonly ImageChange[] {
  const { local, updatedFrom, remoteDigest } = state.image;
  if (updatedFrom !== undefined) {
    return [{ what, before: updatedFrom, after: local?.Id, operation: { type: 'done' } }];
  }
  const change = (after: string, type: Operation['type']): readonly ImageChange[] => [
    { what, before: local?.Id ?? 'absent', after, operation: { type } },
  ];
  switch (input.source) {
    case 'build': {
      const { path } = needed(input, 'build');
      const isLeft = local === undefined || state.image.isUnknown === true;
      return isLeft ? change(`built from ${path}`, 'build') : [];
    }
    case 'pull':
      if (local !== undefined && !isOutdated(state.image)) return [];
      return change(remoteDigest ?? 'pulled', 'pull');
    case 'load': {
      const path = needed(input, 'load_path');
      return isLoaded(input, state) ? [] : change(`loaded from ${path}`, 'load');
    }
    case 'local':
    case undefined:
      if (local !== undefined || state.isPredicted) return [];
      throw new ModuleError(`${what} is not on the host`, {
        hint: 'set "source: build", "source: pull" or "source: load"',
      });
    default:
      return input.source satisfies never;
  }
}

/** The parameter that the source asks for. @throws ParamsError */
function needed<Name extends 'build' | 'load_path'>(
  input: Params,
  name: Name,
): NonNullable<Params[Name]> {
  const value = input[name];
  if (value !== undefined && value !== null) return value;
  throw new ParamsError(`"source: ${String(input.source)}" needs "${name}"`, {
    code: 'DROVER_MISSING_ARGUMENT',
    argument: 'source',
  });
}

function isLoaded({ force_source }: Params, { image: { local }, loadable = [] }: State): boolean {
  return local !== undefined && (!force_source || loadable.some(({ id }) => id === local.Id));
}

function planArchive(
  { archive_path: path, name, tag }: Params,
  { image: { local }, archived = [] }: State,
  what: string,
): readonly ImageChange[] {
  if (path === undefined) return [];
  const full = fullImageName(name, tag);
  const names = isImageId(full) ? [] : [reference(full)];
  const [first, ...others] = archived;
  const isSame = first?.id === local?.Id && String(first?.names) === String(names);
  if (first !== undefined && others.length === 0 && isSame) return [];
  const before = first === undefined ? 'absent' : first.id;
  const after = local?.Id ?? what;
  return [{ what: path, before, after, operation: { type: 'archive' } }];
}

function planTag(input: Params, { image, tagged }: State): readonly ImageChange[] {
  const id = image.local?.Id;
  const name = secondName(input);
  if (name === undefined || (tagged !== undefined && (tagged === id || !input.force_tag)))
    return [];
  const what = `image ${reference(name)}`;
  return [{ what, before: tagged ?? 'absent', after: id ?? 'tagged', operation: { type: 'tag' } }];
}

/** Whether the registry has this image is known by the digest that it had when it was pushed or pulled. */
function planPush(
  input: Params,
  { image: { local }, pushedDigest }: State,
  source: readonly ImageChange[],
): readonly ImageChange[] {
  if (!input.push) return [];
  const isSettled = source.every(({ operation }) => operation.type === 'done');
  const known = (local?.RepoDigests ?? []).map((digest) => digest.split('@')[1]);
  if (isSettled && pushedDigest !== undefined && known.includes(pushedDigest)) return [];
  return [
    {
      what: `registry: ${pushedName(input)}`,
      before: pushedDigest ?? 'absent',
      after: 'pushed',
      operation: { type: 'push' },
    },
  ];
}

/** Images on a host and what a registry has under the same name: the questions and the pull that modules share. */
import * as z from 'zod';
import type { Target } from '../../target/target.ts';
import type { Engine } from './client.ts';
import { EngineRefusal } from './engineErrors.ts';
import { isImageId, parseImageName, reference, registryOf } from './imageName.ts';
import { registryAuth } from './registryAuth.ts';

const texts = z.array(z.string()).nullish();

/** What we read of an image; the rest is kept for return values. */
export const ImageInspect = z.looseObject({
  Id: z.string(),
  RepoTags: texts,
  RepoDigests: texts,
  Os: z.string().nullish(),
  Architecture: z.string().nullish(),
  Variant: z.string().nullish(),
  Config: z
    .looseObject({
      Env: texts,
      Labels: z.record(z.string(), z.string()).nullish(),
      Volumes: z.record(z.string(), z.unknown()).nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
});
export type ImageInspect = z.output<typeof ImageInspect>;

/** `never`: it must be there; `missing`: pull it when it is not; `always`: bring it up to date. */
export type PullPolicy = 'never' | 'missing' | 'always';

export interface ImageQuestion {
  readonly name: string;
  readonly pull: PullPolicy;
  readonly platform?: string | undefined;
}

export interface ImageState {
  readonly local: ImageInspect | undefined;
  /** Digest that the registry has now, when it was asked and answered. */
  readonly remoteDigest?: string;
  /** The registry could not be asked for a digest, so that only a pull can tell. */
  readonly isUnknown?: boolean;
  /** Id before an update that had to be made to learn whether there is one; undefined when it was not there. */
  readonly updatedFrom?: string | undefined;
}

export async function inspectImage(
  engine: Engine,
  name: string,
): Promise<ImageInspect | undefined> {
  const path = `/images/${encodeURI(reference(name))}/json`;
  const answer = await engine.find({ method: 'GET', path, doing: `inspect image ${name}` });
  return answer === undefined ? undefined : ImageInspect.parse(answer);
}

/**
 * The local image and, for `always`, whether the registry has another under that name. A registry behind a mirror tells
 * no digest; outside check mode the pull itself is then the question, and `updatedFrom` says what it changed.
 */
export async function observeImage(
  engine: Engine,
  target: Pick<Target, 'sh'>,
  question: ImageQuestion,
  checkMode: boolean,
): Promise<ImageState> {
  const local = await inspectImage(engine, question.name);
  if (local === undefined || question.pull !== 'always' || !canBePulled(question.name))
    return { local };
  const remoteDigest = await digestInRegistry(engine, target, question.name);
  if (remoteDigest !== undefined) return { local, remoteDigest };
  if (checkMode) return { local, isUnknown: true };
  const pulled = await pullImage(engine, target, question);
  return pulled.Id === local.Id ? { local } : { local: pulled, updatedFrom: local.Id };
}

function canBePulled(name: string): boolean {
  return !isImageId(name) && parseImageName(name).digest === undefined;
}

/** Whether a pull would bring something new. Pure. */
export function isOutdated({ local, remoteDigest }: ImageState): boolean {
  if (local === undefined || remoteDigest === undefined) return false;
  const known = (local.RepoDigests ?? []).map((digest) => digest.split('@')[1]);
  return !known.includes(remoteDigest);
}

/** Undefined where the registry has no such image, tells no digest, or does not answer. */
export async function digestInRegistry(
  engine: Engine,
  target: Pick<Target, 'sh'>,
  name: string,
): Promise<string | undefined> {
  const auth = await registryAuth(target, registryOf(name));
  const path = `/distribution/${encodeURI(reference(name))}/json`;
  try {
    const answer = await engine.call({ method: 'GET', path, auth, doing: `ask for image ${name}` });
    return Distribution.parse(answer).Descriptor.digest;
  } catch (error) {
    if (error instanceof EngineRefusal) return undefined;
    throw error;
  }
}

const Distribution = z.looseObject({ Descriptor: z.looseObject({ digest: z.string() }) });

/** Pulls and inspects. @throws EngineRefusal with what the registry said. */
export async function pullImage(
  engine: Engine,
  target: Pick<Target, 'sh'>,
  { name, platform }: Pick<ImageQuestion, 'name' | 'platform'>,
): Promise<ImageInspect> {
  const { repository, tag, digest } = parseImageName(reference(name));
  await engine.follow({
    method: 'POST',
    path: '/images/create',
    query: { fromImage: repository, tag: digest ?? tag, platform },
    auth: await registryAuth(target, registryOf(name)),
    doing: `pull image ${name}`,
  });
  const image = await inspectImage(engine, name);
  if (image !== undefined) return image;
  throw new EngineRefusal(`pull image ${name}`, 404, 'it is not there after the pull', undefined);
}

/** @throws EngineRefusal with what the registry said. */
export async function pushImage(
  engine: Engine,
  target: Pick<Target, 'sh'>,
  name: string,
): Promise<void> {
  const { repository, tag } = parseImageName(reference(name));
  const registry = registryOf(name);
  await engine.follow({
    method: 'POST',
    path: `/images/${encodeURI(repository)}/push`,
    query: { tag },
    // The Engine wants the header also where nobody logged in.
    auth: (await registryAuth(target, registry)) ?? { serveraddress: registry },
    doing: `push image ${name}`,
  });
}

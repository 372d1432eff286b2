/** `docker_image`: an image on the host, built, pulled, loaded from an archive, or there already; named, pushed, archived. */
import { ModuleError } from '../../core/errors.ts';
import type { ResultData } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { type ApplyContext, defineResource, type ObserveContext } from '../module.ts';
import { buildImage } from './buildImage.ts';
import { askEngine, type Engine, withEngine } from './client.ts';
import {
  digestInRegistry,
  type ImageState,
  inspectImage,
  observeImage,
  pullImage,
  pushImage,
} from './image.ts';
import { archivedImages, saveImage } from './imageArchive.ts';
import { isImageId, parseImageName, reference } from './imageName.ts';
import { type Params, params } from './imageParams.ts';
import {
  fullImageName,
  type ImageChange,
  type Operation,
  planImage,
  pushedName,
  type State,
  secondName,
} from './imagePlan.ts';

export const dockerImage = defineResource({
  name: 'docker_image',
  collection: 'community.docker',
  aliases: ['community.general.docker_image', 'ansible.builtin.docker_image'],
  summary: 'Build, pull, load, tag, push, archive and remove images',
  description:
    'Builds with the Engine API, thus without BuildKit: RUN --mount and the like need `docker build` on the host.',
  params,
  examples: [
    '- docker_image: { name: "nginx:1.25", source: pull }',
    '- docker_image: { name: "app:2", source: build, build: { path: /srv/app, args: { VERSION: "2" } } }',
    '- docker_image: { name: "app:2", repository: "registry.example.org/app", push: true, source: local }',
    '- docker_image: { name: app, source: load, load_path: /srv/app.tar }',
    '- docker_image: { name: app, source: local, archive_path: /srv/app.tar }',
    '- docker_image: { name: "nginx:1.25", state: absent }',
  ],
  returns: {
    image: 'The image as the Engine shows it.',
    stdout: 'What a build printed.',
  },
  observe: () => ({}),
  observeWith: (target, input, _state, context) => observe(target, input, context),
  plan: (input, state) => planImage(input, state),
  apply: (changes, target, input, context) => apply(changes, target, input, context),
  result: (_input, { image: { local }, stdout }) => ({
    image: local ?? {},
    ...(stdout !== undefined && { stdout }),
  }),
});

function observe(target: Target, input: Params, context: ObserveContext): Promise<State> {
  const ask = async (engine: Engine): Promise<State> => ({
    ...(await observeSource(engine, target, input, context.checkMode)),
    ...(await observeNames(engine, target, input)),
    ...(await observeArchives(target, input)),
    isPredicted: false,
  });
  const nothing: State = { image: { local: undefined }, tagged: undefined, isPredicted: true };
  return askEngine(target, input, context, ask, nothing);
}

/** The image, and what its source has to say of it when it is to be brought up to date. */
async function observeSource(
  engine: Engine,
  target: Target,
  input: Params,
  checkMode: boolean,
): Promise<Pick<State, 'image' | 'stdout'>> {
  const name = fullImageName(input.name, input.tag);
  const isForced = input.state === 'present' && input.force_source;
  if (input.source === 'build' && isForced) return rebuilt(engine, target, input, checkMode);
  const pull = input.source === 'pull' && isForced ? 'always' : 'missing';
  const question = { name, pull, platform: input.pull?.platform } as const;
  return { image: await observeImage(engine, target, question, checkMode) };
}

/** Only a build can tell whether it brings another image; check mode leaves it open. */
async function rebuilt(
  engine: Engine,
  target: Target,
  { name, tag, build }: Params,
  checkMode: boolean,
): Promise<{ readonly image: ImageState; readonly stdout?: string }> {
  const full = fullImageName(name, tag);
  const old = await inspectImage(engine, full);
  if (checkMode || old === undefined || build === undefined) {
    return { image: { local: old, isUnknown: true } };
  }
  const stdout = await buildImage(engine, target, full, build);
  const local = await inspectImage(engine, full);
  const isSame = local?.Id === old.Id;
  return { image: isSame ? { local } : { local, updatedFrom: old.Id }, stdout };
}

/** What has the second name now, and what the registry has under the name that is to be pushed. */
async function observeNames(
  engine: Engine,
  target: Target,
  input: Params,
): Promise<Pick<State, 'tagged' | 'pushedDigest'>> {
  const isPresent = input.state === 'present';
  const second = isPresent ? secondName(input) : undefined;
  const tagged = second === undefined ? undefined : await inspectImage(engine, second);
  if (!isPresent || !input.push) return { tagged: tagged?.Id };
  const pushedDigest = await digestInRegistry(engine, target, pushedName(input));
  return { tagged: tagged?.Id, pushedDigest };
}

async function observeArchives(
  target: Target,
  { state, source, force_source, load_path, archive_path }: Params,
): Promise<Pick<State, 'loadable' | 'archived'>> {
  if (state === 'absent') return {};
  const isAskedAgain = source === 'load' && force_source && load_path !== undefined;
  return {
    ...(isAskedAgain && { loadable: await archivedImages(target, load_path) }),
    ...(archive_path !== undefined && { archived: await archivedImages(target, archive_path) }),
  };
}

function apply(
  changes: readonly ImageChange[],
  target: Target,
  input: Params,
  { signal }: ApplyContext,
) {
  const name = fullImageName(input.name, input.tag);
  return withEngine(target, input, signal, async (engine) => {
    let told: ResultData = {};
    for (const { operation } of changes) {
      told = { ...told, ...(await applyOne(engine, target, input, operation)) };
    }
    return { image: (await inspectImage(engine, name)) ?? {}, ...told };
  });
}

/** Returns further return keys. */
async function applyOne(
  engine: Engine,
  target: Target,
  input: Params,
  { type }: Operation,
): Promise<ResultData | undefined> {
  const name = fullImageName(input.name, input.tag);
  switch (type) {
    case 'done':
      return undefined;
    case 'build':
      return built(engine, target, input, name);
    case 'pull':
      await pullImage(engine, target, { name, platform: input.pull?.platform });
      return undefined;
    case 'load':
      await load(engine, target, input.load_path ?? '', name);
      return undefined;
    case 'archive':
      await saveImage(engine, target, name, input.archive_path ?? '');
      return undefined;
    case 'tag':
      await tag(engine, name, secondName(input) ?? '');
      return undefined;
    case 'push':
      await pushImage(engine, target, pushedName(input));
      return undefined;
    case 'remove':
      await remove(engine, name, input.force_absent);
      return undefined;
    default:
      return type satisfies never;
  }
}

/** @throws ModuleError for an id: what is built gets a name. */
async function built(engine: Engine, target: Target, { build }: Params, name: string) {
  if (isImageId(name)) throw new ModuleError(`an image cannot be built as ${name}: give it a name`);
  return build && { stdout: await buildImage(engine, target, name, build) };
}

async function load(engine: Engine, target: Target, archive: string, name: string): Promise<void> {
  const path = '/images/load';
  await engine.follow(
    { method: 'POST', path, doing: `load ${archive}` },
    await target.download(archive),
  );
  if ((await inspectImage(engine, name)) !== undefined) return;
  throw new ModuleError(`the archive ${archive} does not hold image ${name}`);
}

async function tag(engine: Engine, name: string, second: string): Promise<void> {
  const { repository: repo, tag: label } = parseImageName(reference(second));
  await engine.call({
    method: 'POST',
    path: `/images/${encodeURI(reference(name))}/tag`,
    query: { repo, tag: label },
    doing: `tag image ${name} as ${second}`,
  });
}

async function remove(engine: Engine, name: string, force: boolean): Promise<void> {
  const path = `/images/${encodeURI(reference(name))}`;
  await engine.call({ method: 'DELETE', path, query: { force }, doing: `remove image ${name}` });
}

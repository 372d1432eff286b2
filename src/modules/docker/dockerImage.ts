/** `docker_image`: an image on the host, pulled, loaded from an archive, or there already; also under a second name. */
import { z } from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { type ApplyContext, defineResource, type ObserveContext } from '../module.ts';
import { boolean, object, path, text } from '../params.ts';
import { askEngine, type Engine, withEngine } from './client.ts';
import { engineParams } from './engineParams.ts';
import {
  type ImageInspect,
  type ImageState,
  inspectImage,
  isOutdated,
  observeImage,
  pullImage,
} from './image.ts';
import { isImageId, parseImageName, reference } from './imageName.ts';

const params = z.strictObject({
  name: text().describe('Image, by name or id; a tag in it wins over `tag`.'),
  tag: text().default('latest').describe('Tag, where the name has none.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  source: z
    .enum(['pull', 'load', 'local'])
    .optional()
    .describe('Where it comes from: a registry, an archive on the host, or it must be there.'),
  pull: object({ platform: text().optional().describe('Platform to pull, e.g. linux/amd64.') })
    .optional()
    .describe('How it is pulled.'),
  load_path: path().optional().describe('Archive on the host, for `source: load`.'),
  repository: text().optional().describe('Second name, `repository[:tag]`, that it gets.'),
  force_source: boolean()
    .default(false)
    .describe('Pull or load again; a pull only where the registry has another.'),
  force_tag: boolean()
    .default(false)
    .describe('Let `repository` name this image even if it names another.'),
  force_absent: boolean()
    .default(false)
    .describe('Remove it even if it has other names or stopped containers.'),
  ...engineParams,
});
type Params = z.output<typeof params>;

interface State {
  readonly image: ImageState;
  /** Id of what `repository` names now. */
  readonly tagged: string | undefined;
  readonly isPredicted: boolean;
}

type Operation = { readonly type: 'pull' | 'pulled' | 'load' | 'tag' | 'remove' };
type ImageChange = Change<Operation>;

export const dockerImage = defineResource({
  name: 'docker_image',
  collection: 'community.docker',
  aliases: ['community.general.docker_image', 'ansible.builtin.docker_image'],
  summary: 'Pull, load, tag and remove images',
  params,
  examples: [
    '- docker_image: { name: "nginx:1.25", source: pull }',
    '- docker_image: { name: app, source: load, load_path: /srv/app.tar }',
    '- docker_image: { name: "nginx:1.25", state: absent }',
  ],
  returns: { image: 'The image as the Engine shows it.' },
  observe: () => ({}),
  observeWith: (target, input, _state, context) => observe(target, input, context),
  plan: (input, state) => planImage(input, state),
  apply: (changes, target, input, context) => apply(changes, target, input, context),
  result: (_input, { image: { local } }) => ({ image: local ?? {} }),
});

/** `name` with the tag. */
export function fullImageName(name: string, tag: string): string {
  const parsed = parseImageName(name);
  const isWhole = isImageId(name) || parsed.tag !== undefined || parsed.digest !== undefined;
  if (isWhole) return name;
  return tag.startsWith('sha256:') ? `${name}@${tag}` : `${name}:${tag}`;
}

function observe(target: Target, input: Params, context: ObserveContext): Promise<State> {
  const name = fullImageName(input.name, input.tag);
  const isAsked = input.state === 'present' && input.source === 'pull' && input.force_source;
  const question = {
    name,
    pull: isAsked ? 'always' : 'missing',
    platform: input.pull?.platform,
  } as const;
  const ask = async (engine: Engine): Promise<State> => {
    const image = await observeImage(engine, target, question, context.checkMode);
    const { repository } = input;
    const tagged = repository === undefined ? undefined : await inspectImage(engine, repository);
    return { image, tagged: tagged?.Id, isPredicted: false };
  };
  const nothing: State = { image: { local: undefined }, tagged: undefined, isPredicted: true };
  return askEngine(target, input, context, ask, nothing);
}

export function planImage(input: Params, state: State): readonly ImageChange[] {
  const { local } = state.image;
  const what = `image ${fullImageName(input.name, input.tag)}`;
  if (input.state === 'absent') {
    const removal: ImageChange = {
      what,
      before: local?.Id,
      after: 'absent',
      operation: { type: 'remove' },
    };
    return local === undefined ? [] : [removal];
  }
  return [...planSource(input, state, what), ...planTag(input, state)];
}

function planSource(
  input: Params,
  { image, isPredicted }: State,
  what: string,
): readonly ImageChange[] {
  const { local, updatedFrom, remoteDigest } = image;
  const isMissing = local === undefined;
  const before = local?.Id ?? 'absent';
  switch (input.source) {
    case 'pull':
      if (updatedFrom !== undefined) {
        return [{ what, before: updatedFrom, after: local?.Id, operation: { type: 'pulled' } }];
      }
      if (!isMissing && !isOutdated(image)) return [];
      return [{ what, before, after: remoteDigest ?? 'pulled', operation: { type: 'pull' } }];
    case 'load':
      if (input.load_path === undefined) throw new ModuleError('"source: load" needs "load_path"');
      if (!isMissing && !input.force_source) return [];
      return [
        { what, before, after: `loaded from ${input.load_path}`, operation: { type: 'load' } },
      ];
    case 'local':
    case undefined:
      if (!isMissing || isPredicted) return [];
      throw new ModuleError(`${what} is not on the host`, {
        hint: 'set "source: pull" or "source: load"',
      });
    default:
      return input.source satisfies never;
  }
}

function planTag(
  { repository, force_tag }: Params,
  { image, tagged }: State,
): readonly ImageChange[] {
  const id = image.local?.Id;
  if (repository === undefined || (tagged !== undefined && (tagged === id || !force_tag)))
    return [];
  const what = `image ${reference(repository)}`;
  return [{ what, before: tagged ?? 'absent', after: id ?? 'tagged', operation: { type: 'tag' } }];
}

function apply(
  changes: readonly ImageChange[],
  target: Target,
  input: Params,
  { signal }: ApplyContext,
) {
  const name = fullImageName(input.name, input.tag);
  return withEngine(target, input, signal, async (engine) => {
    for (const { operation } of changes) await applyOne(engine, target, input, name, operation);
    const image: ImageInspect | undefined = await inspectImage(engine, name);
    return { image: image ?? {} };
  });
}

async function applyOne(
  engine: Engine,
  target: Target,
  input: Params,
  name: string,
  { type }: Operation,
): Promise<void> {
  switch (type) {
    case 'pulled':
      return;
    case 'pull':
      await pullImage(engine, target, { name, platform: input.pull?.platform });
      return;
    case 'load':
      return load(engine, target, input.load_path ?? '', name);
    case 'tag':
      return tag(engine, name, input.repository ?? '');
    case 'remove': {
      const path = `/images/${encodeURI(reference(name))}`;
      const query = { force: input.force_absent };
      await engine.call({ method: 'DELETE', path, query, doing: `remove image ${name}` });
      return;
    }
    default:
      return type satisfies never;
  }
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

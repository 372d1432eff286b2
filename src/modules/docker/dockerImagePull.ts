/** `docker_image_pull`: brings an image to the host, or up to date. */
import * as z from 'zod';
import type { Change } from '../../core/results.ts';
import { defineResource } from '../module.ts';
import { text } from '../params.ts';
import { askEngine, withEngine } from './client.ts';
import { engineParams } from './engineParams.ts';
import { type ImageState, isOutdated, observeImage, pullImage } from './image.ts';
import { fullImageName } from './imagePlan.ts';

const params = z.strictObject({
  name: text().describe('Image; a tag in it wins over `tag`.'),
  tag: text().default('latest').describe('Tag, where the name has none.'),
  platform: text().optional().describe('Platform to pull, e.g. linux/amd64.'),
  pull: z
    .enum(['always', 'not_present'])
    .default('always')
    .describe('`always` brings it up to date, `not_present` pulls it only when it is missing.'),
  ...engineParams,
});

type PullOperation = { readonly type: 'pull' | 'pulled' };

export const dockerImagePull = defineResource({
  name: 'docker_image_pull',
  collection: 'community.docker',
  summary: 'Pull images from a registry',
  params,
  examples: ['- docker_image_pull: { name: nginx, tag: "1.25", pull: not_present }'],
  returns: { image: 'The image as the Engine shows it.' },
  observe: () => ({}),
  observeWith(target, { name, tag, platform, pull, ...input }, _state, context) {
    const policy = pull === 'always' ? 'always' : 'missing';
    const question = { name: fullImageName(name, tag), pull: policy, platform } as const;
    const ask = (engine: Parameters<typeof observeImage>[0]) =>
      observeImage(engine, target, question, context.checkMode);
    const nothing: ImageState = { local: undefined };
    return askEngine(target, input, context, async (engine) => ({ image: await ask(engine) }), {
      image: nothing,
    });
  },
  plan: ({ name, tag }, { image }) => planPull(fullImageName(name, tag), image),
  apply: (changes, target, { name, tag, platform, ...input }, { signal }) =>
    withEngine(target, input, signal, async (engine) => {
      if (changes.every(({ operation }) => operation.type === 'pulled')) return undefined;
      const image = await pullImage(engine, target, { name: fullImageName(name, tag), platform });
      return { image };
    }),
  result: (_input, { image }) => ({ image: image.local ?? {} }),
});

export function planPull(name: string, image: ImageState): readonly Change<PullOperation>[] {
  const { local, remoteDigest, updatedFrom } = image;
  const what = `image ${name}`;
  if (updatedFrom !== undefined) {
    return [{ what, before: updatedFrom, after: local?.Id, operation: { type: 'pulled' } }];
  }
  if (local !== undefined && !isOutdated(image)) return [];
  const before = local?.Id ?? 'absent';
  return [{ what, before, after: remoteDigest ?? 'pulled', operation: { type: 'pull' } }];
}

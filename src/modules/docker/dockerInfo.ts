/** The modules that only look: at a container, an image, a volume or network by name. */
import * as z from 'zod';
import { type ActionContext, defineAction } from '../module.ts';
import { list, text } from '../params.ts';
import { askEngine, type Engine } from './client.ts';
import { inspectContainer } from './container/inspect.ts';
import { type EngineParams, engineParams } from './engineParams.ts';
import { inspectImage } from './image.ts';

/** In check mode a host without an Engine answers with nothing: an earlier task would have installed it. */
export function look<T>(
  { target, signal, checkMode }: ActionContext,
  params: EngineParams,
  work: (engine: Engine) => Promise<T>,
): Promise<T | undefined> {
  return askEngine<T | undefined>(target, params, { signal, checkMode }, work, undefined);
}

const collection = 'community.docker';
const checkMode = 'run';

export const dockerContainerInfo = defineAction({
  name: 'docker_container_info',
  collection,
  aliases: ['community.general.docker_container_info'],
  summary: 'Look at a container',
  params: z.strictObject({ name: text().describe('Container, by name or id.'), ...engineParams }),
  examples: ['- docker_container_info: { name: web }\n  register: web\n'],
  returns: { exists: 'Whether there is one.', container: 'What the Engine shows, or null.' },
  checkMode,
  async run(context, params) {
    const container = await look(context, params, (engine) =>
      inspectContainer(engine, params.name),
    );
    const data = { exists: container !== undefined, container: container ?? null };
    return { changed: false, data };
  },
});

export const dockerImageInfo = defineAction({
  name: 'docker_image_info',
  collection,
  aliases: ['community.general.docker_image_info'],
  summary: 'Look at images',
  params: z.strictObject({
    name: list(text()).optional().describe('Images, by name or id; all of the host without it.'),
    ...engineParams,
  }),
  examples: ['- docker_image_info: { name: "nginx:1.25" }'],
  returns: { images: 'What the Engine shows, an entry for each that is there.' },
  checkMode,
  async run(context, params) {
    const images = await look(context, params, async (engine) => {
      const names = params.name ?? (await allImages(engine));
      const found = await Promise.all(names.map((name) => inspectImage(engine, name)));
      return found.filter((image) => image !== undefined);
    });
    return { changed: false, data: { images: images ?? [] } };
  },
});

async function allImages(engine: Engine): Promise<readonly string[]> {
  const answer = await engine.call({ method: 'GET', path: '/images/json', doing: 'list images' });
  return z
    .array(z.looseObject({ Id: z.string() }))
    .parse(answer)
    .map(({ Id }) => Id);
}

export const dockerVolumeInfo = defineAction({
  name: 'docker_volume_info',
  collection,
  aliases: ['community.general.docker_volume_info'],
  summary: 'Look at a volume',
  params: z.strictObject({
    name: text()
      .describe('Volume.')
      .meta({ aliases: ['volume_name'] }),
    ...engineParams,
  }),
  examples: ['- docker_volume_info: { name: data }'],
  returns: { exists: 'Whether there is one.', volume: 'What the Engine shows, or null.' },
  checkMode,
  async run(context, params) {
    const path = `/volumes/${encodeURIComponent(params.name)}`;
    const volume = await look(context, params, (engine) =>
      engine.find({ method: 'GET', path, doing: `inspect volume ${params.name}` }),
    );
    return { changed: false, data: { exists: volume !== undefined, volume: volume ?? null } };
  },
});

export const dockerNetworkInfo = defineAction({
  name: 'docker_network_info',
  collection,
  aliases: ['community.general.docker_network_info'],
  summary: 'Look at a network',
  params: z.strictObject({ name: text().describe('Network, by name or id.'), ...engineParams }),
  examples: ['- docker_network_info: { name: backend }'],
  returns: { exists: 'Whether there is one.', network: 'What the Engine shows, or null.' },
  checkMode,
  async run(context, params) {
    const path = `/networks/${encodeURIComponent(params.name)}`;
    const network = await look(context, params, (engine) =>
      engine.find({ method: 'GET', path, doing: `inspect network ${params.name}` }),
    );
    return { changed: false, data: { exists: network !== undefined, network: network ?? null } };
  },
});

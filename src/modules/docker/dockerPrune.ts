/** `docker_prune`: removes what nothing uses. */
import * as z from 'zod';
import type { ResultData } from '../../core/results.ts';
import { type ActionOutcome, defineAction } from '../module.ts';
import { anyValue, boolean, dict, text } from '../params.ts';
import { type Engine, withEngine } from './client.ts';
import { engineParams } from './engineParams.ts';
import { bytes } from './units.ts';

const filters = (what: string) =>
  dict(anyValue()).optional().describe(`Only ${what} that these filters of Docker select.`);

const params = z.strictObject({
  containers: boolean().default(false).describe('Remove stopped containers.'),
  containers_filters: filters('containers'),
  images: boolean()
    .default(false)
    .describe('Remove images without a name; with the filter `dangling: false` all unused ones.'),
  images_filters: filters('images'),
  networks: boolean().default(false).describe('Remove networks without containers.'),
  networks_filters: filters('networks'),
  volumes: boolean().default(false).describe('Remove volumes without containers.'),
  volumes_filters: filters('volumes'),
  builder_cache: boolean().default(false).describe('Remove what building images left behind.'),
  builder_cache_all: boolean().default(false).describe('Also what builds could use again.'),
  builder_cache_filters: filters('entries of the cache'),
  builder_cache_keep_storage: text()
    .optional()
    .describe('How much of the cache to keep, as `512M`.'),
  ...engineParams,
});
type Params = z.output<typeof params>;

/** As the Engine's API names it, where it lists what it removed, and the return keys. */
const KINDS = [
  { kind: 'containers', deleted: 'ContainersDeleted', hasSpace: true },
  { kind: 'images', deleted: 'ImagesDeleted', hasSpace: true },
  { kind: 'networks', deleted: 'NetworksDeleted', hasSpace: false },
  { kind: 'volumes', deleted: 'VolumesDeleted', hasSpace: true },
] as const;

const Answer = z.looseObject({ SpaceReclaimed: z.number().nullish() });

export const dockerPrune = defineAction({
  name: 'docker_prune',
  collection: 'community.docker',
  aliases: ['community.general.docker_prune'],
  summary: 'Remove containers, images, networks, volumes and build cache that nothing uses',
  description: 'Skipped in check mode: the Engine cannot tell beforehand what it would remove.',
  params,
  examples: [
    '- docker_prune: { containers: true, images: true }\n',
    '- docker_prune:\n    images: true\n    images_filters: { dangling: false, until: 240h }\n',
  ],
  returns: {
    containers: 'Ids of removed containers.',
    containers_space_reclaimed: 'Bytes that they took.',
    images: 'Removed images, as `Untagged` and `Deleted`.',
    images_space_reclaimed: 'Bytes that they took.',
    networks: 'Names of removed networks.',
    volumes: 'Names of removed volumes.',
    volumes_space_reclaimed: 'Bytes that they took.',
    builder_cache_space_reclaimed: 'Bytes that the cache took.',
    builder_cache_caches_deleted: 'Removed entries of the cache.',
  },
  checkMode: 'skip',
  run: ({ target, signal }, input) =>
    withEngine(target, input, signal, (engine) => pruneAll(engine, input)),
});

async function pruneAll(engine: Engine, input: Params): Promise<ActionOutcome> {
  const results: Pruned[] = [];
  for (const each of KINDS) {
    if (!input[each.kind]) continue;
    const answer = await prune(engine, each.kind, input[`${each.kind}_filters`]);
    const removed = asList(answer[each.deleted]);
    const space = { [`${each.kind}_space_reclaimed`]: answer.SpaceReclaimed ?? 0 };
    const data = { [each.kind]: removed, ...(each.hasSpace ? space : {}) };
    results.push({ isChanged: removed.length > 0, data });
  }
  if (input.builder_cache) results.push(await pruneCache(engine, input));
  return {
    changed: results.some(({ isChanged }) => isChanged),
    data: Object.assign({}, ...results.map(({ data }) => data)),
  };
}

interface Pruned {
  readonly isChanged: boolean;
  readonly data: ResultData;
}

async function prune(engine: Engine, kind: string, chosen: Params['images_filters']) {
  const query = { filters: filterText(chosen) };
  const path = `/${kind}/prune`;
  return Answer.parse(
    await engine.call({ method: 'POST', path, query, doing: `prune ${kind}`, unlimited: true }),
  );
}

async function pruneCache(engine: Engine, input: Params): Promise<Pruned> {
  const { builder_cache_keep_storage: keep } = input;
  const query = {
    all: input.builder_cache_all ? true : undefined,
    'keep-storage': keep === undefined ? undefined : bytes(keep, 'builder_cache_keep_storage'),
    filters: filterText(input.builder_cache_filters),
  };
  const call = { method: 'POST', path: '/build/prune', query, unlimited: true } as const;
  const answer = Answer.parse(await engine.call({ ...call, doing: 'prune the build cache' }));
  const deleted = asList(answer['CachesDeleted']);
  const space = answer.SpaceReclaimed ?? 0;
  return {
    isChanged: space > 0 || deleted.length > 0,
    data: { builder_cache_space_reclaimed: space, builder_cache_caches_deleted: deleted },
  };
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** `{"until":["24h"]}`: every filter has a list of texts. */
export function filterText(chosen: Params['images_filters']): string | undefined {
  if (chosen === undefined) return undefined;
  const entries = Object.entries(chosen).map(([name, value]) => [
    name,
    (Array.isArray(value) ? value : [value]).map(String),
  ]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** `docker_host_info`: what the Engine tells of itself, and lists of what it has. */
import * as z from 'zod';
import { defineAction } from '../module.ts';
import { boolean, dict, plain } from '../params.ts';
import type { Engine } from './client.ts';
import { look } from './dockerInfo.ts';
import { engineParams } from './engineParams.ts';

const KINDS = ['containers', 'images', 'networks', 'volumes'] as const;
type Kind = (typeof KINDS)[number];

/** What is shown of each without `verbose_output`. */
const SHOWN: Readonly<Record<Kind, readonly string[]>> = {
  containers: ['Id', 'Image', 'Command', 'Created', 'Status', 'Ports', 'Names'],
  images: ['Id', 'RepoTags', 'Created', 'Size'],
  networks: ['Id', 'Driver', 'Name', 'Scope'],
  volumes: ['Driver', 'Name'],
};

function filters(kind: Kind) {
  return dict(plain())
    .optional()
    .describe(`Which ${kind}: a value, or a list of values, by the name of the Engine's filter.`);
}

const params = z.strictObject({
  containers: boolean().default(false).describe('List the containers that run.'),
  containers_all: boolean().default(false).describe('Also those that do not run.'),
  containers_filters: filters('containers'),
  images: boolean().default(false).describe('List the images.'),
  images_filters: filters('images'),
  networks: boolean().default(false).describe('List the networks.'),
  networks_filters: filters('networks'),
  volumes: boolean().default(false).describe('List the volumes.'),
  volumes_filters: filters('volumes'),
  disk_usage: boolean().default(false).describe('Tell how much room all of it takes.'),
  verbose_output: boolean().default(false).describe('Show all that the Engine tells of each.'),
  ...engineParams,
});
type Params = z.output<typeof params>;

export const dockerHostInfo = defineAction({
  name: 'docker_host_info',
  collection: 'community.docker',
  summary: 'Look at the Docker Engine of a host',
  params,
  examples: [
    '- docker_host_info:\n  register: engine\n',
    '- docker_host_info: { containers: true, containers_filters: { label: [app, tier=web] } }',
  ],
  returns: {
    can_talk_to_docker: 'Whether an Engine answers.',
    host_info: 'What `docker info` shows.',
    version: 'What `docker version` shows of the server.',
    containers: 'With `containers`: a dict for each.',
    images: 'With `images`: a dict for each.',
    networks: 'With `networks`: a dict for each.',
    volumes: 'With `volumes`: a dict for each.',
    disk_usage: 'With `disk_usage`: bytes in layers; with `verbose_output` all that is known.',
  },
  checkMode: 'run',
  async run(context, input) {
    const answer = await look(context, input, (engine) => ask(engine, input));
    const nothing = { host_info: {}, version: {} };
    const data = { can_talk_to_docker: answer !== undefined, ...(answer ?? nothing) };
    return { changed: false, data };
  },
});

async function ask(engine: Engine, input: Params) {
  const wanted = KINDS.filter((kind) => input[kind]);
  const lists = await Promise.all(
    wanted.map(async (kind) => [kind, await listed(engine, kind, input)] as const),
  );
  return {
    host_info: await engine.call({ method: 'GET', path: '/info', doing: 'ask about the Engine' }),
    version: await engine.call({ method: 'GET', path: '/version', doing: 'ask its version' }),
    ...Object.fromEntries(lists),
    ...(input.disk_usage && { disk_usage: await diskUsage(engine, input) }),
  };
}

const Items = z.array(z.record(z.string(), z.unknown()));

async function listed(engine: Engine, kind: Kind, input: Params) {
  const path = kind === 'containers' || kind === 'images' ? `/${kind}/json` : `/${kind}`;
  const query = {
    filters: engineFilters(input[`${kind}_filters`]),
    ...(kind === 'containers' && { all: input.containers_all }),
  };
  const answer = await engine.call({ method: 'GET', path, query, doing: `list ${kind}` });
  const items =
    kind === 'volumes' ? z.looseObject({ Volumes: z.unknown() }).parse(answer).Volumes : answer;
  const all = Items.nullable().parse(items) ?? [];
  if (input.verbose_output) return all;
  return all.map((item) => Object.fromEntries(SHOWN[kind].map((key) => [key, item[key] ?? null])));
}

/** `{ label: app }` as the Engine takes it: `{ label: [app] }`. Pure. */
function engineFilters(given: Readonly<Record<string, unknown>> | undefined) {
  if (given === undefined) return undefined;
  const entries = Object.entries(given).map(([name, value]) => [name, [value].flat().map(String)]);
  return Object.fromEntries(entries) as Readonly<Record<string, readonly string[]>>;
}

async function diskUsage(engine: Engine, { verbose_output }: Params) {
  const doing = 'ask for its disk usage';
  const usage = await engine.call({ method: 'GET', path: '/system/df', doing });
  if (verbose_output) return usage;
  return { LayersSize: z.looseObject({ LayersSize: z.number() }).parse(usage).LayersSize };
}

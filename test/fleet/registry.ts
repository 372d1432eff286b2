// The image registry: a container on the fleet's network, which hosts use as their registry mirror, so that images are
// pulled by their real names. This machine pushes to it over a port of 127.0.0.1.
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError, docker, dockerSays } from './command.ts';
import { httpAnswers } from './httpAnswers.ts';

import type { Progress } from './machine.ts';
import type { Network } from './network.ts';
import { freePort } from './ports.ts';
import type { ImageRecipe } from './recipes.ts';
import type { State } from './state.ts';

export interface Registry {
  /** `host:port` for this machine. */
  readonly pushAddress: string;
  /** URL for a host's `registry-mirrors`. */
  readonly mirror: string;
}

const addressInNetwork = 2;
const port = 5000;

const containerOf = (state: State): string => `${state.id}-registry`;

export const mirrorUrl = (network: Network): string =>
  `http://${network.address(addressInNetwork)}:${port}`;

/** The registry, started when it does not run; what was pushed before is still in its volume. */
export async function ensureRegistry(
  state: State,
  network: Network,
  image: string,
): Promise<Registry> {
  const name = containerOf(state);
  const running = await docker(['ps', '--quiet', '--filter', `name=^/${name}$`]);
  if (running.trim() === '') await start(state, network, image);
  const published = await docker(['port', name, `${port}/tcp`]);
  const pushAddress = `127.0.0.1:${published.trim().split(':').at(-1)}`;
  await waitUntilAnswering(pushAddress, 20_000);
  return { pushAddress, mirror: mirrorUrl(network) };
}

/** A port may be taken although nobody listens: the engine gives ports to containers that start at the same time. */
async function start(state: State, network: Network, image: string): Promise<void> {
  const taken = new Set<number>();
  for (;;) {
    const from = await freePort(port, taken);
    try {
      await startAt(from, state, network, image);
      return;
    } catch (error) {
      const isTaken = error instanceof CommandError && /already allocated/.test(error.output);
      if (!isTaken || taken.size > 20) throw error;
    }
  }
}

async function startAt(
  published: number,
  state: State,
  network: Network,
  image: string,
): Promise<void> {
  const name = containerOf(state);
  if (await dockerSays(['container', 'inspect', name])) await docker(['rm', '--force', name]);
  await docker([
    ...['run', '--detach', '--restart', 'unless-stopped', '--name', name],
    ...['--label', `drover.fleet=${state.id}`],
    ...['--network', network.name, '--ip', network.address(addressInNetwork)],
    ...['--publish', `127.0.0.1:${published}:${port}`],
    ...['--volume', `${name}:/var/lib/registry`],
    image,
  ]);
}

async function waitUntilAnswering(address: string, timeoutMs: number): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await answers(`http://${address}/v2/`))) {
    if (Date.now() > deadline) throw new Error(`no registry at ${address} after ${timeoutMs} ms`);
    await sleep(100);
  }
}

const manifests = { accept: 'application/vnd.docker.distribution.manifest.v2+json' };

const answers = (url: string): Promise<boolean> => httpAnswers(url, manifests);

/** Pushes an image under its published names, unless this very build is there already. The tag that says so is pushed
 *  last: an interrupted push is done again. */
export async function publish(
  registry: Registry,
  { name, published }: ImageRecipe,
  tag: string,
  progress: Progress,
): Promise<void> {
  const [first] = published;
  if (first === undefined) return;
  const repository = first.split(':')[0];
  const seal = `${repository}:fleet-${tag.split(':')[1]}`;
  if (await answers(`http://${registry.pushAddress}/v2/${seal.replace(':', '/manifests/')}`))
    return;
  progress(`publishing ${name}`);
  for (const each of [...published, seal]) await push(tag, `${registry.pushAddress}/${each}`);
}

async function push(tag: string, target: string): Promise<void> {
  await docker(['tag', tag, target]);
  await docker(['push', '--quiet', target], { timeoutMs: 600_000 });
  await docker(['image', 'rm', target]);
}

export const removeRegistry = async (state: State): Promise<void> => {
  if (await dockerSays(['container', 'inspect', containerOf(state)]))
    await docker(['rm', '--force', containerOf(state)]);
};

export const removePublished = async (state: State): Promise<void> => {
  if (await dockerSays(['volume', 'inspect', containerOf(state)]))
    await docker(['volume', 'rm', containerOf(state)]);
};

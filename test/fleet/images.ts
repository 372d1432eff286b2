// The images of the fleet: which there are, how each is named after what goes into it, and building what is not there yet.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { baseImage } from './baseImage.ts';
import { docker, lines } from './command.ts';
import { digestOf, digestOfFolder } from './digest.ts';
import type { Progress } from './machine.ts';
import { type RancherImage, rancherBuildContext } from './rancher/image.ts';
import type { State } from './state.ts';

export interface ImageRecipe {
  readonly name: string;
  /** Another recipe's name, or the Debian base. */
  readonly from: string;
  /** A short name for everything that goes into the image besides what it builds on. */
  digest(): Promise<string>;
  /** The folder with the Dockerfile, whose `BASE` argument names the image it builds on. What has to be made first is
   *  made in `scratch`. */
  context(scratch: string): Promise<string>;
  /** Names under which hosts find the image in the registry. */
  readonly published: readonly string[];
}

function recipe(name: string, published: readonly string[] = [], from = 'base'): ImageRecipe {
  const folder = join(import.meta.dirname, 'images', name);
  return {
    name,
    from,
    published,
    digest: () => digestOfFolder(folder),
    context: async () => folder,
  };
}

/** The double of Rancher is a program of this project: bundled when an image of it is built. */
function rancherRecipe(image: RancherImage, published: string): ImageRecipe {
  const sources = join(import.meta.dirname, 'rancher');
  const lock = join(import.meta.dirname, '../../package-lock.json');
  return {
    name: `rancher-${image}`,
    from: 'base',
    published: [published],
    digest: async () =>
      digestOf(await digestOfFolder(sources), await readFile(lock, 'utf8'), process.version),
    async context(scratch) {
      await rancherBuildContext(image, scratch);
      return scratch;
    },
  };
}

export const recipes: readonly ImageRecipe[] = [
  recipe('host'),
  recipe('hostPython', [], 'host'),
  recipe('registry', ['library/registry:2', 'library/registry:latest']),
  recipe('wordpress', ['library/wordpress:latest', 'library/wordpress:6.1']),
  recipe('mysql', ['library/mysql:5.7', 'library/mysql:latest']),
  rancherRecipe('server', 'rancher/server:v1.6.30'),
  rancherRecipe('agent', 'rancher/agent:v1.2.11'),
  recipe('nginx', ['library/nginx:latest']),
  recipe('redis', ['library/redis:latest']),
  recipe('busybox', ['library/busybox:latest']),
];

/** Images by recipe name. Each is built at most once, as soon as somebody asks for it. */
export interface Images {
  /** The local tag of the image, once it is there. */
  ready(name: string): Promise<string>;
}

/** Two builds at a time: they are bound by the processor. */
const concurrentBuilds = 2;

export async function images(state: State, progress: Progress): Promise<Images> {
  const present = new Set(await localTags());
  const base = await baseImage(state, progress);
  const queue = new PQueue({ concurrency: concurrentBuilds });
  const started = new Map<string, Promise<string>>();

  const ready = (name: string): Promise<string> => {
    const running = started.get(name) ?? make(name);
    started.set(name, running);
    return running;
  };
  const build = async (wanted: ImageRecipe, parent: string, tag: string): Promise<void> => {
    progress(`building ${wanted.name}`);
    await mkdir(state.folder, { recursive: true });
    const scratch = await mkdtemp(join(state.folder, 'context-'));
    try {
      const argv = ['--build-arg', `BASE=${parent}`, '--tag', tag, await wanted.context(scratch)];
      await docker(['build', ...argv], { timeoutMs: 900_000 });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  };
  const make = async (name: string): Promise<string> => {
    if (name === 'base') {
      if (!present.has(base.tag)) await base.make();
      return base.tag;
    }
    const wanted = recipeNamed(name);
    const parent = await ready(wanted.from);
    const tag = await tagOf(wanted, parent);
    if (!present.has(tag)) await queue.add(() => build(wanted, parent, tag));
    return tag;
  };
  return { ready };
}

function recipeNamed(name: string): ImageRecipe {
  const found = recipes.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the fleet has no image "${name}"`);
  return found;
}

/** Docker allows no capitals in a repository's name. */
const repositoryOf = (name: string): string => `drover-fleet/${name.toLowerCase()}`;

const tagOf = async ({ name, digest }: ImageRecipe, parent: string): Promise<string> =>
  `${repositoryOf(name)}:${digestOf(parent, await digest())}`;

/** Tags of the images that some fleet on this machine has made, and of those it was given. */
const localTags = async (): Promise<string[]> =>
  lines(await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']));

/** Removes every image of the fleet that no container uses. */
export async function removeImages(): Promise<void> {
  const ours = (await localTags()).filter((tag) => /(^|\/)drover-fleet\//.test(tag));
  for (const tag of ours.reverse()) await docker(['image', 'rm', tag]).catch(() => undefined);
  await docker(['image', 'prune', '--force', '--filter', 'label=drover.fleet=stage']);
}

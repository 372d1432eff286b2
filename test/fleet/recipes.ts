// The images of the fleet: what goes into each, what it builds on, and its names in the registry.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, digestOfFolder } from './digest.ts';
import { type RancherImage, rancherBuildContext } from './rancher/image.ts';

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

/** In the order of building: what others wait for first, then what takes longest. */
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

/** @throws when there is none of that name. */
export function recipeNamed(name: string): ImageRecipe {
  const found = recipes.find((each) => each.name === name);
  if (found === undefined) throw new Error(`the fleet has no image "${name}"`);
  return found;
}

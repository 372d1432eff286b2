// Images named after what goes into them, and built when no image of that name is there.
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import PQueue from 'p-queue';
import { baseImage } from './baseImage.ts';
import { docker, lines } from './command.ts';
import { digestOf } from './digest.ts';
import type { Progress } from './machine.ts';
import { type ImageRecipe, recipeNamed, recipes } from './recipes.ts';
import type { State } from './state.ts';

/** Images by recipe name. Each is built at most once, as soon as somebody asks for it. */
export interface Images {
  /** The local tag of the image, once it is there. */
  ready(name: string): Promise<string>;
}

/** Two builds at a time: they are bound by the processor. */
const concurrentBuilds = 2;

/** The images as this machine has them now; nothing is built before it is asked for. */
export async function images(state: State, progress: Progress): Promise<Images> {
  const present = new Set(await localTags());
  const base = await baseImage(state, progress);
  const queue = new PQueue({ concurrency: concurrentBuilds });

  const ready = once(async (name: string): Promise<string> => {
    if (name === 'base') {
      if (!present.has(base.tag)) await base.make();
      return base.tag;
    }
    const recipe = recipeNamed(name);
    const [parent, digest] = await Promise.all([ready(recipe.from), recipe.digest()]);
    const tag = `${repositoryOf(name)}:${digestOf(parent, digest)}`;
    if (!present.has(tag)) await queue.add(build(recipe, parent, tag), orderOf(recipe));
    return tag;
  });
  const build = (recipe: ImageRecipe, parent: string, tag: string) => async () => {
    progress(`building ${recipe.name}`);
    await buildImage(state, recipe, parent, tag);
  };
  return { ready };
}

/** The same function, which does its work once for each name. */
function once(work: (name: string) => Promise<string>): (name: string) => Promise<string> {
  const results = new Map<string, Promise<string>>();
  return (name) => {
    const result = results.get(name) ?? work(name);
    results.set(name, result);
    return result;
  };
}

const orderOf = (recipe: ImageRecipe): { priority: number } => ({
  priority: -recipes.indexOf(recipe),
});

async function buildImage(
  state: State,
  recipe: ImageRecipe,
  parent: string,
  tag: string,
): Promise<void> {
  const scratch = await mkdtemp(join(state.folder, 'context-'));
  try {
    const context = await recipe.context(scratch);
    const argv = ['--build-arg', `BASE=${parent}`, '--tag', tag, context];
    await docker(['build', ...argv], { timeoutMs: 900_000 });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Docker allows no capitals in a repository's name. */
const repositoryOf = (name: string): string => `drover-fleet/${name.toLowerCase()}`;

/** Tags of the images that some fleet on this machine has made, and of those it was given. */
const localTags = async (): Promise<string[]> =>
  lines(await docker(['image', 'ls', '--format', '{{.Repository}}:{{.Tag}}']));

/** Removes every image of the fleet that no container uses. */
export async function removeImages(): Promise<void> {
  const ours = (await localTags()).filter((tag) => /(^|\/)drover-fleet\//.test(tag));
  for (const tag of ours.reverse()) await docker(['image', 'rm', tag]).catch(() => undefined);
  await docker(['image', 'prune', '--force', '--filter', 'label=drover.fleet=stage']);
}

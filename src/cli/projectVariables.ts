import { resolve } from 'node:path';
import { type FactCache, jsonFileCache } from '../vars/factCache.ts';
import { RunVariables } from '../vars/runVariables.ts';
import type { Project } from './project.ts';
import type { RunRequest } from './runRequest.ts';
import { version } from './version.ts';
import type { World } from './world.ts';

/** The variables of a project's hosts, with the facts that a cache kept. */
export function projectVariables(
  project: Project,
  request: RunRequest,
  world: World,
): RunVariables {
  const { templates } = project;
  return new RunVariables({
    inventory: project.inventory,
    evaluate: (node, scope) => templates.evaluateNode(node, scope),
    extraVars: project.extraVars,
    mergesDicts: request.mergesDicts,
    factCache: factCache(request, world),
    searchPath: (task) => project.searchPath(task),
    facts: {
      checkMode: request.checkMode,
      diffMode: request.diffMode,
      verbosity: request.verbosity,
      forks: request.forks,
      version,
      limit: request.limit,
      runTags: request.tags.only,
      skipTags: request.tags.skip,
      inventorySources: request.inventory.map((source) =>
        source.includes(',') ? source : resolve(world.cwd, source),
      ),
      configFile: request.configFile,
      playbookDir: () => project.playbookDir,
    },
  });
}

/** @throws LoadError when its folder cannot be made. */
function factCache({ factCache }: RunRequest, { now }: World): FactCache | undefined {
  if (factCache === undefined) return undefined;
  const { folder, prefix, timeoutSeconds, flushes } = factCache;
  const cache = jsonFileCache({ folder, prefix, timeoutSeconds, now });
  if (flushes) cache.flush();
  return cache;
}

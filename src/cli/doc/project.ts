/** Documentation of the modules of the project in the current folder: its own, its roles' and its collections'. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ModuleDoc, moduleDoc } from '../../modules/documentation.ts';
import type { Module } from '../../modules/module.ts';
import { type ModulePlace, ProjectModules } from '../../modules/project/projectModules.ts';
import type { Registry } from '../../modules/registry.ts';
import type { World } from '../world.ts';

export class ProjectDocs {
  readonly #modules: ProjectModules;
  readonly #place: ModulePlace;

  constructor(registry: Registry, { cwd, environment }: Pick<World, 'cwd' | 'environment'>) {
    const paths = { libraryPath: [], collectionsPath: [] };
    this.#modules = new ProjectModules(registry, { cwd, environment, ...paths });
    this.#place = { roleDirs: rolesIn(cwd), playbookDir: cwd };
  }

  /** @throws LoadError when a TypeScript module cannot be loaded. */
  async find(name: string): Promise<ModuleDoc | undefined> {
    const module = await this.#modules.findOwn(name, this.#place);
    return module && docOf(name, module);
  }
}

/** It is of no collection, or its name says of which. */
function docOf(name: string, module: Module): ModuleDoc {
  return { ...moduleDoc(module), name, fullName: name, otherNames: [] };
}

function rolesIn(cwd: string): string[] {
  const folder = join(cwd, 'roles');
  try {
    return readdirSync(folder).map((role) => join(folder, role));
  } catch {
    // A project without roles.
    return [];
  }
}

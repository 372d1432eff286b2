/** All modules that drover brings, loaded. */
import { builtinModules } from '../../src/modules/builtin.ts';
import { loadAll } from '../../src/modules/listed.ts';
import { Registry } from '../../src/modules/registry.ts';

export const registry = new Registry(builtinModules);

/** By name. */
export const modules = await loadAll(registry.all());

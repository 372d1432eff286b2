/** Which values of a task's arguments nothing may show: those that the module calls secret, and those whose names do. */
import { secretsIn } from '../../core/secretNames.ts';
import type { Module, RawArguments } from '../../modules/module.ts';
import { parametersOf } from '../../modules/parameters.ts';

export function* secretArguments(module: Module, raw: RawArguments): Iterable<string> {
  const { byName, canonical } = parametersOf(module);
  for (const [name, value] of raw) {
    const parameter = byName.get(canonical.get(name) ?? name);
    yield* secretsIn(new Map([[name, value]]), parameter?.isSecret ?? false);
  }
}

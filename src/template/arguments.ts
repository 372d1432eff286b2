/** Binding of a call's arguments to the names of parameters, with Python's complaints. */
import { typeError } from './python/errors.ts';
import type { Arguments, Internal } from './python/types.ts';

/**
 * The arguments in the order of `names`, `undefined` where one was not given. A name that begins with `*` takes nothing
 * by position, as Python's keyword-only parameters.
 * @throws TemplateError for too many, unknown or doubled arguments.
 */
export function bind(
  called: string,
  args: Arguments,
  ...names: readonly string[]
): (Internal | undefined)[] {
  const places = names.filter((name) => !name.startsWith('*'));
  if (args.positional.length > places.length) {
    throw typeError(
      `${called}() takes at most ${places.length} arguments (${args.positional.length} given)`,
    );
  }
  const bound: (Internal | undefined)[] = names.map((_, index) =>
    index < places.length ? args.positional[index] : undefined,
  );
  if (args.keyword.size === 0) return bound;
  for (const [name, value] of args.keyword) {
    const index = names.findIndex((other) => other === name || other === `*${name}`);
    if (index === -1) throw typeError(`${called}() got an unexpected keyword argument '${name}'`);
    if (bound[index] !== undefined) {
      throw typeError(`${called}() got multiple values for argument '${name}'`);
    }
    bound[index] = value;
  }
  return bound;
}

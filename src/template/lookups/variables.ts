/** Lookups of variables, environment, settings and hosts. */
import { type Lookup, type LookupContext, table } from '../plugins.ts';
import { typeError, undefinedError, usageError } from '../python/errors.ts';
import { pythonRegex } from '../python/regex.ts';
import { str } from '../python/text.ts';
import { type Internal, Undefined } from '../python/types.ts';

export const variableLookups = table<Lookup>({
  env: (terms, options, { host }) =>
    terms.map((term) => {
      const name = str(term).split(/\s/)[0] ?? '';
      const value = Object.hasOwn(host.environment, name) ? host.environment[name] : undefined;
      if (value !== undefined) return value;
      const fallback = options.get('default');
      if (fallback instanceof Undefined) throw undefinedError(fallback);
      return fallback === undefined ? '' : fallback;
    }),
  vars: (terms, options, context) =>
    terms.map((term) => variable(str(term), options.get('default'), context)),
  varnames: (terms, _options, { scope }) =>
    terms.flatMap((term) => {
      if (typeof term !== 'string')
        throw typeError(`Invalid setting identifier, "${str(term)}" is no string`);
      const regex = searchRegex(term);
      return [...new Set(scope.names())].filter((name) => {
        regex.lastIndex = 0;
        return regex.test(name);
      });
    }),
  config: (terms, options, { host }) =>
    terms.flatMap((term) => {
      const value = host.setting?.(str(term));
      if (value !== undefined) return [value];
      const onMissing = str(options.get('on_missing') ?? 'error');
      if (onMissing === 'skip') return [];
      const message = `unable to find setting ${str(term)}`;
      if (onMissing === 'error') throw usageError(message);
      host.warn(message);
      return [];
    }),
  inventory_hostnames: (terms, _options, { host }) => {
    if (host.hostsMatching === undefined)
      throw usageError('inventory_hostnames needs an inventory');
    return [...host.hostsMatching(terms.map(str).join(','))];
  },
});

/** @throws TemplateError that says what is wrong with the pattern. */
function searchRegex(pattern: string): RegExp {
  try {
    return pythonRegex(pattern);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw usageError(`Unable to use "${pattern}" as a search parameter: ${reason.toLowerCase()}`);
  }
}

function variable(
  name: string,
  fallback: Internal | undefined,
  { scope }: LookupContext,
): Internal {
  const value = scope.lookup(name);
  if (value !== undefined) return value;
  const hostvars = scope.lookup('hostvars');
  const own =
    hostvars instanceof Map ? hostvars.get(scope.lookup('inventory_hostname') ?? null) : undefined;
  const found = own instanceof Map ? own.get(name) : undefined;
  if (found !== undefined) return found;
  if (fallback !== undefined) return fallback;
  throw undefinedError(
    new Undefined(`No variable found with this name: ${name}`, {
      name,
      candidates: () => scope.names(),
    }),
  );
}

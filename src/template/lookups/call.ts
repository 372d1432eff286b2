/** `lookup`, `query` and `q`: a lookup plugin called from a template. */
import { TemplateError } from '../../core/errors.ts';
import type { Lookup, LookupContext } from '../plugins.ts';
import { defined, typeError, UNDEFINED_CODE } from '../python/errors.ts';
import { isTrue, unrolled } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import type { Arguments, Internal } from '../python/types.ts';

/** Options that belong to the call itself, not to the plugin. */
const CALL_OPTIONS = ['wantlist', 'errors', 'allow_unsafe'] as const;

/**
 * `lookup(name, *terms, **options)`: texts joined with commas, a sole value as it is; with `wantlist` the list.
 * @throws TemplateError as the plugin does, unless `errors` is `ignore` or `warn`.
 */
export function callLookup(
  find: (name: string) => Lookup,
  { positional: [name, ...terms], keyword }: Arguments,
  context: LookupContext,
  isQuery: boolean,
): Internal {
  if (name === undefined) throw typeError('lookup needs the name of a lookup');
  const options = new Map([...keyword].filter(([key]) => !CALL_OPTIONS.some((own) => own === key)));
  const wantsList = isQuery || isTrue(keyword.get('wantlist') ?? false);
  const plugin = find(str(name));
  const run = (): Internal[] =>
    plugin(
      terms.map((term) => unrolled(defined(term))),
      options,
      context,
    );
  const found = attempted(run, str(keyword.get('errors') ?? 'strict'), context);
  if (found === undefined) return wantsList ? [] : null;
  return wantsList ? found : joined(found);
}

function attempted(
  run: () => Internal[],
  errors: string,
  context: LookupContext,
): Internal[] | undefined {
  try {
    return run();
  } catch (error) {
    if (!isForgivable(error)) throw error;
    if (errors !== 'ignore' && errors !== 'warn') throw error;
    if (errors === 'warn')
      context.host.warn(`lookup failed but the error is ignored: ${error.message}`);
    return undefined;
  }
}

function isForgivable(error: unknown): error is TemplateError {
  return error instanceof TemplateError && error.code !== UNDEFINED_CODE;
}

function joined(found: Internal[]): Internal {
  const texts = found.filter((item) => typeof item === 'string');
  if (found.length === 0) return found;
  if (texts.length === found.length) return texts.join(',');
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : found;
}

/** The one case in which ansible-core up to 2.18 kept a type without `jinja2_native`. */
import type { Value } from '../core/values.ts';
import { isUndefinedError } from './python/errors.ts';
import { isNumber } from './python/types.ts';
import type { Scope } from './scope.ts';

const SOLE_VARIABLE = /^\{\{\s*(\w*)\s*\}\}$/;

/** A number, boolean or None that a sole variable was given as such: the one case in which legacy mode keeps a type. */
export function legacyVariable(text: string, scope: Scope): Value | undefined {
  const [, name] = SOLE_VARIABLE.exec(text) ?? [];
  if (name === undefined || scope.isTemplated?.(name) === true) return undefined;
  const value = definedVariable(name, scope);
  const isKept = value === null || typeof value === 'boolean' || isNumber(value ?? '');
  return isKept ? value : undefined;
}

function definedVariable(name: string, scope: Scope): Value | undefined {
  try {
    return scope.lookup(name);
  } catch (error) {
    if (isUndefinedError(error)) return undefined;
    throw error;
  }
}

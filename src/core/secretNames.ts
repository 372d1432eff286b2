/** Values that are secret by their names, where nothing else says so. */
import { isDict, type Value } from './values.ts';

/** The last words of the names of passwords, tokens and keys: `db_password`, `api_token`, `SECRET_KEY`. */
const SECRET =
  /(^|[_.-])(pass|passwd|password|passphrase|pwd|secret|token|credentials?|(secret|api|encryption|auth)[_-]?key)$/i;
/** Those that sound like it and are not. */
const PUBLIC = /^update_password$/i;

/** @param name in any of `snake_case`, `camelCase` and `UPPER_CASE` */
export function isSecretName(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  return SECRET.test(words) && !PUBLIC.test(words);
}

/** Texts and numbers in `value` under names of secrets, at any depth. Templates are none yet. */
export function* secretsIn(value: Value, isSecret = false): Iterable<string> {
  if (typeof value === 'string') {
    if (isSecret && !value.includes('{{')) yield value;
  } else if (typeof value === 'number' || typeof value === 'bigint') {
    if (isSecret) yield String(value);
  } else if (Array.isArray(value)) {
    for (const item of value) yield* secretsIn(item, isSecret);
  } else if (isDict(value)) {
    for (const [key, item] of value) yield* secretsIn(item, isSecret || isSecretName(String(key)));
  }
}

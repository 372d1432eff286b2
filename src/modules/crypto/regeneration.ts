/** When a key is made anew: the rules that `openssh_keypair` and `openssl_privatekey` share. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';

export const regenerate = () =>
  z
    .enum(['never', 'fail', 'partial_idempotence', 'full_idempotence', 'always'])
    .describe(
      'When an existing key is replaced: `partial_idempotence` when it is another than asked for, `full_idempotence` also when it cannot be read, `fail` and `never` leave it and fail, or not.',
    );

export type Regenerate = z.output<ReturnType<typeof regenerate>>;

export interface KeyFindings {
  readonly exists: boolean;
  /** Why the key cannot be used as it is protected, or cannot be read at all; undefined when it can. */
  readonly unreadable: string | undefined;
  /** What differs from what is asked for. */
  readonly differences: readonly string[];
}

/**
 * Why a new key is made; undefined when the existing one stays.
 * @throws ModuleError when the key must not be replaced and is no use as it is.
 */
export function reasonToGenerate(
  path: string,
  { exists, unreadable, differences }: KeyFindings,
  mode: Regenerate,
): string | undefined {
  if (!exists) return 'absent';
  if (mode === 'always') return 'replaced each time';
  if (unreadable !== undefined) {
    if (mode === 'full_idempotence') return unreadable;
    throw new ModuleError(`the key ${path} ${unreadable}`, {
      code: 'DROVER_KEY_UNREADABLE',
      hint: 'give its passphrase, or replace it with regenerate: full_idempotence or force: true',
    });
  }
  if (differences.length === 0 || mode === 'never') return undefined;
  const found = differences.join(', ');
  if (mode !== 'fail') return found;
  throw new ModuleError(`the key ${path} is another than asked for: ${found}`, {
    code: 'DROVER_KEY_DIFFERS',
    hint: 'regenerate: partial_idempotence replaces it',
  });
}

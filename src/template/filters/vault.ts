/** `vault` and `unvault`: encryption with the hooks that the host gives. */
import { DroverError } from '../../core/errors.ts';
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { str } from '../python/text.ts';
import type { Internal } from '../python/types.ts';
import { stringOf } from './parameters.ts';

/** The label that Ansible's filter writes when none is given. */
const LABEL = 'filter_default';

export const vaultFilters = table<Filter>({
  vault: (value, args, { host }) => {
    const [secret, salt, id, , oldId] = bind(
      'vault',
      args,
      'secret',
      'salt',
      'vault_id',
      'wrap_object',
      'vaultid',
    );
    if (host.encrypt === undefined) throw usageError('vault: encryption is not available here');
    return host.encrypt(stringOf(value, 'vault'), stringOf(secret, 'vault'), {
      id: textOf(oldId) ?? textOf(id) ?? LABEL,
      salt: textOf(salt),
    });
  },
  unvault: (value, args, { host }) => {
    const [secret] = bind('unvault', args, 'secret', 'vault_id', 'vaultid');
    const text = stringOf(value, 'unvault');
    if (!text.startsWith('$ANSIBLE_VAULT')) return text;
    if (host.decryptWith === undefined)
      throw usageError('unvault: decryption is not available here');
    try {
      return host.decryptWith(text, stringOf(secret, 'unvault'));
    } catch (error) {
      throw error instanceof DroverError ? usageError(`unvault: ${error.message}`) : error;
    }
  },
});

function textOf(value: Internal | undefined): string | undefined {
  return value === undefined || value === null ? undefined : str(value);
}

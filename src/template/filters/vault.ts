/** `vault` and `unvault`: encryption with the hooks that the host gives. */
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { stringOf } from './parameters.ts';

export const vaultFilters = table<Filter>({
  vault: (value, args, { host }) => {
    const [secret] = bind('vault', args, 'secret', 'salt', 'vault_id', 'wrap_object', 'vaultid');
    if (host.encrypt === undefined) throw usageError('vault: encryption is not available here');
    return host.encrypt(stringOf(value, 'vault'), stringOf(secret, 'vault'));
  },
  unvault: (value, args, { host }) => {
    const [secret] = bind('unvault', args, 'secret', 'vault_id', 'vaultid');
    const text = stringOf(value, 'unvault');
    if (!text.startsWith('$ANSIBLE_VAULT')) return text;
    if (host.decryptWith === undefined)
      throw usageError('unvault: decryption is not available here');
    return host.decryptWith(text, stringOf(secret, 'unvault'));
  },
});

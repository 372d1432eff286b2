/** What templates may ask beyond their variables: settings, and encryption with a password of their own. */
import { findSetting } from '../config/catalog.ts';
import type { Settings } from '../config/settings.ts';
import type { Warning } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { Source } from '../core/source.ts';
import { fromPlain } from '../core/values.ts';
import type { TemplateHost } from '../template/plugins.ts';
import { encrypt } from '../vars/vault/cipher.ts';
import { VaultKeyring } from '../vars/vault/keyring.ts';

export function templateHooks(
  settings: Settings,
): Pick<TemplateHost, 'setting' | 'encrypt' | 'decryptWith'> {
  return {
    setting(name) {
      const found = findSetting(settings, name);
      return found === undefined ? undefined : fromPlain(found.setting.value);
    },
    encrypt(text, secret, { id, salt }) {
      const bytes = salt === undefined ? undefined : Buffer.from(salt);
      return encrypt(text, new Secret(secret), id, bytes);
    },
    decryptWith: (text, secret) =>
      new VaultKeyring([{ id: 'default', password: new Secret(secret) }]).decrypt(text),
  };
}

/** What templates warn of; a replacement marks an old spelling. */
export function templateWarning(
  message: string,
  replacement: string | undefined,
  source: Source | undefined,
): Warning {
  return replacement === undefined
    ? { kind: 'warning', message, source }
    : { kind: 'deprecation', message, source, hint: `write ${replacement} instead` };
}

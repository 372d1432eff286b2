/** Vault passwords: from files, programs and prompts, in the order in which they are tried. */
import { resolve } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { LoadError } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { programRunner } from '../inventory/script.ts';
import { nodeFiles } from '../source/files.ts';
import { type VaultKey, VaultKeyring } from '../vars/vault/keyring.ts';
import { parseVaultId, readPasswordFile } from '../vars/vault/passwords.ts';
import type { VaultFlags } from './flags.ts';
import type { World } from './world.ts';

/** @throws LoadError for a password file that cannot be used, or when there is nobody to ask. */
export async function vaultKeyring(
  settings: Settings,
  flags: VaultFlags,
  world: World,
): Promise<VaultKeyring> {
  return new VaultKeyring(await vaultKeys(vaultSources(settings, flags), world));
}

/** `label@source` texts of flags and settings. */
export function vaultSources({ vault }: Settings, flags: VaultFlags): readonly string[] {
  const configured = vault.passwordFile.value === undefined ? [] : [vault.passwordFile.value];
  const named = [...(flags.vaultId ?? []), ...vault.identities.value];
  const files = flags.vaultPasswordFile ?? configured;
  return [...named, ...files, ...(vault.askPass.value ? ['prompt'] : [])];
}

/** @param isNew prompts ask twice, for a password that nothing is encrypted with yet. */
export async function vaultKeys(
  sources: readonly string[],
  world: World,
  isNew = false,
): Promise<readonly VaultKey[]> {
  const keys: VaultKey[] = [];
  for (const source of sources) keys.push(await keyFrom(source, world, isNew));
  return keys;
}

async function keyFrom(text: string, world: World, isNew: boolean): Promise<VaultKey> {
  const { id, source } = parseVaultId(text);
  if (source !== 'prompt') {
    const file = resolve(world.cwd, source.file);
    return readPasswordFile(file, id, nodeFiles, programRunner(world.environment));
  }
  const label = id === 'default' ? 'ault password' : `ault password (${id})`;
  const password = await asked(isNew ? `New v${label}: ` : `V${label}: `, world);
  if (isNew && (await asked(`Confirm new v${label}: `, world)) !== password) {
    throw passwordError('the two passwords are not the same');
  }
  return { id, password: new Secret(password) };
}

async function asked(text: string, { prompt }: World): Promise<string> {
  const answer = await prompt(text, { echo: false });
  if (answer !== undefined && answer !== '') return answer;
  throw passwordError(
    answer === ''
      ? 'the vault password is empty'
      : 'there is no terminal to ask for the vault password',
    'give --vault-password-file or --vault-id with a file',
  );
}

function passwordError(message: string, hint?: string): LoadError {
  return new LoadError(message, { code: 'DROVER_VAULT_PASSWORD', hint });
}

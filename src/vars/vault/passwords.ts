/** Where vault passwords come from: `--vault-id label@source`, password files, programs that print one. */
import { basename, extname } from 'node:path';
import { LoadError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { FileSystem } from '../../source/files.ts';
import type { VaultKey } from './keyring.ts';

export interface VaultId {
  readonly id: string;
  /** `prompt`: ask the user. */
  readonly source: 'prompt' | { readonly file: string };
}

/** `label@source`, or the source alone. The source is a file, or `prompt` (also `prompt_ask_vault_pass`). */
export function parseVaultId(text: string): VaultId {
  const at = text.indexOf('@');
  const id = at > 0 ? text.slice(0, at) : 'default';
  const source = text.slice(at + 1);
  const isPrompt = source === 'prompt' || source === 'prompt_ask_vault_pass';
  return { id, source: isPrompt ? 'prompt' : { file: source } };
}

/** The standard output of a program. @throws LoadError when it fails. */
export type RunProgram = (file: string, args: readonly string[]) => string;

/**
 * The password in a file; of an executable file what it prints. A program called `…-client` is told the identity.
 * @throws LoadError when the file cannot be read or holds nothing.
 */
export function readPasswordFile(
  file: string,
  id: string,
  files: FileSystem,
  run: RunProgram,
): VaultKey {
  const text = files.isExecutable(file) ? run(file, programArguments(file, id)) : read(file, files);
  const password = text.trim();
  if (password !== '') return { id, password: new Secret(password) };
  throw new LoadError(`the vault password file "${file}" gives no password`, {
    code: 'DROVER_VAULT_PASSWORD',
  });
}

function programArguments(file: string, id: string): readonly string[] {
  const isClient = basename(file, extname(file)).endsWith('-client');
  return isClient ? ['--vault-id', id] : [];
}

function read(file: string, files: FileSystem): string {
  if (files.kind(file) === 'file') return files.readText(file);
  throw new LoadError(`no vault password file "${file}"`, {
    code: 'DROVER_VAULT_PASSWORD',
    hint: 'to ask for the password use --ask-vault-pass',
  });
}

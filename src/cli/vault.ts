/** `drover vault …`: encrypted files and values, in the format of `ansible-vault`. */
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { encrypt } from '../vars/vault/cipher.ts';
import type { VaultKey } from '../vars/vault/keyring.ts';
import type { CommandContext, DefineCommand } from './command.ts';
import { addVaultFlags, addVerbosityFlag, collect } from './flags.ts';
import { usageError } from './usageError.ts';
import { edited } from './vault/editor.ts';
import { decryptFiles, encryptFiles, rekeyFiles } from './vault/files.ts';
import { STREAM, VaultSession, type VaultSessionFlags } from './vault/session.ts';
import { encryptStrings, type StringFlags } from './vault/strings.ts';
import { vaultKeys } from './vaultKeys.ts';
import { EXIT, type World } from './world.ts';

interface FileFlags extends VaultSessionFlags {
  readonly output?: string;
}

interface RekeyFlags extends VaultSessionFlags {
  readonly newVaultId?: string;
  readonly newVaultPasswordFile?: string;
}

export const defineVault: DefineCommand = (command, context) => {
  defineFileCommands(command, context);
  defineEditorCommands(command, context);
  defineStringCommand(command, context);
  defineRekey(command, context);
};

type Act<F> = (session: VaultSession, names: readonly string[], flags: F) => Promise<void>;

/** One sub-command on files. @param isNew its password encrypts something new. */
function define<F extends VaultSessionFlags>(
  parent: Command,
  {
    name,
    summary,
    argument,
  }: { readonly name: string; readonly summary: string; readonly argument: string },
  { world, exit }: CommandContext,
  act: Act<F>,
  isNew = false,
): Command {
  const command = parent.command(name).description(summary).argument(argument);
  addVaultFlags(command);
  addVerbosityFlag(command);
  return command.action(async (names: readonly string[], flags: F) => {
    await act(await VaultSession.open(flags, world, isNew), names, flags);
    exit(EXIT.ok);
  });
}

const FILES = '[file...]';
const OUTPUT = [
  '--output <file>',
  'write here instead of into the file ("-": standard output)',
] as const;
const ENCRYPT_ID = ['--encrypt-vault-id <label>', 'which of several passwords encrypts'] as const;

function defineFileCommands(parent: Command, context: CommandContext): void {
  const { world } = context;
  const encryption = {
    name: 'encrypt',
    summary: 'encrypt files, or standard input',
    argument: FILES,
  };
  const encryptAll: Act<FileFlags> = async (session, names, { output }) => {
    await encryptFiles(names, output, session);
    say('Encryption successful', world);
  };
  define(parent, encryption, context, encryptAll, true)
    .option(...OUTPUT)
    .option(...ENCRYPT_ID);
  const decryption = {
    name: 'decrypt',
    summary: 'decrypt files, or standard input',
    argument: FILES,
  };
  define<FileFlags>(parent, decryption, context, async (session, names, { output }) => {
    await decryptFiles(names, output, session);
    say('Decryption successful', world);
  }).option(...OUTPUT);
  const viewing = { name: 'view', summary: 'print the clear text of files', argument: '<file...>' };
  define<FileFlags>(parent, viewing, context, async (session, names) => {
    for (const name of names)
      session.writeClear(STREAM, session.decrypt(name, await session.read(name)).clear);
  });
}

function defineEditorCommands(parent: Command, context: CommandContext): void {
  const editing = {
    name: 'edit',
    summary: 'change encrypted files in an editor',
    argument: '<file...>',
  };
  define(parent, editing, context, async (session, names) => {
    for (const name of names) await edit(name, session, context.world);
  });
  const creation = {
    name: 'create',
    summary: 'make an encrypted file in an editor',
    argument: '<file...>',
  };
  define(
    parent,
    creation,
    context,
    async (session, names) => {
      for (const name of names) await create(name, session, context.world);
    },
    true,
  ).option(...ENCRYPT_ID);
}

async function edit(name: string, session: VaultSession, world: World): Promise<void> {
  const { clear, key } = session.decrypt(name, await session.read(name));
  const after = await edited(clear, name, world);
  if (!after.equals(clear)) session.writeEncrypted(name, encrypt(after, key.password, key.id));
}

async function create(name: string, session: VaultSession, world: World): Promise<void> {
  if (existsSync(session.path(name))) {
    throw usageError(`"${name}" is there already`, `use "drover vault edit ${name}"`);
  }
  session.writeEncrypted(name, session.encrypt(await edited(Buffer.alloc(0), name, world)));
}

function defineStringCommand(parent: Command, context: CommandContext): void {
  const definition = {
    name: 'encrypt-string',
    summary: 'encrypt values for a YAML file (without any, or for "-": standard input)',
    argument: '[string...]',
  };
  const encryptAll: Act<StringFlags & FileFlags> = async (session, texts, flags) => {
    const text = await encryptStrings(texts, flags, session, context.world);
    session.writeEncrypted(flags.output ?? STREAM, text);
  };
  define(parent, definition, context, encryptAll, true)
    .alias('encrypt_string')
    .option(
      '-n, --name <name>',
      'the name of the variable (repeatable, in the order of the strings)',
      collect,
    )
    .option('--stdin-name <name>', 'the name of the variable that standard input is')
    .option('-p, --prompt', 'ask for the string')
    .option('--show-input', 'with --prompt: show what is typed')
    .option(...OUTPUT)
    .option(...ENCRYPT_ID);
}

function defineRekey(parent: Command, context: CommandContext): void {
  const rekeying = {
    name: 'rekey',
    summary: 'encrypt files with another password',
    argument: '<file...>',
  };
  define<RekeyFlags>(parent, rekeying, context, async (session, names, flags) => {
    await rekeyFiles(names, await newKey(flags, context.world), session);
    say('Rekey successful', context.world);
  })
    .option('--new-vault-id <label@source>', 'where the new password is, and its label')
    .option('--new-vault-password-file <file>', 'read the new password from a file or program');
}

async function newKey(
  { newVaultId, newVaultPasswordFile }: RekeyFlags,
  world: World,
): Promise<VaultKey> {
  if (newVaultId !== undefined && newVaultPasswordFile !== undefined) {
    throw usageError('give one of --new-vault-id and --new-vault-password-file');
  }
  const [key] = await vaultKeys([newVaultId ?? newVaultPasswordFile ?? 'prompt'], world, true);
  if (key === undefined) throw usageError('there is no new password');
  return key;
}

/** Told on a terminal only: the output of a pipe is the text alone. */
function say(text: string, { stdout, stderr }: World): void {
  if (stdout.columns !== undefined) stderr.write(`${text}\n`);
}

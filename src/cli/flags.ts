/** Flags that several commands share, and how their texts become values. */
import { type Command, InvalidArgumentError, Option } from 'commander';

export interface InventoryFlags {
  readonly inventory?: readonly string[];
  readonly limit?: readonly string[];
}

export interface VariableFlags {
  readonly extraVars?: readonly string[];
  /** Stands for the folder of a playbook, where there is none. */
  readonly playbookDir?: string;
}

export interface ConnectionFlags {
  readonly user?: string;
  readonly connection?: string;
  readonly timeout?: number;
  readonly privateKey?: string;
  readonly askPass?: boolean;
  readonly connectionPasswordFile?: string;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly become?: boolean;
  readonly becomeMethod?: string;
  readonly becomeUser?: string;
  readonly askBecomePass?: boolean;
  readonly becomePasswordFile?: string;
  readonly acceptNewHostKeys?: boolean;
}

export interface VaultFlags {
  readonly vaultId?: readonly string[];
  readonly vaultPasswordFile?: readonly string[];
  readonly askVaultPass?: boolean;
}

/** Flags that say how much is told. */
export interface VerbosityFlags {
  readonly verbose?: number;
}

/** Other names that Ansible's programs take for the same flags. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  '--inventory-file': '--inventory',
  '--key-file': '--private-key',
  '--conn-pass-file': '--connection-password-file',
  '--become-pass-file': '--become-password-file',
  '--vault-pass-file': '--vault-password-file',
  '--ask-vault-password': '--ask-vault-pass',
  '--new-vault-pass-file': '--new-vault-password-file',
};

/** Arguments with each flag under its one name; what follows `--` is left alone. */
export function withFlagNames(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  return [...flags.map(withFlagName), ...argv.slice(flags.length)];
}

function withFlagName(word: string): string {
  const [flag = '', value] = word.split(/=(.*)/s);
  const name = OTHER_NAMES[flag];
  if (name === undefined) return word;
  return value === undefined ? name : `${name}=${value}`;
}

export function addInventoryFlags(command: Command): void {
  command
    .option(
      '-i, --inventory <source>',
      'inventory file, folder, script or host list (repeatable)',
      collect,
    )
    .option('-l, --limit <pattern>', 'only these hosts', collect);
}

export function addVariableFlags(command: Command): void {
  command.option(
    '-e, --extra-vars <vars>',
    'variables: key=value, JSON, YAML or @file (repeatable)',
    collect,
  );
}

export function addPlaybookDirFlag(command: Command): void {
  command.option(
    '--playbook-dir <folder>',
    'stands for the folder of a playbook: roles/, group_vars/, … are found there (default: this one)',
  );
}

export function addVerbosityFlag(command: Command): void {
  command.option(
    '-v, --verbose',
    'say more (-vv, -vvv, … even more)',
    (_, count: number) => count + 1,
    0,
  );
}

export function addConnectionFlags(command: Command): void {
  command
    .option('-u, --user <name>', 'log in as this user')
    .option('-c, --connection <name>', 'how to connect: ssh or local')
    .option('-T, --timeout <seconds>', 'how long connecting may take', wholeNumber)
    .option('--private-key <file>', 'log in with this key')
    .option('-k, --ask-pass', 'ask for the login password')
    .option('--connection-password-file <file>', 'read the login password from a file')
    .option('--ssh-common-args <args>', 'options as ssh takes them, e.g. "-o ProxyJump=gate"')
    .option('--ssh-extra-args <args>', 'more options as ssh takes them')
    .option('--accept-new-host-keys', 'record keys of hosts that are not known yet')
    .option('-b, --become', 'do the tasks as another user, by sudo')
    .option('--become-method <name>', 'sudo, su or doas')
    .option('--become-user <name>', 'the user to become (root)')
    .option('-K, --ask-become-pass', 'ask for the password of sudo')
    .option('--become-password-file <file>', 'read the password of sudo from a file');
  for (const ignored of ['--sftp-extra-args <args>', '--scp-extra-args <args>']) {
    command.addOption(new Option(ignored, 'accepted, and has no effect').hideHelp());
  }
}

export function addVaultFlags(command: Command): void {
  command
    .option(
      '--vault-id <label@source>',
      'where the password of a vault id is: a file, a program or "prompt" (repeatable)',
      collect,
    )
    .option(
      '--vault-password-file <file>',
      'read the vault password from a file, or from what a program prints (repeatable)',
      collect,
    )
    .option('-J, --ask-vault-pass', 'ask for the vault password');
}

export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export function collectWords(value: string, before: readonly string[] = []): string[] {
  const words = value.split(',').map((word) => word.trim());
  return [...before, ...words.filter((word) => word !== '')];
}

/** @throws InvalidArgumentError, which commander turns into a message with the flag's name. */
export function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(value);
}

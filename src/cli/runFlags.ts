/** The flags of `drover run`: those of `ansible-playbook`, and drover's own. */
import type { Command } from 'commander';
import { Option } from 'commander';

export interface RunFlags {
  readonly inventory?: readonly string[];
  readonly limit?: readonly string[];
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly extraVars?: readonly string[];
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly forks?: number;
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
  readonly forceHandlers?: boolean;
  readonly startAtTask?: string;
  readonly step?: boolean;
  readonly flushCache?: boolean;
  readonly vaultId?: readonly string[];
  readonly vaultPasswordFile?: readonly string[];
  readonly askVaultPass?: boolean;
  readonly verbose: number;
  readonly listHosts?: boolean;
  readonly listTasks?: boolean;
  readonly listTags?: boolean;
  readonly syntaxCheck?: boolean;
  readonly output: 'text' | 'jsonl';
}

/** Other names that `ansible-playbook` takes for the same flags. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  '--inventory-file': '--inventory',
  '--key-file': '--private-key',
  '--conn-pass-file': '--connection-password-file',
  '--become-pass-file': '--become-password-file',
  '--vault-pass-file': '--vault-password-file',
  '--ask-vault-password': '--ask-vault-pass',
};

/** Arguments with each flag under its one name. */
export function withFlagNames(argv: readonly string[]): string[] {
  return argv.map((word) => {
    const [flag = '', value] = word.split(/=(.*)/s);
    const name = OTHER_NAMES[flag];
    if (name === undefined) return word;
    return value === undefined ? name : `${name}=${value}`;
  });
}

export function addRunFlags(command: Command): Command {
  command
    .option(
      '-i, --inventory <source>',
      'inventory file, folder, script or host list (repeatable)',
      collect,
    )
    .option('-l, --limit <pattern>', 'only these hosts of each play', collect)
    .option('-t, --tags <tags>', 'only tasks with one of these tags', collectWords)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', collectWords)
    .option(
      '-e, --extra-vars <vars>',
      'variables: key=value, JSON, YAML or @file (repeatable)',
      collect,
    )
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes in files and settings')
    .option('-f, --forks <n>', 'how many hosts to work on at a time', wholeNumber)
    .option(
      '-v, --verbose',
      'say more (-vv, -vvv, … even more)',
      (_, count: number) => count + 1,
      0,
    )
    .option('--force-handlers', 'run handlers also on hosts that failed')
    .option('--start-at-task <name>', 'begin at the task with this name')
    .option('--step', 'ask before each task')
    .option('--flush-cache', 'forget the facts that a facts cache holds')
    .option('--list-hosts', 'list the hosts, run nothing')
    .option('--list-tasks', 'list the tasks, run nothing')
    .option('--list-tags', 'list the tags, run nothing')
    .option('--syntax-check', 'load and check everything, run nothing')
    .addOption(
      new Option('--output <format>', 'what to print').choices(['text', 'jsonl']).default('text'),
    );
  addConnectionFlags(command);
  return addVaultFlags(command);
}

function addConnectionFlags(command: Command): void {
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
  for (const ignored of [
    '--sftp-extra-args <args>',
    '--scp-extra-args <args>',
    '-M, --module-path <path>',
  ]) {
    command.addOption(new Option(ignored, 'accepted, and has no effect').hideHelp());
  }
}

function addVaultFlags(command: Command): Command {
  return command
    .option(
      '--vault-id <label@source>',
      'where the password of a vault id is (repeatable)',
      collect,
    )
    .option('--vault-password-file <file>', 'read the vault password from a file', collect)
    .option('-J, --ask-vault-pass', 'ask for the vault password');
}

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

function collectWords(value: string, before: readonly string[] = []): string[] {
  const words = value.split(',').map((word) => word.trim());
  return [...before, ...words.filter((word) => word !== '')];
}

function wholeNumber(value: string): number {
  return Number.parseInt(value, 10);
}

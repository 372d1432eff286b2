/** The flags of `drover run`: those of `ansible-playbook`, and drover's own. */
import { type Command, Option } from 'commander';
import {
  addConnectionFlags,
  addInventoryFlags,
  addVariableFlags,
  addVaultFlags,
  addVerbosityFlag,
  type ConnectionFlags,
  collect,
  collectWords,
  type InventoryFlags,
  type VariableFlags,
  type VaultFlags,
  type VerbosityFlags,
  wholeNumber,
} from './flags.ts';

export interface RunFlags
  extends InventoryFlags,
    VariableFlags,
    ConnectionFlags,
    VaultFlags,
    VerbosityFlags {
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  readonly check?: boolean;
  readonly diff?: boolean;
  readonly forks?: number;
  readonly forceHandlers?: boolean;
  readonly startAtTask?: string;
  readonly step?: boolean;
  readonly flushCache?: boolean;
  /** Seconds that a task may take. */
  readonly taskTimeout?: number;
  readonly modulePath?: readonly string[];
  readonly listHosts?: boolean;
  readonly listTasks?: boolean;
  readonly listTags?: boolean;
  readonly syntaxCheck?: boolean;
  readonly output?: 'text' | 'jsonl';
}

export function addRunFlags(command: Command): Command {
  addInventoryFlags(command);
  command
    .option('-t, --tags <tags>', 'only tasks with one of these tags', collectWords)
    .option('--skip-tags <tags>', 'no tasks with one of these tags', collectWords);
  addVariableFlags(command);
  addModeFlags(command);
  addVerbosityFlag(command);
  command
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
  addVaultFlags(command);
  return command;
}

/** Flags that playbooks and single tasks share: how the work is done. */
export function addModeFlags(command: Command): void {
  command
    .option('-C, --check', 'change nothing; say what would change')
    .option('-D, --diff', 'show what changes in files and settings')
    .option('-f, --forks <n>', 'how many hosts to work on at a time', wholeNumber)
    .option('--task-timeout <seconds>', 'how long a task may take (0: no limit)', wholeNumber)
    .option(
      '-M, --module-path <folders>',
      'folders of further modules, separated by colons (repeatable)',
      collect,
    );
}

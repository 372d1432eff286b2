/** `drover exec PATTERN`: one task on hosts, without a playbook. */
import { join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { DroverError } from '../core/errors.ts';
import { neutralised } from '../core/terminalText.ts';
import { AdHocReporter } from '../report/adHoc.ts';
import { JsonLinesReporter } from '../report/jsonl.ts';
import type { Output, Reporter } from '../report/reporter.ts';
import { SeveralReporters } from '../report/several.ts';
import { TreeReporter } from '../report/tree.ts';
import { describeFatal, describeWarning } from '../source/codeFrame.ts';
import { nodeFiles } from '../source/files.ts';
import { OverlaidFiles } from '../source/overlaidFiles.ts';
import { SourceTexts } from '../source/sourceTexts.ts';
import type { DefineCommand } from './command.ts';
import {
  addConnectionFlags,
  addInventoryFlags,
  addPlaybookDirFlag,
  addVariableFlags,
  addVaultFlags,
  addVerbosityFlag,
  wholeNumber,
} from './flags.ts';
import { loggingErrors, openLog, withLog } from './log.ts';
import { openProject } from './openProject.ts';
import { runAndJudge } from './run.ts';
import { addModeFlags, type RunFlags } from './runFlags.ts';
import { runSetup } from './runSettings.ts';
import { usageError } from './usageError.ts';
import { EXIT, type World } from './world.ts';

interface ExecFlags extends RunFlags {
  readonly moduleName: string;
  readonly args?: string;
  readonly background?: number;
  readonly poll?: number;
  readonly oneLine?: boolean;
  /** A folder for results. */
  readonly tree?: string;
}

/** The name of the playbook that the command line makes up. */
const PLAYBOOK = '<command line>';

export const defineExec: DefineCommand = (command, { world, exit }) => {
  command
    .argument('<pattern>', 'the hosts: a host, a group, "all", or any other host pattern')
    .option('-m, --module-name <name>', 'the module', 'command')
    .option('-a, --args <args>', 'its arguments: key=value words, JSON, or the text it takes')
    .option('-B, --background <seconds>', 'let the task go on by itself, for so long', wholeNumber)
    .option('-P, --poll <seconds>', 'with -B: how often to look at it (0: never)', wholeNumber);
  addInventoryFlags(command);
  addVariableFlags(command);
  addOutputFlags(command);
  addModeFlags(command);
  addPlaybookDirFlag(command);
  addVerbosityFlag(command);
  addConnectionFlags(command);
  addVaultFlags(command);
  command.action(async (pattern: string, flags: ExecFlags) => {
    exit(await exec(pattern, flags, world));
  });
};

function addOutputFlags(command: Command): void {
  command
    .option('-o, --one-line', 'print each result on one line')
    .option('-t, --tree <folder>', 'write each result to a file of this folder, too')
    .option('--list-hosts', 'list the hosts, run nothing')
    .addOption(
      new Option('--output <format>', 'what to print').choices(['text', 'jsonl']).default('text'),
    );
}

async function exec(pattern: string, flags: ExecFlags, world: World): Promise<number> {
  if (flags.listHosts === true) return listHosts(pattern, flags, world);
  const file = join(resolve(world.cwd, flags.playbookDir ?? '.'), PLAYBOOK);
  const files = new OverlaidFiles(nodeFiles, new Map([[file, playbookText(pattern, flags)]]));
  const texts = new SourceTexts(files, world.cwd);
  try {
    const { request, settings, loaded } = await runSetup([file], flags, world);
    const log = openLog(settings, world);
    const reporter = reporterFor(flags, texts, world, log);
    for (const warning of loaded.warnings) reporter.handle({ type: 'warning', warning });
    const described = (error: DroverError): string => describeFatal(error, texts);
    return await loggingErrors(log, described, () =>
      runAndJudge({ ...request, files }, reporter, world),
    );
  } catch (error) {
    if (!(error instanceof DroverError)) throw error;
    world.stderr.write(`${describeFatal(error, texts)}\n`);
    return EXIT.content;
  }
}

/** A playbook in YAML. Texts are JSON strings, which YAML takes as they are. @throws LoadError for what is no module's name. */
function playbookText(pattern: string, { moduleName, args, background, poll }: ExecFlags): string {
  if (!/^[\w.]+$/.test(moduleName)) throw usageError(`"${moduleName}" is no module's name`);
  const isJson = args?.trimStart().startsWith('{') === true;
  const action = isJson
    ? [`    - action: ${JSON.stringify(moduleName)}`, `      args: ${args}`]
    : [`    - action: ${JSON.stringify([moduleName, args].join(' ').trim())}`];
  const lines = [
    '- name: exec',
    `  hosts: ${JSON.stringify(pattern)}`,
    '  gather_facts: false',
    '  tasks:',
    ...action,
  ];
  if (background !== undefined) lines.push(`      async: ${background}`);
  if (background !== undefined && poll !== undefined) lines.push(`      poll: ${poll}`);
  return `${lines.join('\n')}\n`;
}

function reporterFor(
  flags: ExecFlags,
  texts: SourceTexts,
  world: World,
  log: Output | undefined,
): Reporter {
  const textReporter = (output: Output, errors: Output): Reporter =>
    new AdHocReporter({
      output,
      errors,
      isOneLine: flags.oneLine ?? false,
      describeWarning: (warning) => describeWarning(warning, texts),
    });
  const shown =
    flags.output === 'jsonl'
      ? new JsonLinesReporter(world.stdout)
      : textReporter(world.stdout, world.stderr);
  const logged = withLog(shown, log, (output) => textReporter(output, output));
  if (flags.tree === undefined) return logged;
  return new SeveralReporters([logged, new TreeReporter(resolve(world.cwd, flags.tree))]);
}

async function listHosts(pattern: string, flags: ExecFlags, world: World): Promise<number> {
  const { project } = await openProject(flags, world);
  const hosts = project.hosts.matching(pattern);
  const lines = [`  hosts (${hosts.length}):`, ...hosts.map((host) => `    ${host}`)];
  world.stdout.write(`${neutralised(lines.join('\n'))}\n`);
  return EXIT.ok;
}

/** `drover lint`: everything that can be found wrong before a host is touched. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { DroverError, Warning } from '../core/errors.ts';
import { describeError, describeWarning } from '../source/codeFrame.ts';
import { nodeFiles } from '../source/files.ts';
import { SourceTexts } from '../source/sourceTexts.ts';
import type { DefineCommand } from './command.ts';
import { addInventoryFlags, addVariableFlags, addVaultFlags, addVerbosityFlag } from './flags.ts';
import { type Findings, lintPaths } from './lint/check.ts';
import type { RunFlags } from './runFlags.ts';
import { runSetup } from './runSettings.ts';
import { EXIT, type World } from './world.ts';

interface LintFlags extends RunFlags {
  readonly strict?: boolean;
  readonly output: 'text' | 'jsonl';
}

export const defineLint: DefineCommand = (command, { world, exit }) => {
  command
    .argument(
      '[path...]',
      'playbooks, roles, files of tasks, folders of projects (default: this one)',
    )
    .option('--strict', 'warnings count as errors')
    .addOption(
      new Option('--output <format>', 'what to print').choices(['text', 'jsonl']).default('text'),
    );
  addInventoryFlags(command);
  addVariableFlags(command);
  addVaultFlags(command);
  addVerbosityFlag(command);
  command.action(async (paths: string[], flags: LintFlags) => {
    exit(await lint(paths.length === 0 ? ['.'] : paths, flags, world));
  });
};

async function lint(paths: readonly string[], flags: LintFlags, world: World): Promise<number> {
  const { request } = await runSetup([], flags, world);
  const findings = await lintPaths(
    paths.map((path) => resolve(world.cwd, path)),
    request,
    world,
  );
  const texts = new SourceTexts(nodeFiles, world.cwd);
  if (flags.output === 'jsonl') printLines(findings, texts, world);
  else printText(findings, texts, world);
  const { errors, warnings } = findings;
  const isWrong = errors.length > 0 || (flags.strict === true && warnings.length > 0);
  return isWrong ? EXIT.content : EXIT.ok;
}

function printText(findings: Findings, texts: SourceTexts, { stdout }: World): void {
  const { errors, warnings, unopened, fileCount } = findings;
  for (const warning of warnings) stdout.write(`${describeWarning(warning, texts)}\n\n`);
  for (const error of errors) stdout.write(`${describeError(error, texts)}\n\n`);
  for (const file of unopened) {
    stdout.write(`${texts.display(file)}: not looked into, there is no vault password\n\n`);
  }
  const counts = [counted(errors.length, 'error'), counted(warnings.length, 'warning')];
  stdout.write(`${counts.join(', ')} in ${counted(fileCount, 'file')}\n`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** One JSON object for each finding: `level`, `code` (of errors), `message`, `file`, `line`, `column`, `hint`. */
function printLines({ errors, warnings }: Findings, texts: SourceTexts, { stdout }: World): void {
  const line = (level: string, code: string | undefined, finding: DroverError | Warning) => {
    const { message, source, hint } = finding;
    const file = source === undefined ? undefined : texts.display(source.file);
    const place = { file, line: source?.line, column: source?.column };
    stdout.write(`${JSON.stringify({ level, code, message, ...place, hint })}\n`);
  };
  for (const warning of warnings) line(warning.kind, undefined, warning);
  for (const error of errors) line('error', error.code, error);
}

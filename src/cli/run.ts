/** `drover run PLAYBOOK…`: loads, lists or runs, and turns the end into an exit code. */
import { type DroverError, LoadError, LoadErrors, type Warning } from '../core/errors.ts';
import { JsonLinesReporter } from '../report/jsonl.ts';
import type { Output, Reporter } from '../report/reporter.ts';
import { TerminalReporter } from '../report/terminal.ts';
import {
  describeError,
  describeFatal,
  describePlace,
  describeWarning,
} from '../source/codeFrame.ts';
import { nodeFiles } from '../source/files.ts';
import { SourceTexts } from '../source/sourceTexts.ts';
import type { DefineCommand } from './command.ts';
import { errorText } from './errorText.ts';
import { isListing, list } from './list.ts';
import { loggingErrors, openLog, withLog } from './log.ts';
import { addRunFlags, type RunFlags } from './runFlags.ts';
import { runPlaybooks } from './runPlaybooks.ts';
import type { RunRequest } from './runRequest.ts';
import { type RunSetup, runSetup } from './runSettings.ts';
import { EXIT, type World } from './world.ts';

export const defineRun: DefineCommand = (command, { world, exit }) => {
  addRunFlags(command.argument('<playbook...>', 'playbook files, run in this order')).action(
    async (playbooks: string[], flags: RunFlags) => {
      exit(await run(playbooks, flags, world));
    },
  );
};

/** @returns the exit code. @throws DroverError for wrong usage or content. */
export async function run(
  playbooks: readonly string[],
  flags: RunFlags,
  world: World,
): Promise<number> {
  const setup = await runSetup(playbooks, flags, world);
  const log = isListing(flags) ? undefined : openLog(setup.settings, world);
  const reporter = reporterFor(setup, flags, world, log);
  for (const warning of settingsWarnings(setup)) reporter.handle({ type: 'warning', warning });
  if (isListing(flags)) return list(setup.request, flags, world, reporter);
  const described = (error: DroverError): string => errorText(error, world.cwd);
  return loggingErrors(log, described, () => runAndJudge(setup.request, reporter, world));
}

/** Keys that mean nothing here are told with `-v`: a file may well be shared with other programs. */
function settingsWarnings({ loaded, request }: RunSetup): readonly Warning[] {
  const unknown = request.verbosity > 0 ? loaded.unknownKeys : [];
  return [
    ...loaded.warnings,
    ...unknown.map(
      ({ key, source }): Warning => ({
        kind: 'warning',
        message: `"${key}" is no setting that has an effect here`,
        source,
      }),
    ),
  ];
}

/** @returns the exit code of what the run came to. */
export async function runAndJudge(
  request: RunRequest,
  reporter: Reporter,
  world: World,
): Promise<number> {
  const end = await runPlaybooks(request, reporter, world);
  if (world.signal.aborted) return EXIT.interrupted;
  if (end.hasUnreachable) return EXIT.unreachable;
  return end.hasFailed ? EXIT.failed : EXIT.ok;
}

function reporterFor(
  { request, settings }: RunSetup,
  flags: RunFlags,
  world: World,
  log: Output | undefined,
): Reporter {
  const texts = new SourceTexts(nodeFiles, world.cwd);
  const textReporter = (output: Output, errors: Output): Reporter =>
    new TerminalReporter({
      output,
      errors,
      verbosity: request.verbosity,
      showsSkipped: settings.output.displaySkippedHosts.value,
      describeError: (error, isTold) => explanation(error, isTold, texts),
      describeWarning: (warning) => describeWarning(warning, texts),
    });
  const shown =
    flags.output === 'jsonl'
      ? new JsonLinesReporter(world.stdout)
      : textReporter(world.stdout, world.stderr);
  return withLog(shown, log, (output) => textReporter(output, output));
}

/** Wrong content is told as at load, whether it was found then or on the way. */
function explanation(error: DroverError, isTold: boolean, texts: SourceTexts): string {
  if (error instanceof LoadError || error instanceof LoadErrors) return describeFatal(error, texts);
  return isTold ? describePlace(error, texts) : describeError(error, texts);
}

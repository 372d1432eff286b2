/** The log of a run, where `log_path` asks for one. */
import type { Settings } from '../config/settings.ts';
import { DroverError } from '../core/errors.ts';
import { LogFile } from '../report/logFile.ts';
import type { Output, Reporter } from '../report/reporter.ts';
import { SeveralReporters } from '../report/several.ts';
import type { World } from './world.ts';

/** @returns undefined when the settings name no file. */
export function openLog({ output }: Settings, world: World): Output | undefined {
  const path = output.logPath.value;
  if (path === undefined) return undefined;
  const { processId, userName, now, stderr } = world;
  const onFailure = (reason: string): void =>
    stderr.write(`[WARNING]: the log is not written: ${reason}\n`);
  return new LogFile({ path, processId, userName, now, onFailure });
}

/** Tells people, and the log. @param textReporter the form of the log, whatever the form of what is shown. */
export function withLog(
  shown: Reporter,
  log: Output | undefined,
  textReporter: (output: Output) => Reporter,
): Reporter {
  return log === undefined ? shown : new SeveralReporters([shown, textReporter(log)]);
}

/** The error that ends the work is told by whoever ends it, and in the log here. */
export async function loggingErrors<T>(
  log: Output | undefined,
  describe: (error: DroverError) => string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DroverError) log?.write(describe(error));
    throw error;
  }
}

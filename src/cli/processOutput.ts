import type { WriteStream } from 'node:tty';
import { booleanOf } from '../engine/tasks/connectionSettings.ts';
import type { Output } from '../report/reporter.ts';

/**
 * A stream of the process as output: colours on a terminal, unless the environment says otherwise. When its reader leaves early (`| head`),
 * the work goes on, as Ansible's does: hosts are not left halfway because nobody watches.
 */
export function processOutput(
  stream: WriteStream,
  environment: Readonly<Record<string, string | undefined>>,
): Output {
  const isForced = booleanOf(
    environment['DROVER_FORCE_COLOR'] ?? environment['ANSIBLE_FORCE_COLOR'],
  );
  const isOff =
    environment['NO_COLOR'] !== undefined || booleanOf(environment['ANSIBLE_NOCOLOR']) === true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    hasColors: isForced === true || (stream.isTTY === true && !isOff),
    columns: stream.isTTY === true ? stream.columns : undefined,
    write: (text) => {
      stream.write(text);
    },
  };
}

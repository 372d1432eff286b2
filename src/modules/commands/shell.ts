import * as z from 'zod';
import { defineAction } from '../module.ts';
import { path, text } from '../params.ts';
import {
  type CommandRun,
  commandJob,
  commandParams,
  commandReturns,
  runCommand,
} from './commandLine.ts';

const params = z.strictObject({
  cmd: text().describe('The line, as the shell gets it.'),
  ...commandParams,
  executable: path().default('/bin/sh').describe('The shell. Absolute.'),
});

export const shell = defineAction({
  name: 'shell',
  summary: 'Run a line in a shell on the host',
  description:
    'In check mode it runs nothing; with `creates` or `removes` it tells whether it would. ' +
    'Quote what comes from variables with the `quote` filter.',
  params,
  freeForm: 'cmd',
  examples: [
    '- shell: dmesg | grep -c error\n  register: errors\n  changed_when: false\n',
    '- shell:\n    cmd: set -o pipefail; make | tee build.log\n    chdir: /usr/src/tool\n    executable: /bin/bash\n',
  ],
  returns: commandReturns,
  checkMode: 'predict',

  run: (context, given) => runCommand(context, lineOf(given)),
  detached: (given) => commandJob(lineOf(given)),
});

function lineOf({ executable, ...line }: z.output<typeof params>): CommandRun {
  return { ...line, argv: [executable, '-c', line.cmd], expands: false };
}

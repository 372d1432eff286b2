import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineAction } from '../module.ts';
import { boolean, list, text } from '../params.ts';
import {
  type CommandRun,
  commandJob,
  commandParams,
  commandReturns,
  runCommand,
} from './commandLine.ts';
import { splitWords } from './shellWords.ts';

const params = z
  .strictObject({
    cmd: text()
      .optional()
      .describe('The program and its arguments as one line, quoted as for a shell.'),
    argv: list(text()).optional().describe('The program and its arguments as a list.'),
    ...commandParams,
    expand_argument_vars: boolean()
      .default(true)
      .describe(
        'Expand `$NAME` and a leading `~` in the arguments, with the environment of the host.',
      ),
  })
  .refine(({ cmd, argv }) => (cmd === undefined) !== (argv === undefined), {
    message: 'give the command either as text (cmd) or as a list (argv)',
  });

export const command = defineAction({
  name: 'command',
  summary: 'Run a program, without a shell',
  description:
    'The words go to the program as they are: pipes, redirections and globs need the `shell` module. ' +
    'In check mode it runs nothing; with `creates` or `removes` it tells whether it would.',
  params,
  freeForm: 'cmd',
  examples: [
    '- command: cat /etc/motd\n  register: motd\n',
    '- command:\n    cmd: make install\n    chdir: /usr/src/tool\n    creates: /usr/local/bin/tool\n',
    '- command:\n    argv: [touch, "a file with spaces"]\n',
  ],
  returns: commandReturns,
  checkMode: 'predict',

  run: (context, given) => runCommand(context, commandRun(given)),
  detached: (given) => commandJob(commandRun(given)),
});

function commandRun(given: z.output<typeof params>): CommandRun {
  const argv = given.argv ?? splitWords(given.cmd ?? '');
  if (argv.length === 0) throw new ModuleError('no command given', { data: { rc: 256 } });
  const expands = given.expand_argument_vars && argv.some((word) => /^~|\$/.test(word));
  return { ...given, argv, cmd: argv, expands };
}

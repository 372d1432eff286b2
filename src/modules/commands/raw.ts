import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { RUN_ARGUMENTS } from '../../target/target.ts';
import { defineAction } from '../module.ts';
import { path, text } from '../params.ts';

export const raw = defineAction({
  name: 'raw',
  summary: "Run a line in the host's shell, exactly as it is written",
  description:
    'Nothing is checked first and nothing is stripped from the output. Skipped in check mode.',
  params: z.strictObject({
    free_form: text().describe('The line.'),
    executable: path()
      .optional()
      .describe("The shell, when it is not the host's /bin/sh. Absolute."),
  }),
  freeForm: 'free_form',
  examples: ['- raw: apt-get install -y python3-minimal\n'],
  returns: {
    rc: 'Exit code of the line.',
    stdout: 'What it wrote to standard output.',
    stderr: 'What it wrote to standard error.',
  },
  checkMode: 'skip',

  async run({ target, signal }, { free_form: line, executable }) {
    const args = [executable ?? '/bin/sh', '-c', line];
    const result = await target.sh(RUN_ARGUMENTS, { kind: 'command', args, signal });
    const data = {
      rc: result.rc,
      stdout: result.stdout.toString('utf8'),
      stderr: result.stderr.toString('utf8'),
    };
    if (result.rc === 0) return { changed: true, data };
    throw new ModuleError('non-zero return code', { data: { ...data, changed: true } });
  },
});

import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Probe } from '../../target/probe.ts';
import { defineResource } from '../module.ts';
import { path } from '../params.ts';
import { script } from '../script.ts';
import { EXPAND_PATH } from './fileState.ts';

interface Content {
  /** With `~` expanded. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** The path, NUL, and the bytes. */
const READ = script`
${EXPAND_PATH}
printf '%s\0' "$path"
LC_ALL=C cat -- "$path"`;

export const slurp = defineResource({
  name: 'slurp',
  summary: 'Read a file of the host',
  description:
    'The content comes in base64, so that any bytes survive: `{{ result.content | b64decode }}`.',
  params: z.strictObject({
    src: path()
      .describe('The file. Absolute.')
      .meta({ aliases: ['path'] }),
  }),
  examples: [
    '- slurp:\n    src: /proc/mounts\n  register: mounts\n- debug:\n    msg: "{{ mounts.content | b64decode }}"\n',
  ],
  returns: {
    content: 'The content in base64.',
    encoding: '`base64`.',
    source: 'The file.',
  },

  observe: ({ src }) => ({ content: contentOf(src) }),
  plan: () => [],
  apply: () => Promise.resolve(),
  result: (_params, { content }) => ({
    content: content.bytes.toString('base64'),
    encoding: 'base64',
    source: content.path,
  }),
});

function contentOf(src: string): Probe<Content> {
  return {
    script: READ,
    args: [src],
    parse({ rc, stdout, stderr }) {
      const end = stdout.indexOf(0);
      const expanded = stdout.subarray(0, end).toString();
      if (rc !== 0) throw unreadable(expanded, stderr.toString().trim());
      return { path: expanded, bytes: stdout.subarray(end + 1) };
    },
  };
}

/** In words that playbooks look for. @param reason what cat(1) said. */
function unreadable(file: string, reason: string): ModuleError {
  if (reason.includes('No such file')) return new ModuleError(`file not found: ${file}`);
  if (reason.includes('Permission denied')) {
    return new ModuleError(`file is not readable: ${file}`);
  }
  if (reason.includes('Is a directory')) {
    return new ModuleError(`source is a directory and must be a file: ${file}`);
  }
  return new ModuleError(`unable to slurp file: ${reason}`);
}

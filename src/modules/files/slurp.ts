import { z } from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineResource } from '../module.ts';
import { path } from '../params.ts';
import { fileBytes, fileState } from './fileState.ts';

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

  observe: ({ src }) => ({ file: fileState(src), content: fileBytes(src) }),
  plan: () => [],
  apply: () => Promise.resolve(),
  result({ src }, { file, content }) {
    if (content !== undefined) {
      return { content: content.toString('base64'), encoding: 'base64', source: file.path };
    }
    const type = file.followed?.type;
    throw new ModuleError(
      type === undefined
        ? `file not found: ${src}`
        : `source is a ${type} and must be a file: ${src}`,
    );
  },
});

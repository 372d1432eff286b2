import * as z from 'zod';
import { boolean, fileAttributes, fileMode, path, plain, text } from '../../params.ts';

/** Parameters of `copy`. */
export const CopyParams = z
  .strictObject({
    src: path()
      .optional()
      .describe(
        'A file or directory of the controller, in files/ of the role or beside the playbook; with `remote_src`, of ' +
          'the host. A directory with a slash at its end stands for what is in it.',
      ),
    content: plain()
      .optional()
      .describe('The content itself; lists and dicts are written as JSON.'),
    dest: path().describe('Where it goes on the host. Absolute.'),
    remote_src: boolean().default(false).describe('`src` is on the host.'),
    backup: boolean()
      .default(false)
      .describe('Keep the old file, with time and process id in its name.'),
    force: boolean()
      .default(true)
      .describe('Replace files that differ; without it only missing ones are written.')
      .meta({ aliases: ['thirsty'] }),
    follow: boolean().default(false).describe('Write to what a symbolic link at `dest` points to.'),
    local_follow: boolean()
      .default(true)
      .describe('Copy what links in the source point to, instead of the links.'),
    directory_mode: fileMode()
      .optional()
      .describe('Mode of directories, when a directory is copied.'),
    validate: text()
      .optional()
      .describe('A command that checks the new file (`%s`) before it is put in place.'),
    checksum: text().optional().describe('SHA-1 that the source must have.'),
    decrypt: boolean().default(true).describe('Write vaulted files as plain text.'),
    ...fileAttributes,
  })
  .refine(({ src, content }) => (src === undefined) !== (content === undefined), {
    message: 'give either src or content',
  });

export type CopyParams = z.output<typeof CopyParams>;

import * as z from 'zod';
import { boolean, fileAttributes, integer, list, path, text } from '../../params.ts';

export const UnarchiveParams = z
  .strictObject({
    src: path().describe(
      'The archive: a file of the controller; with `remote_src` a file of the host or a URL.',
    ),
    dest: path().describe('Directory of the host to unpack in. It must exist.'),
    remote_src: boolean().default(false).describe('`src` is on the host, or on the web.'),
    copy: boolean()
      .optional()
      .describe('The opposite of `remote_src`, as older playbooks write it.'),
    creates: path().optional().describe('Nothing is done when this path exists.'),
    list_files: boolean().default(false).describe('Return the names in the archive.'),
    exclude: list(text()).default([]).describe('Entries to leave out, as shell patterns.'),
    include: list(text()).default([]).describe('Entries to unpack, instead of all.'),
    keep_newer: boolean()
      .default(false)
      .describe('Do not replace files that are newer than those of the archive.'),
    extra_opts: list(text()).default([]).describe('Further arguments for tar or unzip.'),
    validate_certs: boolean()
      .default(true)
      .describe("Whether a server's certificate is checked, when `src` is a URL."),
    decrypt: boolean().default(true).describe('Take a vaulted archive of the controller as plain.'),
    io_buffer_size: integer().default(65536).describe('Without effect.'),
    ...fileAttributes,
  })
  .superRefine(({ copy, remote_src: isRemote, include, exclude }, context) => {
    if (copy !== undefined && isRemote) {
      context.addIssue('parameters are mutually exclusive: copy|remote_src');
    }
    if (include.length > 0 && exclude.length > 0) {
      context.addIssue('parameters are mutually exclusive: include|exclude');
    }
  });
export type UnarchiveParams = z.output<typeof UnarchiveParams>;

export function isRemote({ remote_src: remote, copy }: UnarchiveParams): boolean {
  return remote || copy === false;
}

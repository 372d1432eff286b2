import * as z from 'zod';
import { boolean, fileAttributes, list, path, text, word } from '../../params.ts';

export const ArchiveParams = z.strictObject({
  path: list(word()).describe(
    'What to pack: absolute paths of the host, also with `*` and `?`. Of a directory its content.',
  ),
  dest: path()
    .optional()
    .describe(
      'The archive. Its directory must exist. Needed unless `path` is one file: then it is that with the format as its end.',
    ),
  format: z
    .enum(['gz', 'bz2', 'xz', 'tar', 'zip'])
    .default('gz')
    .describe('How it is packed; several files go into a tar first, but for `zip`.'),
  exclude_path: list(word())
    .default([])
    .describe('Paths of `path` to leave out, also with `*` and `?`.'),
  exclusion_patterns: list(text())
    .default([])
    .describe(
      'Shell patterns for names in the archive (for `zip` for whole paths) that are left out, wherever they are; `*` also takes slashes.',
    ),
  force_archive: boolean()
    .default(false)
    .describe('Make an archive also of a single file, which is only compressed otherwise.'),
  remove: boolean()
    .default(false)
    .describe(
      'Remove the files that were packed, and directories of `path` with all that is in them.',
    ),
  ...fileAttributes,
});
export type ArchiveParams = z.output<typeof ArchiveParams>;

export type Format = ArchiveParams['format'];

/** Whether Python's `glob` would take it as a pattern. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

import * as z from 'zod';
import { defineResource } from '../../module.ts';
import { boolean, fileMode, integer, list, path, text } from '../../params.ts';
import { statKeys } from '../stat/statKeys.ts';
import { chosenFiles } from './findChoice.ts';
import { type FoundFile, foundChecksums, foundContents, listFiles } from './findProbes.ts';

const FindParams = z.strictObject({
  paths: list(path())
    .describe('Directories to search. Absolute.')
    .meta({ aliases: ['name', 'path'] }),
  patterns: list(text())
    .default([])
    .describe('Shell patterns (or with `use_regex` expressions) of which the name must match one.')
    .meta({ aliases: ['pattern'] }),
  excludes: list(text())
    .default([])
    .describe('Patterns of names to leave out.')
    .meta({ aliases: ['exclude'] }),
  contains: text().optional().describe('An expression that a line of the file must begin with.'),
  encoding: text().optional().describe('Encoding of files, for `contains`. Default: UTF-8.'),
  read_whole_file: boolean()
    .default(false)
    .describe('Match `contains` anywhere in the whole content.'),
  file_type: z.enum(['any', 'directory', 'file', 'link']).default('file').describe('What to find.'),
  recurse: boolean().default(false).describe('Search directories below too.'),
  depth: integer().optional().describe('How many levels to search, with `recurse`.'),
  hidden: boolean().default(false).describe('Find names that begin with a dot too.'),
  follow: boolean().default(false).describe('Search directories that links point to.'),
  age: text().optional().describe('At least this old, or with a minus at most: `2d`, `-1h`, `4w`.'),
  age_stamp: z.enum(['atime', 'ctime', 'mtime']).default('mtime').describe('The time that counts.'),
  size: text().optional().describe('At least this large, or with a minus at most: `10m`, `-1k`.'),
  mode: fileMode().optional().describe('Permissions, octal or symbolic.'),
  exact_mode: boolean()
    .default(true)
    .describe('`mode` must be equal; without it one common bit is enough.'),
  get_checksum: boolean().default(false).describe('Hash the files.'),
  checksum_algorithm: z
    .enum(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'])
    .default('sha1')
    .describe('The hash.')
    .meta({ aliases: ['checksum', 'checksum_algo'] }),
  use_regex: boolean().default(false).describe('Patterns are Python regular expressions.'),
  limit: integer().optional().describe('Stop after this many.'),
});
export type FindParams = z.output<typeof FindParams>;

export const find = defineResource({
  name: 'find',
  summary: 'Find files on the host by name, age, size, kind or content',
  params: FindParams,
  examples: [
    '- find:\n    paths: /var/log\n    patterns: "*.log.*"\n    age: 4w\n    recurse: true\n  register: old\n',
  ],
  returns: {
    files: 'The files, each with the keys of `stat`.',
    matched: 'Their number.',
    examined: 'Number of entries looked at.',
    skipped_paths: 'Paths that could not be searched, with the reason.',
  },

  observe: (params: FindParams) => ({ listing: listFiles(params) }),
  /** Contents and hashes only of those that all else holds for. */
  observeMore(params, { listing }) {
    const { contains, get_checksum: hashes, checksum_algorithm: algorithm } = params;
    if (contains === undefined && !hashes) return undefined;
    const names = chosenFiles(params, listing).flatMap(({ path: name, stat }) =>
      stat.type === 'file' ? [name] : [],
    );
    return {
      contents: foundContents(contains === undefined ? [] : names, params.encoding),
      checksums: foundChecksums(hashes ? names : [], algorithm),
    };
  },
  plan: () => [],
  apply: () => Promise.resolve(),
  result(params, { listing, contents, checksums }) {
    const chosen = chosenFiles(params, listing, contents).slice(0, params.limit);
    const skipped = Object.entries(listing.skipped);
    return {
      files: chosen.map((file) => fileKeys(file, checksums)),
      matched: chosen.length,
      examined: listing.examined,
      skipped_paths: listing.skipped,
      msg:
        skipped.length === 0
          ? 'All paths examined'
          : 'Not all paths examined, check warnings for details',
    };
  },
});

function fileKeys({ path: name, stat }: FoundFile, checksums?: ReadonlyMap<string, string>) {
  const checksum = checksums?.get(name);
  return { path: name, ...statKeys(stat), ...(checksum === undefined ? {} : { checksum }) };
}

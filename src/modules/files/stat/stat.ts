import * as z from 'zod';
import type { ResultData } from '../../../core/results.ts';
import { defineResource } from '../../module.ts';
import { boolean, path } from '../../params.ts';
import { type FileStat, type FileState, fileState } from '../fileState.ts';
import { type StatExtras, statExtras } from './statExtras.ts';
import { statKeys } from './statKeys.ts';

export const stat = defineResource({
  name: 'stat',
  summary: 'Look at a file: whether it is there, its kind, owner, mode, times, checksum',
  params: z.strictObject({
    path: path()
      .describe('File to look at. Absolute.')
      .meta({ aliases: ['dest', 'name'] }),
    follow: boolean().default(false).describe('Look at what a symbolic link points to.'),
    get_checksum: boolean().default(true).describe('Hash a regular file.'),
    checksum_algorithm: z
      .enum(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'])
      .default('sha1')
      .describe('The hash.')
      .meta({ aliases: ['checksum', 'checksum_algo'] }),
    get_mime: boolean()
      .default(true)
      .describe('Ask `file` for the kind of content, where the host has it.')
      .meta({ aliases: ['mime', 'mime_type', 'mime-type'] }),
    get_attributes: boolean()
      .default(true)
      .describe('Ask `lsattr` for flags, where the host has it.')
      .meta({ aliases: ['attr', 'attributes'] }),
    get_md5: boolean().default(false).describe('Without effect; still taken for old playbooks.'),
  }),
  examples: [
    '- stat:\n    path: /etc/passwd\n  register: passwd\n- assert:\n    that: passwd.stat.exists\n',
  ],
  returns: { stat: 'A dict with `exists` and, when it does, everything known about the file.' },

  observe: (params) => ({
    file: fileState(params.path),
    extras: statExtras(params.path, {
      follow: params.follow,
      algorithm: params.get_checksum ? params.checksum_algorithm : undefined,
      mime: params.get_mime,
      attributes: params.get_attributes,
    }),
  }),
  plan: () => [],
  apply: () => Promise.resolve(),
  result: ({ follow }, { file, extras }) => ({ stat: statResult(file, extras, follow) }),
});

function statResult(file: FileState, extras: StatExtras, follow: boolean): ResultData {
  const known = follow ? file.followed : file.own;
  if (known === undefined) return { exists: false };
  return {
    exists: true,
    path: file.path,
    ...statKeys({ ...known, ...extras.times }),
    blocks: known.blocks,
    block_size: known.blockSize,
    device_type: known.deviceType,
    ...extras.access,
    ...linkResult(file, known),
    ...extras.found,
  };
}

function linkResult({ realPath, linkTarget }: FileState, { type }: FileStat): ResultData {
  return type === 'link' ? { lnk_source: realPath, lnk_target: linkTarget } : {};
}

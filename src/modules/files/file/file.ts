import * as z from 'zod';
import { defineResource } from '../../module.ts';
import { boolean, fileAttributes, path, text } from '../../params.ts';
import { fileLabels } from '../fileLabels.ts';
import { fileState } from '../fileState.ts';
import { applyFileOperations } from './fileApply.ts';
import type { FileParams } from './fileAttributesPlan.ts';
import { fileResult, planFile } from './filePlan.ts';
import { fileTimes, treeEntries } from './fileTree.ts';

export const file = defineResource({
  name: 'file',
  summary:
    'Make sure of a file, directory or link: that it is there or not, its owner, mode and times',
  params: z
    .strictObject({
      path: path()
        .describe('What to manage. Absolute.')
        .meta({ aliases: ['dest', 'name'] }),
      state: z
        .enum(['absent', 'directory', 'file', 'hard', 'link', 'touch'])
        .optional()
        .describe(
          'What it shall be. `file` only checks that it is there; `directory` makes parents too; `absent` removes ' +
            'directories with their content. Default: what it is, else `directory` with `recurse`, else `file`.',
        ),
      src: path().optional().describe('What a link points to; relative to the link for `link`.'),
      recurse: boolean()
        .default(false)
        .describe('Set owner, group and mode on everything below a directory too.'),
      force: boolean()
        .default(false)
        .describe('Make a link although its target is missing or something else is in the place.'),
      follow: boolean().default(true).describe('Set attributes on what a link points to.'),
      access_time: text()
        .optional()
        .describe('`preserve`, `now`, or a time. Default: `now` with `touch`, else `preserve`.'),
      access_time_format: text().default('%Y%m%d%H%M.%S').describe('Format of `access_time`.'),
      modification_time: text()
        .optional()
        .describe('`preserve`, `now`, or a time. Default: `now` with `touch`, else `preserve`.'),
      modification_time_format: text()
        .default('%Y%m%d%H%M.%S')
        .describe('Format of `modification_time`.'),
      ...fileAttributes,
    })
    .superRefine(({ state, recurse, src }, context) => {
      if (recurse && state !== undefined && state !== 'directory') {
        context.addIssue("recurse option requires state to be 'directory'");
      }
      if ((src ?? '') !== '' && state !== 'link' && state !== 'hard') {
        context.addIssue("src option requires state to be 'link' or 'hard'");
      }
    }),
  examples: [
    "- file:\n    path: /srv/app\n    state: directory\n    owner: root\n    mode: '0755'\n",
    '- file:\n    path: /etc/localtime\n    src: /usr/share/zoneinfo/UTC\n    state: link\n',
    '- file:\n    path: /tmp/old\n    state: absent\n',
  ],
  returns: {
    path: 'The path (states `file`, `directory`, `absent`).',
    dest: 'The path (states `touch`, `link`, `hard`).',
    src: 'What a link points to.',
    owner: 'Owner.',
    group: 'Group.',
    uid: "Owner's id.",
    gid: "Group's id.",
    mode: 'Permissions, octal.',
    size: 'Bytes.',
    state: 'What it is now.',
  },

  observe: (params) => ({
    file: fileState(params.path, params),
    source: isLink(params) ? fileState(sourcePath(params)) : fileState(params.path, params),
    times: fileTimes(mindsTimes(params) ? params.path : undefined),
    labels: fileLabels(params.path, params),
    tree: treeEntries(params.recurse ? params.path : undefined, params.follow),
  }),
  plan: (params, state) => planFile(params, state).changes,
  apply: (changes, target) =>
    applyFileOperations(
      changes.map(({ operation }) => operation),
      target,
    ),
  result: (params, state) => fileResult(params, state),
});

function isLink({ state }: FileParams): boolean {
  return state === 'link' || state === 'hard';
}

function mindsTimes({ state, access_time, modification_time }: FileParams): boolean {
  return state === 'touch' || access_time !== undefined || modification_time !== undefined;
}

/** A symbolic link's target is relative to the directory of the link. */
function sourcePath({ src, path: link, state }: FileParams): string {
  if (src === undefined || src === '') return link;
  if (state !== 'link' || /^[/~]/.test(src)) return src;
  return `${link.replace(/[^/]*$/, '')}${src}`;
}

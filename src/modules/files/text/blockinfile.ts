import * as z from 'zod';
import { defineResource } from '../../module.ts';
import { boolean, text } from '../../params.ts';
import { withBlock } from './blocks.ts';
import {
  applyEdit,
  doesNotExist,
  type EditState,
  editMessage,
  editParams,
  editResult,
  editReturns,
  observeText,
  planEdit,
  textOf,
} from './textEdit.ts';

const Params = z
  .strictObject({
    ...editParams,
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the block shall be there.'),
    block: text()
      .default('')
      .describe('The lines. Empty: the block is removed.')
      .meta({ aliases: ['content'] }),
    marker: text()
      .default('# {mark} ANSIBLE MANAGED BLOCK')
      .describe('The marker lines; `{mark}` stands for `marker_begin` and `marker_end`.'),
    marker_begin: text().default('BEGIN').describe('The word in the first marker.'),
    marker_end: text().default('END').describe('The word in the last marker.'),
    insertafter: text()
      .optional()
      .describe(
        'Where a new block goes: after the last line that matches, or `EOF`. Default: `EOF`.',
      ),
    insertbefore: text()
      .optional()
      .describe('Where a new block goes: before the last line that matches, or `BOF`.'),
    create: boolean().default(false).describe('Make the file when it is missing.'),
    append_newline: boolean().default(false).describe('Set it off by an empty line after it.'),
    prepend_newline: boolean().default(false).describe('Set it off by an empty line before it.'),
  })
  .refine(
    ({ insertafter, insertbefore }) => insertafter === undefined || insertbefore === undefined,
    {
      message: 'parameters are mutually exclusive: insertbefore|insertafter',
    },
  );
type Params = z.output<typeof Params>;

export const blockinfile = defineResource({
  name: 'blockinfile',
  summary: 'Keep a block of lines between two marker lines in a text file',
  params: Params,
  examples: [
    '- blockinfile:\n    path: /etc/hosts\n    block: |\n      192.0.2.1 one\n      192.0.2.2 two\n    marker: "# {mark} cluster"\n',
  ],
  returns: editReturns,

  observe: (params: Params) => observeText(params),
  plan: (params, state) => planEdit(params, state, editedBlock(params, state)),
  apply: applyEdit,
  result(params, state) {
    const after = editedBlock(params, state);
    const done = messageOf(params, textOf(state), after);
    const msg = editMessage(params, state, after, done);
    return { ...editResult(params, state, after), msg };
  },
});

function editedBlock(params: Params, state: EditState): string | undefined {
  const before = textOf(state);
  if (before === undefined && params.state === 'absent') return undefined;
  if (before === undefined && !params.create) throw doesNotExist('Path', state.file.path);
  return withBlock(before ?? '', params.state === 'absent' ? '' : params.block, params);
}

function messageOf(
  { path, state, block }: Params,
  before: string | undefined,
  after: string | undefined,
): string {
  if (after === undefined) return `File ${path} not present`;
  if (before === undefined) return 'File created';
  if (before === after) return '';
  return state === 'absent' || block === '' ? 'Block removed' : 'Block inserted';
}

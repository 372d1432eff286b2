import * as z from 'zod';
import { defineResource } from '../../module.ts';
import { boolean, text } from '../../params.ts';
import { type Edited, withLine, withoutLine } from './lines.ts';
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
      .describe('Whether the line shall be there.'),
    regexp: text()
      .optional()
      .describe('The line to replace or remove, as a regular expression; of several the last.')
      .meta({ aliases: ['regex'] }),
    search_string: text().optional().describe('The same as a plain text that the line contains.'),
    line: text()
      .optional()
      .describe('The line, without its newline.')
      .meta({ aliases: ['value'] }),
    backrefs: boolean()
      .default(false)
      .describe(
        '`line` may use groups of `regexp` (`\\1`); a text that does not match stays as it is.',
      ),
    insertafter: text()
      .optional()
      .describe(
        'Where a new line goes: after the last line that matches, or `EOF`. Default: `EOF`.',
      ),
    insertbefore: text()
      .optional()
      .describe('Where a new line goes: before the last line that matches, or `BOF`.'),
    create: boolean().default(false).describe('Make the file when it is missing.'),
    firstmatch: boolean().default(false).describe('Take the first match instead of the last.'),
  })
  .superRefine((params, context) => {
    for (const [a, b] of EXCLUSIVE) {
      if (isGiven(params[a]) && isGiven(params[b])) {
        context.addIssue(`parameters are mutually exclusive: ${a}|${b}`);
      }
    }
    const { state, line, backrefs, regexp, search_string: search } = params;
    if (state === 'present' && line === undefined) {
      context.addIssue('line is required with state=present');
    }
    if (backrefs && regexp === undefined) context.addIssue('regexp is required with backrefs=true');
    if (state === 'absent' && (regexp ?? search ?? line) === undefined) {
      context.addIssue('one of line, search_string, or regexp is required with state=absent');
    }
  });
type Params = z.output<typeof Params>;

const EXCLUSIVE = [
  ['insertbefore', 'insertafter'],
  ['regexp', 'search_string'],
  ['backrefs', 'search_string'],
] as const;

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== false;
}

export const lineinfile = defineResource({
  name: 'lineinfile',
  summary: 'Make sure that a line is, or is not, in a text file',
  description: 'Regular expressions are those of Python. For blocks of lines see `blockinfile`.',
  params: Params,
  examples: [
    '- lineinfile:\n    path: /etc/ssh/sshd_config\n    regexp: "^#?PermitRootLogin"\n    line: PermitRootLogin no\n    validate: sshd -t -f %s\n',
    '- lineinfile:\n    path: /etc/hosts\n    line: 127.0.0.1 localhost\n    insertbefore: BOF\n',
    '- lineinfile:\n    path: /etc/sudoers\n    state: absent\n    regexp: "^%wheel"\n',
  ],
  returns: { ...editReturns, found: 'Number of lines removed (state `absent`).' },

  observe: (params: Params) => observeText(params),
  plan: (params, state) => planEdit(params, state, editedLines(params, state)?.text),
  apply: applyEdit,
  result(params, state) {
    const edited = editedLines(params, state);
    const { found = 0 } = edited ?? {};
    const attributes = editResult(params, state, edited?.text);
    const done = edited?.msg ?? 'file not present';
    return {
      ...attributes,
      msg: editMessage(params, state, edited?.text, done),
      backup: '',
      ...(params.state === 'absent' ? { found } : {}),
    };
  },
});

/** Undefined when there is no file and none is to be made. */
function editedLines(params: Params, state: EditState): Edited | undefined {
  const before = textOf(state);
  if (params.state === 'absent') {
    return before === undefined ? undefined : withoutLine(before, params);
  }
  if (before === undefined && !params.create) throw doesNotExist('Destination', state.file.path);
  return withLine(before ?? '', params);
}

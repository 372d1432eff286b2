import * as z from 'zod';
import { expandReplacement, pythonRegex } from '../../../core/pythonRegex.ts';
import { defineResource } from '../../module.ts';
import { text } from '../../params.ts';
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

const Params = z.strictObject({
  ...editParams,
  regexp: text().describe(
    'What to replace: a Python regular expression; ^ and $ match at each line.',
  ),
  replace: text().default('').describe('What to put there; `\\1` and `\\g<name>` are groups.'),
  after: text().optional().describe('Only behind the first match of this expression.'),
  before: text().optional().describe('Only in front of the first match of this expression.'),
  encoding: z.enum(['utf-8']).default('utf-8').describe('Encoding of the file.'),
});
type Params = z.output<typeof Params>;

export const replace = defineResource({
  name: 'replace',
  summary: 'Replace all that matches a regular expression in a text file',
  params: Params,
  examples: [
    "- replace:\n    path: /etc/hosts\n    regexp: '(\\s+)old\\.example(\\s+.*)?$'\n    replace: '\\1new.example\\2'\n",
  ],
  returns: editReturns,

  observe: (params: Params) => observeText(params),
  plan: (params, state) => planEdit(params, state, replacedText(params, state).text),
  apply: applyEdit,
  result(params, state) {
    const { text: after, msg } = replacedText(params, state);
    const told = editMessage(params, state, after, msg);
    return { ...editResult(params, state, after), rc: 0, msg: told };
  },
});

function replacedText(
  params: Params,
  state: EditState,
): { readonly text: string; readonly msg: string } {
  const whole = textOf(state);
  if (whole === undefined) throw doesNotExist('Path', state.file.path);
  const section = sectionOf(whole, params);
  if (section === undefined) {
    return {
      text: whole,
      msg: `Pattern for before/after params did not match the given file: ${sectionPattern(params)}`,
    };
  }
  const [from, to] = section;
  const { result, count } = substituted(whole.slice(from, to), params);
  const after = `${whole.slice(0, from)}${result}${whole.slice(to)}`;
  return { text: after, msg: after === whole ? '' : `${count} replacements made` };
}

function substituted(
  section: string,
  { regexp, replace: replacement }: Params,
): { readonly result: string; readonly count: number } {
  const matches = [...section.matchAll(pythonRegex(regexp, { multiline: true }))];
  let result = '';
  let at = 0;
  for (const match of matches) {
    result += section.slice(at, match.index) + expandReplacement(replacement, match);
    at = match.index + match[0].length;
  }
  return { result: result + section.slice(at), count: matches.length };
}

/** Start and end of the part between `after` and `before`; undefined when they do not match. */
function sectionOf(whole: string, params: Params): readonly [from: number, to: number] | undefined {
  const pattern = sectionPattern(params);
  if (pattern === undefined) return [0, whole.length];
  const match = pythonRegex(pattern, { dotAll: true }).exec(whole);
  const subsection = match?.groups?.['subsection'];
  if (match === null || subsection === undefined) return undefined;
  const { after, before } = params;
  // Without `after` the section leads the match, without `before` it ends it; between both it follows the text of `after`.
  if (after === undefined) return [match.index, match.index + subsection.length];
  const head =
    before === undefined ? match[0].length - subsection.length : headLength(match, after);
  return [match.index + head, match.index + head + subsection.length];
}

function headLength(match: RegExpExecArray, after: string): number {
  const head = pythonRegex(after, { dotAll: true }, true).exec(match[0]);
  return head?.[0].length ?? 0;
}

function sectionPattern({ after, before }: Params): string | undefined {
  if (after !== undefined && before !== undefined) return `${after}(?P<subsection>.*?)${before}`;
  if (after !== undefined) return `${after}(?P<subsection>.*)`;
  return before === undefined ? undefined : `(?P<subsection>.*)${before}`;
}

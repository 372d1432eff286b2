import * as z from 'zod';
import type { ResultData } from '../../../core/results.ts';
import { defineResource } from '../../module.ts';
import { boolean, fileAttributes, list, object, path, text } from '../../params.ts';
import { editedIni, type IniEdit, type IniResult } from './iniText.ts';
import {
  applyEdit,
  doesNotExist,
  type EditState,
  editResult,
  editReturns,
  observeText,
  planEdit,
  textOf,
} from './textEdit.ts';

const Params = z
  .strictObject({
    path: path()
      .describe('The file to edit. Absolute.')
      .meta({ aliases: ['dest'] }),
    section: text()
      .nullish()
      .describe('The section. Without it the option stands before the first section.'),
    section_has_values: list(
      object({
        option: text().describe('An option that the section has.'),
        value: text().optional().describe('Its value.'),
        values: list(text()).optional().describe('Its values.'),
      }),
    )
      .optional()
      .describe('Tells sections of the same name apart: the one that has these options.'),
    option: text().nullish().describe('The option. Without it the section is meant.'),
    value: text().nullish().describe('Its value.'),
    values: list(text()).optional().describe('Its values, a line for each.'),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the option or section shall be there.'),
    exclusive: boolean()
      .default(true)
      .describe('Only the given values stay; without it others of the same option do too.'),
    no_extra_spaces: boolean().default(false).describe('Write `option=value`, without spaces.'),
    ignore_spaces: boolean()
      .default(false)
      .describe('Leave a line alone that differs only in spaces around `=`.'),
    create: boolean().default(true).describe('Make the file when it is missing.'),
    allow_no_value: boolean().default(false).describe('An option may stand without `=` and value.'),
    modify_inactive_option: boolean()
      .default(true)
      .describe('A commented-out line of the option becomes the active one.'),
    follow: boolean().default(false).describe('Write through a symbolic link.'),
    backup: boolean()
      .default(false)
      .describe('Keep the old file, with time and process id in its name.'),
    ...fileAttributes,
  })
  .superRefine((params, context) => {
    const { state, allow_no_value: allowsNone, value, values } = params;
    if (isGiven(value) && values !== undefined) {
      context.addIssue('parameters are mutually exclusive: value|values');
    }
    const hasValue = isGiven(value) || (values ?? []).length > 0;
    if (state === 'present' && !allowsNone && !hasValue) {
      context.addIssue(
        "Parameter 'value(s)' must be defined if state=present and allow_no_value=False.",
      );
    }
  });
type Params = z.output<typeof Params>;

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

export const iniFile = defineResource({
  name: 'ini_file',
  collection: 'community.general',
  aliases: ['ansible.builtin.ini_file'],
  summary: 'Set or remove options and sections of an INI file',
  description: 'Lines that are not asked about, and comments, stay as they are.',
  params: Params,
  examples: [
    '- ini_file:\n    path: /etc/app.ini\n    section: server\n    option: port\n    value: 8080\n    mode: "0640"\n',
    '- ini_file:\n    path: /etc/app.ini\n    section: peers\n    option: host\n    values: [one, two]\n',
    '- ini_file:\n    path: /etc/app.ini\n    section: legacy\n    state: absent\n',
  ],
  returns: { ...editReturns, path: 'The file.' },

  observe: (params: Params) => observeText(params),
  plan: (params, state) => planEdit(params, state, edited(params, state).text),
  apply: applyEdit,
  result(params, state): ResultData {
    const { text: after, msg } = edited(params, state);
    return { ...editResult(params, state, after), msg };
  },
});

/** The text is undefined when there is no file and none is to be made. */
function edited(params: Params, state: EditState): Partial<IniResult> {
  const before = textOf(state);
  if (before === undefined && !params.create) throw doesNotExist('Destination', state.file.path);
  const result = editedIni(before ?? '', editOf(params));
  return before === undefined && result.msg === 'OK' ? { msg: 'OK' } : result;
}

function editOf(params: Params): IniEdit {
  const { section, option, value, values, section_has_values: has = [] } = params;
  const given = isGiven(value) ? [String(value)] : [...new Set(values)];
  return {
    section: section === '' ? undefined : (section ?? undefined),
    sectionHas: has.map((each) => ({
      option: each.option,
      values: each.values ?? (each.value === undefined ? [] : [each.value]),
    })),
    option: option === '' ? undefined : (option ?? undefined),
    values: given.length === 0 && params.state === 'present' ? [undefined] : given,
    state: params.state,
    exclusive: params.exclusive,
    noExtraSpaces: params.no_extra_spaces,
    ignoreSpaces: params.ignore_spaces,
    modifyInactive: params.modify_inactive_option,
  };
}

import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineAction } from '../module.ts';
import { boolean, integer, list, path, text } from '../params.ts';
import { variableFiles } from './variableFiles.ts';

export const includeVars = defineAction({
  name: 'include_vars',
  summary: 'Load variables from YAML or JSON files of the controller',
  params: z
    .strictObject({
      file: path().optional().describe('A file, in vars/ of the role or beside the playbook.'),
      dir: path().optional().describe('A directory: all its files, in the order of their names.'),
      name: text().optional().describe('Make one dict of this name of them.'),
      depth: integer().default(0).describe('How many levels of directories to read; 0 for all.'),
      files_matching: text()
        .optional()
        .describe('Take only files whose names match (a regular expression).'),
      ignore_files: list(text())
        .default([])
        .describe('Names of files to leave out (regular expressions).'),
      extensions: list(text())
        .default(['json', 'yaml', 'yml'])
        .describe('Extensions that files may have.'),
      ignore_unknown_extensions: boolean()
        .default(false)
        .describe('Leave out files with other extensions instead of failing.'),
      hash_behaviour: z
        .enum(['replace', 'merge'])
        .optional()
        .describe(
          'What dicts do with those of the same name. Default: what the setting of that name says.',
        ),
    })
    .refine(({ file, dir }) => (file === undefined) !== (dir === undefined), {
      message: 'give either file or dir',
    }),
  freeForm: 'file',
  examples: [
    '- include_vars: "{{ ansible_os_family }}.yml"\n',
    '- include_vars:\n    dir: settings\n    extensions: [yml]\n    name: settings\n',
  ],
  returns: {
    ansible_included_var_files: 'The files that were read.',
    ansible_facts: 'The names that they set.',
  },
  runsOn: 'controller',
  checkMode: 'run',

  async run({ controller }, params) {
    const files =
      params.dir === undefined
        ? [await controller.findFile('vars', params.file ?? '')]
        : await variableFiles(await controller.findFile('vars', params.dir), { ...params });
    if (params.dir === undefined) requireExtension(files[0] ?? '', params.extensions);
    const variables = new Map<string, unknown>();
    for (const file of files) {
      for (const [name, value] of await controller.loadVariables(file)) variables.set(name, value);
    }
    return {
      changed: false,
      data: { ansible_included_var_files: files },
      effects: [
        {
          type: 'includeVars',
          variables,
          name: params.name,
          merge: params.hash_behaviour === 'merge',
        },
      ],
    };
  },
});

function requireExtension(file: string, extensions: readonly string[]): void {
  const name = file.replace(/^.*\//, '');
  if (!name.includes('.') || extensions.some((extension) => name.endsWith(`.${extension}`))) return;
  throw new ModuleError(`${file} does not have a valid extension: ${extensions.join(', ')}`, {
    hint: 'extensions names those to allow',
  });
}

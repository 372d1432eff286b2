import { statSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { fromPlain, type Value } from '../../core/values.ts';
import type { Controller } from '../controller.ts';
import { defineResource } from '../module.ts';
import { boolean, fileAttributes, path as pathParam, text } from '../params.ts';
import { observeDestination, placeAt } from './destination.ts';
import { octal } from './fileMode.ts';
import { type Payload, payloadOf } from './payload.ts';
import {
  applyPlacement,
  checksums,
  type Placement,
  placementResult,
  planPlacement,
} from './placement.ts';

const syntaxParams = {
  block_start_string: text().default('{%').describe('Opens a statement.'),
  block_end_string: text().default('%}').describe('Closes a statement.'),
  variable_start_string: text().default('{{').describe('Opens an expression.'),
  variable_end_string: text().default('}}').describe('Closes an expression.'),
  comment_start_string: text().default('{#').describe('Opens a comment.'),
  comment_end_string: text().default('#}').describe('Closes a comment.'),
  trim_blocks: boolean().default(true).describe('Remove the newline after a statement.'),
  lstrip_blocks: boolean().default(false).describe('Remove blanks before a statement.'),
  newline_sequence: z
    .enum(['\n', '\r', '\r\n'])
    .default('\n')
    .describe('The newline of the result.'),
} satisfies z.ZodRawShape;

const Params = z.strictObject({
  src: pathParam().describe('The template, in templates/ of the role or beside the playbook.'),
  dest: pathParam().describe('Where it goes on the host. Absolute; a directory takes its name.'),
  backup: boolean()
    .default(false)
    .describe('Keep the old file, with time and process id in its name.'),
  force: boolean()
    .default(true)
    .describe('Replace a file that differs; without it only a missing one is written.'),
  follow: boolean().default(false).describe('Write to what a symbolic link points to.'),
  validate: text()
    .optional()
    .describe('A command that checks the new file (`%s`) before it is put in place.'),
  output_encoding: z
    .enum(['utf-8', 'latin1', 'ascii', 'utf-16le'])
    .default('utf-8')
    .describe('Encoding of the result.'),
  ...syntaxParams,
  ...fileAttributes,
});
type Params = z.output<typeof Params>;

interface TemplateInput {
  readonly params: Params;
  readonly source: string;
  readonly payload: Payload;
  readonly diffMode: boolean;
}

export const template = defineResource({
  name: 'template',
  summary: 'Render a Jinja template to a file on the host',
  description:
    'A first line such as `#jinja2: trim_blocks: False` overrides the syntax parameters. Inside, `ansible_managed`, ' +
    '`template_path`, `template_host`, `template_uid`, `template_run_date`, `template_fullpath` and `template_destpath` are known.',
  params: Params,
  examples: [
    "- template:\n    src: nginx.conf.j2\n    dest: /etc/nginx/nginx.conf\n    owner: root\n    mode: '0644'\n    validate: nginx -t -c %s\n",
  ],
  returns: {
    dest: 'Where the file is.',
    src: 'The template on the controller.',
    checksum: 'SHA-1 of the content.',
    md5sum: 'MD5 of the content, when it was written.',
    owner: 'Owner.',
    group: 'Group.',
    uid: "Owner's id.",
    gid: "Group's id.",
    mode: 'Permissions, octal.',
    size: 'Bytes.',
    state: '`file`.',
    backup_file: 'The old file, with `backup`.',
  },

  async prepare(params: Params, controller: Controller): Promise<TemplateInput> {
    const source = await controller.findFile('templates', params.src);
    const { trim_blocks, lstrip_blocks, newline_sequence, ...delimiters } = syntaxOf(params);
    const variables = templateVariables(source, params, controller);
    const rendered = await controller.renderFile(source, {
      variables,
      syntax: { ...delimiters, trim_blocks, lstrip_blocks, newline_sequence },
    });
    const encoding = params.output_encoding === 'utf-8' ? 'utf8' : params.output_encoding;
    const payload = payloadOf(Buffer.from(rendered, encoding), statSync(source).mode & 0o7777);
    return { params, source, payload, diffMode: controller.diffMode };
  },

  observe: ({ params, source, payload, diffMode }) =>
    observeDestination(params, targetName(source), payload.size, diffMode),
  plan: (input, state, { checkMode }) =>
    planPlacement({ ...placement(input, state), isPredicted: checkMode }),
  apply: (changes, target, { payload }) =>
    applyPlacement(
      changes.map(({ operation }) => operation),
      target,
      payload,
    ),
  result: (input, state, changes) => ({
    ...placementResult(placement(input, state)),
    src: input.source,
    ...checksums(input.payload, changes),
  }),
});

function placement(
  { params, source, payload, diffMode }: TemplateInput,
  state: Parameters<typeof placeAt>[0],
): Placement {
  const mode = params.mode === 'preserve' ? octal(payload.mode ?? 0o644) : params.mode;
  const diff = diffMode ? source : undefined;
  return placeAt(state, { ...params, mode, payload, afterHeader: diff });
}

/** `foo.j2` becomes `foo.j2` in a directory, as its users expect: no suffix is taken away. */
function targetName(source: string): string {
  return path.basename(source);
}

function syntaxOf(params: Params): Pick<Params, keyof typeof syntaxParams> {
  const names = Object.keys(syntaxParams) as (keyof typeof syntaxParams)[];
  return Object.fromEntries(names.map((name) => [name, params[name]])) as Pick<
    Params,
    keyof typeof syntaxParams
  >;
}

let user: string | undefined;

/** Asked of the system once: it may be far away. */
function userName(): string {
  user ??= userInfo().username;
  return user;
}

function templateVariables(
  source: string,
  { dest }: Params,
  controller: Controller,
): ReadonlyMap<string, Value> {
  const { mtime, uid } = statSync(source);
  const managed = controller.variable('ansible_managed') ?? 'Ansible managed';
  return new Map<string, Value>([
    ['ansible_managed', managed],
    ['template_path', source],
    ['template_fullpath', path.resolve(source)],
    ['template_destpath', dest],
    ['template_host', fromPlain(controller.environment['HOSTNAME'] ?? 'localhost')],
    ['template_uid', uid === process.getuid?.() ? userName() : String(uid)],
    ['template_mtime', mtime],
    ['template_run_date', controller.now()],
  ]);
}

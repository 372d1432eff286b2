import * as z from 'zod';
import type { Change, ResultData } from '../../../core/results.ts';
import { defineResource } from '../../module.ts';
import { boolean, fileAttributes, path, text } from '../../params.ts';
import {
  applyEdit,
  doesNotExist,
  type EditOperation,
  type EditState,
  editResult,
  observeText,
  planEdit,
  textOf,
} from '../text/textEdit.ts';
import { hashOf, isHashOf, SCHEMES, storedHash, withUser } from './passwordFile.ts';

const Params = z
  .strictObject({
    path: path()
      .describe('The file with names and hashes.')
      .meta({ aliases: ['dest', 'destfile'] }),
    name: text()
      .describe('The user.')
      .meta({ aliases: ['username'] }),
    password: text()
      .optional()
      .describe('The password; needed unless the user is removed.')
      .meta({ secret: true }),
    hash_scheme: z
      .enum(SCHEMES)
      .default('apr_md5_crypt')
      .describe('How a new password is hashed.')
      .meta({ aliases: ['crypt_scheme'] }),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the user shall be there.'),
    create: boolean().default(true).describe('Make the file when it is missing.'),
    ...fileAttributes,
  })
  .refine(({ state, password }) => state === 'absent' || password !== undefined, {
    error: 'password is required with state=present',
  })
  .refine(({ name }) => !/[:\n]/.test(name), { error: 'a name holds no colon and no newline' });
type Params = z.output<typeof Params>;

interface Input extends Params {
  /** Of the password, if it has to be written. */
  readonly hash: string | undefined;
  readonly backup: false;
}

export const htpasswd = defineResource({
  name: 'htpasswd',
  collection: 'community.general',
  aliases: ['ansible.builtin.htpasswd'],
  summary: 'Users and passwords of a web server, in a file as htpasswd writes it',
  description:
    'Nothing is needed on the host. An existing hash of the password stays, in whichever scheme it is; DES hashes cannot be checked and are replaced.',
  params: Params,
  examples: [
    '- htpasswd:\n    path: /etc/nginx/passwords\n    name: ops\n    password: "{{ ops_password }}"\n    hash_scheme: bcrypt\n    owner: root\n    group: www-data\n    mode: "0640"\n',
    '- htpasswd: { path: /etc/nginx/passwords, name: guest, state: absent }\n',
  ],
  returns: { msg: 'What was done, in words.', path: 'The file.' },

  prepare(params: Params): Input {
    const { state, password, hash_scheme: scheme } = params;
    const isWanted = state === 'present' && password !== undefined;
    return { ...params, hash: isWanted ? hashOf(password, scheme) : undefined, backup: false };
  },
  observe: (input) => observeText(input),
  plan: (input, state) =>
    planEdit(input, state, textAfter(input, state)).map((change) =>
      withoutHashes(change, input, state),
    ),
  apply: applyEdit,
  result: (input, state): ResultData => ({
    ...withoutSize(editResult(input, state, textAfter(input, state))),
    msg: messageOf(input, state),
  }),
});

function textAfter(input: Input, state: EditState): string | undefined {
  const before = textOf(state);
  if (before === undefined && (input.state === 'absent' || !input.create)) {
    if (input.state === 'absent') return undefined;
    throw doesNotExist('Destination', state.file.path);
  }
  return isSettled(input, before) ? before : withUser(before, input.name, input.hash);
}

function isSettled({ state, name, password = '' }: Input, text: string | undefined): boolean {
  const stored = storedHash(text, name);
  if (state === 'absent') return stored === undefined;
  return stored !== undefined && isHashOf(password, stored);
}

/** The change of the text says whose password it is, and shows no hash. */
function withoutHashes(
  change: Change<EditOperation>,
  { name, state }: Input,
  edit: EditState,
): Change<EditOperation> {
  const { operation } = change;
  if (operation.type !== 'write') return change;
  const isKnown = storedHash(textOf(edit), name) !== undefined;
  const before = isKnown ? (state === 'absent' ? 'present' : 'another password') : 'absent';
  return { what: `${operation.path}: user ${name}`, before, after: state, operation };
}

/** Hashes of some schemes differ in length from one time to the next. */
function withoutSize({ size: _size, ...rest }: ResultData): ResultData {
  return rest;
}

function messageOf(input: Input, state: EditState): string {
  const { name } = input;
  const before = textOf(state);
  if (isSettled(input, before)) {
    return input.state === 'absent' ? `${name} not present` : `${name} already present`;
  }
  if (input.state === 'absent') return `Remove ${name}`;
  return before === undefined ? `Created ${input.path} and added ${name}` : `Add/update ${name}`;
}

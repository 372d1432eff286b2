/** `known_hosts`: the host keys that a user trusts. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { applyText, type KeptText, keptText, textChanges, textLines } from '../files/keptText.ts';
import { defineResource } from '../module.ts';
import { boolean, path, text } from '../params.ts';
import { hashedLine, hostKey, isForHost, withHostKey, withoutHostKey } from './knownHostsFile.ts';

const params = z
  .strictObject({
    name: text()
      .describe('The host: name, address, or `[name]:port`.')
      .meta({ aliases: ['host'] }),
    key: text()
      .optional()
      .describe('The line with names, type and key; without it `absent` removes all of the host.'),
    path: path().default('~/.ssh/known_hosts').describe('The file.'),
    hash_host: boolean().default(false).describe('Write a hash in place of the name.'),
    state: z
      .enum(['present', 'absent'])
      .default('present')
      .describe('Whether the key shall be there.'),
  })
  .refine(({ state, key }) => state === 'absent' || (key ?? '').trim() !== '', {
    error: '"key" is needed with state=present',
  });
type Params = z.output<typeof params>;

const SEVERAL_NAMES =
  'Comma separated list of names is not supported. Please pass a single name to lookup in the known_hosts file.';

export const knownHosts = defineResource({
  name: 'known_hosts',
  summary: 'Manage the host keys that a user trusts',
  params,
  examples: [
    '- known_hosts:\n    name: git.example.org\n    key: "git.example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"\n',
    '- known_hosts: { name: old.example.org, state: absent, path: /etc/ssh/ssh_known_hosts }',
  ],
  returns: {
    name: 'The host.',
    key: 'The key as given.',
    path: 'The file.',
    hash_host: 'Whether the name is hashed.',
    state: 'What was asked.',
    diff: 'The text before and after, with or without --diff.',
  },
  observe: ({ path: file }: Params) => ({ file: keptText(file) }),
  plan: (input, { file }) => planKnownHosts(input, file),
  async apply(changes, target) {
    for (const { operation } of changes) await applyText(operation, target);
  },
  result: ({ name, key, hash_host: isHashed, state }, { file }, changes) => ({
    name: name.toLowerCase(),
    key: key ?? null,
    path: file.path,
    hash_host: isHashed,
    state,
    diff: {
      before: file.text ?? '',
      after: String(changes[0]?.diff?.after ?? file.text ?? ''),
      before_header: file.path,
      after_header: file.path,
    },
  }),
});

export function planKnownHosts({ name, key, hash_host: isHashed, state }: Params, file: KeptText) {
  if (name.includes(',')) throw new ModuleError(SEVERAL_NAMES);
  const host = name.toLowerCase();
  const line = key === undefined ? undefined : checkedLine(key, host);
  const before = file.text ?? '';
  if (state === 'absent' || line === undefined) {
    const after = withoutHostKey(before, line, host);
    return after === before ? [] : textChanges(file, after);
  }
  const wanted = isHashed ? hashedLine(line, host) : line;
  const after = withHostKey(before, wanted, host);
  return after === before ? [] : textChanges(file, after);
}

/** @throws ModuleError when the key is not one, or for another host. */
function checkedLine(given: string, host: string): string {
  const [line = '', ...more] = textLines(given.trim());
  const key = hostKey(line);
  if (key === undefined || more.length > 0) {
    throw new ModuleError('the key is not one line of host, type and key', {
      hint: 'it looks like "host.example.org ssh-ed25519 AAAA…", as ssh-keyscan prints it',
    });
  }
  if (isForHost(key, host)) return line;
  throw new ModuleError('Host parameter does not match hashed host field in supplied key', {
    hint: `the key is for ${key.hosts}, not for ${host}; its line begins with the host’s name`,
  });
}

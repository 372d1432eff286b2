/** Vaults of drover opened by the real `ansible-vault`, and the other way round. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hasAnsible } from '../../support/ansible.ts';
import { Scratch } from '../../support/drover.ts';

const TEXTS = {
  text: 'key: välue\n',
  empty: '',
  block: 'x'.repeat(16),
  long: 'line\n'.repeat(5000),
};
const FLAGS = [
  ['--vault-password-file', 'password'],
  ['--vault-id', 'dev@password'],
];

function real(scratch: Scratch, argv: readonly string[], input?: string): string {
  const run = spawnSync('ansible-vault', argv, { cwd: scratch.folder, encoding: 'utf8', input });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}

describe.skipIf(!hasAnsible())('vaults beside ansible-vault', () => {
  it.each(Object.keys(TEXTS))('%s, encrypted here, opens there, and back', async (name) => {
    using scratch = new Scratch({ ...TEXTS, password: 'geheim ü\n' });
    const before = readFileSync(scratch.path(name), 'utf8');
    for (const flags of FLAGS) {
      await scratch.drover(['vault', 'encrypt', ...flags, name]);
      expect(real(scratch, ['view', ...flags, name])).toContain(before);
      real(scratch, ['decrypt', ...flags, name]);
      real(scratch, ['encrypt', ...flags, name]);
      await scratch.drover(['vault', 'decrypt', ...flags, name]);
      expect(readFileSync(scratch.path(name), 'utf8')).toBe(before);
    }
  });

  it('opens what was encrypted with a new password there, and the other way round', async () => {
    using scratch = new Scratch({ ...TEXTS, password: 'old\n', other: 'new\n' });
    await scratch.drover(['vault', 'encrypt', '--vault-id', 'dev@password', 'text']);
    real(scratch, ['rekey', '--vault-id', 'dev@password', '--new-vault-id', 'prod@other', 'text']);
    const argv = ['--vault-id', 'prod@other', '--new-vault-password-file', 'password', 'text'];
    await scratch.drover(['vault', 'rekey', ...argv]);
    expect(real(scratch, ['view', '--vault-password-file', 'password', 'text'])).toContain(
      TEXTS.text,
    );
  });

  it('writes a string as ansible-vault does', async () => {
    using scratch = new Scratch({ password: 'old\n' });
    const argv = ['--vault-id', 'dev@password', 'value', '-n', 'key'];
    const ours = await scratch.drover(['vault', 'encrypt-string', ...argv]);
    const shape = (text: string) => text.replace(/( {10}[0-9a-f]+\n?)+$/, 'HEX');
    expect(shape(ours.stdout)).toBe(shape(real(scratch, ['encrypt_string', ...argv])));
  });
});

import { describe, expect, it } from 'vitest';
import { passwordOf } from '../../../src/cli/passwords.ts';
import { Scratch } from '../../support/drover.ts';

const ORIGIN = { kind: 'default' } as const;

async function password(scratch: Scratch, file: string | undefined, isAsked = false) {
  const wanted = {
    askPass: { value: isAsked, origin: ORIGIN },
    passwordFile: { value: file, origin: ORIGIN },
  };
  const world = { cwd: scratch.folder, environment: process.env, prompt: async () => 'typed' };
  return (await passwordOf(wanted, 'Password: ', world))?.reveal();
}

describe('passwordOf', () => {
  it('reads a file, runs a program, or asks', async () => {
    using scratch = new Scratch({ file: ' a b \n', program: '#!/bin/sh\necho printed\n' });
    expect(await password(scratch, 'file')).toBe(' a b ');
    expect(await password(scratch, 'program')).toBe('printed');
    expect(await password(scratch, undefined, true)).toBe('typed');
    expect(await password(scratch, undefined)).toBeUndefined();
    await expect(password(scratch, 'missing')).rejects.toThrow('no password file "missing"');
  });
});

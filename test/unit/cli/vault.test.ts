import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
// Loaded here, so that loading is not part of the first test.
import '../../../src/cli/vault.ts';
import { Scratch } from '../../support/drover.ts';

const FILES = { password: 'secret\n', other: 'different\n', 'vars.yml': 'key: value\n' };
const PASSWORD = ['--vault-password-file', 'password'];

/** An editor that appends a line; one that also fails; one that shows permissions. */
const EDITORS = {
  append: '#!/bin/sh\necho "more: 1" >> "$1"\n',
  fail: '#!/bin/sh\necho "lost: 1" >> "$1"\nexit 3\n',
  look: '#!/bin/sh\nstat -c "%a %n" "$1" "$(dirname "$1")" > seen\n',
};

function text(scratch: Scratch, name: string): string {
  return readFileSync(scratch.path(name), 'utf8');
}

function modeOf(scratch: Scratch, name: string): string {
  return (statSync(scratch.path(name)).mode & 0o777).toString(8);
}

describe('drover vault encrypt and decrypt', () => {
  it('turns files into vaults and back, clear text for the owner alone', async () => {
    using scratch = new Scratch(FILES);
    expect((await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml'])).code).toBe(0);
    expect(text(scratch, 'vars.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.1;AES256\n/);
    expect(modeOf(scratch, 'vars.yml')).toBe('644');
    await scratch.drover(['vault', 'decrypt', ...PASSWORD, 'vars.yml']);
    expect(text(scratch, 'vars.yml')).toBe('key: value\n');
    expect(modeOf(scratch, 'vars.yml')).toBe('600');
  });

  it('reads standard input and writes standard output', async () => {
    using scratch = new Scratch(FILES);
    const vault = await scratch.drover(['vault', 'encrypt', ...PASSWORD], { stdin: 'clear' });
    const clear = await scratch.drover(['vault', 'decrypt', ...PASSWORD], { stdin: vault.stdout });
    expect(clear.stdout).toBe('clear');
  });

  it('writes elsewhere with --output', async () => {
    using scratch = new Scratch(FILES);
    await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml', '--output', 'new.yml']);
    expect(text(scratch, 'vars.yml')).toBe('key: value\n');
    expect(modeOf(scratch, 'new.yml')).toBe('600');
    const shown = await scratch.drover([
      'vault',
      'decrypt',
      ...PASSWORD,
      'new.yml',
      '--output',
      '-',
    ]);
    expect(shown.stdout).toBe('key: value\n');
    expect((await scratch.drover(['vault', 'view', ...PASSWORD, 'new.yml'])).stdout).toBe(
      'key: value\n',
    );
  });

  it('keeps a symbolic link and replaces what it points to', async () => {
    using scratch = new Scratch(FILES);
    symlinkSync('vars.yml', scratch.path('link.yml'));
    await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'link.yml']);
    expect(text(scratch, 'vars.yml')).toContain('$ANSIBLE_VAULT');
  });

  it('leaves every file as it was when one cannot be converted', async () => {
    using scratch = new Scratch(FILES);
    const argv = ['vault', 'encrypt', ...PASSWORD, 'vars.yml', 'missing.yml'];
    const { code, stderr } = await scratch.drover(argv);
    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot read "missing.yml"')]);
    expect(text(scratch, 'vars.yml')).toBe('key: value\n');
    expect(readdirSync(scratch.folder).sort()).toEqual(['other', 'password', 'vars.yml']);
  });

  it('leaves nothing half-written when the folder cannot be written to', async () => {
    using scratch = new Scratch(FILES);
    mkdirSync(scratch.path('out'));
    const argv = ['vault', 'encrypt', ...PASSWORD, 'vars.yml', '--output', 'out'];
    const { code, stderr } = await scratch.drover(argv);
    expect([code, stderr]).toEqual([1, expect.stringContaining('cannot write')]);
    expect(readdirSync(scratch.folder).sort()).toEqual(['other', 'out', 'password', 'vars.yml']);
  });

  it('takes the password of a program, which is told the label', async () => {
    using scratch = new Scratch({
      ...FILES,
      'my-client': '#!/bin/sh\n[ "$1 $2" = "--vault-id dev" ] && echo secret\n',
    });
    await scratch.drover(['vault', 'encrypt', '--vault-id', 'dev@my-client', 'vars.yml']);
    expect(text(scratch, 'vars.yml')).toMatch(/^\$ANSIBLE_VAULT;1\.2;AES256;dev\n/);
    const { stdout } = await scratch.drover(['vault', 'view', ...PASSWORD, 'vars.yml']);
    expect(stdout).toBe('key: value\n');
  });

  it('asks for a new password twice, for a known one once', async () => {
    using scratch = new Scratch(FILES);
    const encrypt = ['vault', 'encrypt', '-J', 'vars.yml'];
    const differing = await scratch.drover(encrypt, { answers: ['a', 'b'] });
    expect(differing.stderr).toContain('the two passwords are not the same');
    expect((await scratch.drover(encrypt, { answers: ['a', 'a'] })).code).toBe(0);
    const { stdout } = await scratch.drover(['vault', 'view', 'vars.yml'], { answers: ['a'] });
    expect(stdout).toBe('key: value\n');
    expect((await scratch.drover(['vault', 'view', 'vars.yml'])).stderr).toContain('no terminal');
  });

  it('wants to know which of several passwords encrypts', async () => {
    using scratch = new Scratch(FILES);
    const ids = ['--vault-id', 'dev@password', '--vault-id', 'prod@other'];
    const unclear = await scratch.drover(['vault', 'encrypt', ...ids, 'vars.yml']);
    expect(unclear.stderr).toContain('several passwords could encrypt this: dev, prod');
    await scratch.drover(['vault', 'encrypt', ...ids, '--encrypt-vault-id', 'prod', 'vars.yml']);
    expect(text(scratch, 'vars.yml')).toMatch(/;prod\n/);
  });

  it('refuses to encrypt twice, and to decrypt with another password', async () => {
    using scratch = new Scratch(FILES);
    await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml']);
    const again = await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml']);
    expect(again.stderr).toContain('this is encrypted already');
    const wrong = await scratch.drover([
      'vault',
      'view',
      '--vault-password-file',
      'other',
      'vars.yml',
    ]);
    expect(wrong.stderr).toContain('DROVER_VAULT_WRONG_PASSWORD');
  });
});

describe('drover vault rekey', () => {
  it('changes password and label', async () => {
    using scratch = new Scratch(FILES);
    await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml']);
    const argv = ['vault', 'rekey', ...PASSWORD, '--new-vault-id', 'prod@other', 'vars.yml'];
    expect((await scratch.drover(argv)).code).toBe(0);
    expect(text(scratch, 'vars.yml')).toMatch(/;prod\n/);
    const view = ['vault', 'view', '--vault-password-file', 'other', 'vars.yml'];
    expect((await scratch.drover(view)).stdout).toBe('key: value\n');
  });
});

describe('drover vault edit and create', () => {
  const environment = (editor: string) => ({ EDITOR: `./${editor}`, TMPDIR: 'tmp' });

  function scratchWithEditors(): Scratch {
    const scratch = new Scratch({ ...FILES, ...EDITORS });
    mkdirSync(scratch.path('tmp'));
    return scratch;
  }

  async function run(scratch: Scratch, command: string, editor: string, file: string) {
    const options = { environment: { ...environment(editor), TMPDIR: scratch.path('tmp') } };
    return scratch.drover(['vault', command, ...PASSWORD, file], options);
  }

  it('saves what the editor made, and leaves no clear text behind', async () => {
    using scratch = scratchWithEditors();
    await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml']);
    expect((await run(scratch, 'edit', 'append', 'vars.yml')).code).toBe(0);
    const { stdout } = await scratch.drover(['vault', 'view', ...PASSWORD, 'vars.yml']);
    expect(stdout).toBe('key: value\nmore: 1\n');
    expect(readdirSync(scratch.path('tmp'))).toEqual([]);
  });

  it('saves nothing when the editor fails, and leaves no clear text behind', async () => {
    using scratch = scratchWithEditors();
    await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml']);
    const before = text(scratch, 'vars.yml');
    const { code, stderr } = await run(scratch, 'edit', 'fail', 'vars.yml');
    expect([code, stderr]).toEqual([1, expect.stringContaining('exit code 3')]);
    expect(text(scratch, 'vars.yml')).toBe(before);
    expect(readdirSync(scratch.path('tmp'))).toEqual([]);
  });

  it('does not touch a file that the editor left as it was; only the owner sees the clear text', async () => {
    using scratch = scratchWithEditors();
    await scratch.drover(['vault', 'encrypt', ...PASSWORD, 'vars.yml']);
    const before = text(scratch, 'vars.yml');
    await run(scratch, 'edit', 'look', 'vars.yml');
    expect(text(scratch, 'vars.yml')).toBe(before);
    expect(text(scratch, 'seen')).toMatch(/^600 .*\/vars\.yml\n700 /);
  });

  it('creates a file, and refuses one that is there', async () => {
    using scratch = scratchWithEditors();
    await run(scratch, 'create', 'append', 'new.yml');
    expect((await scratch.drover(['vault', 'view', ...PASSWORD, 'new.yml'])).stdout).toBe(
      'more: 1\n',
    );
    expect((await run(scratch, 'create', 'append', 'vars.yml')).stderr).toContain(
      'is there already',
    );
  });
});

describe('drover vault encrypt-string', () => {
  it('writes YAML values, named and unnamed, of arguments, standard input and prompts', async () => {
    using scratch = new Scratch(FILES);
    const argv = [
      'vault',
      'encrypt-string',
      ...PASSWORD,
      'one',
      '-n',
      'first',
      '--stdin-name',
      'second',
      '-',
    ];
    const { stdout } = await scratch.drover(argv, { stdin: 'two' });
    expect(stdout).toMatch(/^second: !vault \|\n( {10}\S+\n)+\nfirst: !vault \|\n( {10}\S+\n)+$/);
    scratch.write('host_vars/h.yml', stdout);
    const view = ['inventory', '-i', 'h,', '--graph', '--vars', ...PASSWORD];
    expect((await scratch.drover(view)).stdout).toContain(
      '{first = one}\n  |  |  |--{second = two}',
    );
    const asked = await scratch.drover(['vault', 'encrypt_string', ...PASSWORD, '-p'], {
      answers: ['third', 'x'],
    });
    expect(asked.stdout).toMatch(/^third: !vault \|\n/);
  });
});

describe('drover inventory with encrypted variables', () => {
  it('keeps an encrypted variable encrypted, and decrypts it for a graph', async () => {
    using scratch = new Scratch({ 'hosts.ini': 'one\n', password: 'secret\n' });
    const argv = [
      'vault',
      'encrypt-string',
      '--vault-password-file',
      'password',
      'clear',
      '-n',
      'key',
    ];
    scratch.write('host_vars/one.yml', (await scratch.drover(argv)).stdout);
    const flags = ['-i', 'hosts.ini', '--vault-password-file', 'password'];
    const yaml = await scratch.drover(['inventory', ...flags, '--host', 'one', '--yaml']);
    expect(yaml.stdout).toMatch(/^key: !vault \|\n {2}\$ANSIBLE_VAULT;1\.1;AES256\n {2}\d+\n/);
    const graph = await scratch.drover(['inventory', ...flags, '--graph', '--vars']);
    expect(graph.stdout).toContain('{key = clear}');
  });
});

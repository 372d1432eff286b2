import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { slurp } from '../../../../../src/modules/files/slurp.ts';
import { stat } from '../../../../../src/modules/files/stat/stat.ts';
import { blockinfile } from '../../../../../src/modules/files/text/blockinfile.ts';
import { lineinfile } from '../../../../../src/modules/files/text/lineinfile.ts';
import { replace } from '../../../../../src/modules/files/text/replace.ts';
import type { AnyResource } from '../../../../../src/modules/module.ts';
import { converge, runResource } from '../../driver.ts';
import { useScratch } from '../../scratch.ts';

const scratch = useScratch();

interface Scenario {
  /** undefined: there is no file. */
  readonly before: string | undefined;
  readonly args: Readonly<Record<string, unknown>>;
  readonly after: string;
  readonly msg?: string;
}

async function edit(module: AnyResource, { before, args, after, msg }: Scenario): Promise<void> {
  const path = scratch.path('f');
  if (before !== undefined) await writeFile(path, before);
  const outcome = await converge(module, { path, ...args }, scratch);
  expect((await scratch.target.readFile(path)).toString()).toBe(after);
  expect(outcome.changed).toBe(before !== after);
  expect(outcome.data['msg']).toEqual(before === after ? '' : (msg ?? expect.any(String)));
  const diffs = outcome.changes.map(({ diff }) => ({ before: diff?.before, after: diff?.after }));
  expect(diffs).toEqual(before === after ? [] : [{ before: before ?? '', after }]);
}

describe('lineinfile', () => {
  const lines = (scenarios: readonly Scenario[]) =>
    scenarios.map((each) => ({ ...each, title: JSON.stringify(each) }));

  it.each(
    lines([
      { before: 'a\nb\n', args: { line: 'c' }, after: 'a\nb\nc\n', msg: 'line added' },
      { before: 'a\nb', args: { line: 'c' }, after: 'a\nb\nc\n' },
      { before: 'a\nb\n', args: { line: 'a' }, after: 'a\nb\n' },
      { before: '', args: { line: 'c' }, after: 'c\n' },
      { before: 'a\nb\n', args: { line: 'c', insertbefore: 'BOF' }, after: 'c\na\nb\n' },
      { before: 'a\nb\na\n', args: { line: 'c', insertafter: '^a' }, after: 'a\nb\na\nc\n' },
      {
        before: 'a\nb\na\n',
        args: { line: 'c', insertafter: '^a', firstmatch: true },
        after: 'a\nc\nb\na\n',
      },
      { before: 'a\nb\na\n', args: { line: 'c', insertbefore: '^a' }, after: 'a\nb\nc\na\n' },
      {
        before: 'a\nb\na\n',
        args: { line: 'c', insertbefore: '^a', firstmatch: true },
        after: 'c\na\nb\na\n',
      },
      { before: 'a\nb\n', args: { line: 'c', insertafter: 'zzz' }, after: 'a\nb\nc\n' },
      { before: 'a\nb', args: { line: 'c', insertafter: 'b' }, after: 'a\nb\nc\n' },
      {
        before: 'x=1\ny=2\nx=3\n',
        args: { regexp: '^x=', line: 'x=9' },
        after: 'x=1\ny=2\nx=9\n',
        msg: 'line replaced',
      },
      {
        before: 'x=1\ny=2\nx=3\n',
        args: { regexp: '^x=', line: 'x=9', firstmatch: true },
        after: 'x=9\ny=2\nx=3\n',
      },
      {
        before: 'y=2\n',
        args: { regexp: '^x=', line: 'x=9' },
        after: 'y=2\nx=9\n',
        msg: 'line added',
      },
      { before: 'x = 9\n', args: { regexp: '^x=', line: 'x = 9' }, after: 'x = 9\n' },
      { before: 'x=1\n', args: { search_string: 'x=', line: 'x=2' }, after: 'x=2\n' },
      { before: 'a.b\nacb\n', args: { search_string: 'a.b', line: 'new' }, after: 'new\nacb\n' },
      {
        before: 'port=80 # web\n',
        args: { regexp: '^port=(\\d+)(.*)$', line: 'port=81\\2', backrefs: true },
        after: 'port=81 # web\n',
      },
      {
        before: 'v=1\n',
        args: { regexp: '^(?P<k>v)=', line: '\\g<k>=2', backrefs: true },
        after: 'v=2\n',
      },
      { before: 'a\n', args: { regexp: '^(b)', line: '\\1c', backrefs: true }, after: 'a\n' },
      {
        before: 'a\nb\na\n',
        args: { state: 'absent', line: 'a' },
        after: 'b\n',
        msg: '2 line(s) removed',
      },
      { before: 'a1\nb\na2\n', args: { state: 'absent', regexp: '^a\\d$' }, after: 'b\n' },
      { before: 'a\nb\n', args: { state: 'absent', search_string: 'zz' }, after: 'a\nb\n' },
      { before: undefined, args: { line: 'a', create: true }, after: 'a\n' },
      { before: 'a\r\nb\r\n', args: { line: 'c' }, after: 'a\r\nb\r\nc\n' },
    ]),
  )('$title', (scenario) => edit(lineinfile, scenario));

  it('keeps owner and mode, and follows a link', async () => {
    await scratch.target.sh(
      'cd "$1"; echo a >real; chmod 640 real; chown daemon real; ln -s real f',
      {
        args: [scratch.directory],
      },
    );
    const { data } = await converge(lineinfile, { path: scratch.path('f'), line: 'b' }, scratch);
    expect(data).toMatchObject({ mode: '0640', owner: 'daemon' });
    const end = await scratch.target.sh('cd "$1"; cat real; stat -c "%a %U" real; readlink f', {
      args: [scratch.directory],
    });
    expect(end.stdout.toString()).toBe('a\nb\n640 daemon\nreal\n');
  });

  it('keeps bytes that are no UTF-8', async () => {
    await writeFile(scratch.path('f'), Buffer.from([0x61, 0xff, 0xfe, 0x0a]));
    await converge(lineinfile, { path: scratch.path('f'), line: 'b' }, scratch);
    expect([...(await scratch.target.readFile(scratch.path('f')))]).toEqual([
      0x61, 0xff, 0xfe, 0x0a, 0x62, 0x0a,
    ]);
  });

  it('changes only attributes when the line is there', async () => {
    await writeFile(scratch.path('f'), 'a\n', { mode: 0o600 });
    const args = { path: scratch.path('f'), line: 'a', mode: '0644' };
    const outcome = await converge(lineinfile, args, scratch);
    expect(outcome).toMatchObject({
      changed: true,
      data: { msg: 'ownership, perms or SE linux context changed', mode: '0644' },
    });
  });

  it('has nothing to remove from a file that is not there', async () => {
    const args = { path: scratch.path('none'), line: 'a', state: 'absent' };
    const { changed, data } = await runResource(lineinfile, args, scratch);
    expect({ changed, data }).toMatchObject({
      changed: false,
      data: { msg: 'file not present', found: 0 },
    });
  });

  it.each([
    [{ line: 'a' }, /^Destination .*none does not exist !$/],
    [{ state: 'present' }, /line is required with state=present$/],
    [{ state: 'absent' }, /one of line, search_string, or regexp is required/],
    [
      { line: 'a', insertbefore: 'BOF', insertafter: 'EOF' },
      /mutually exclusive: insertbefore\|insertafter$/,
    ],
    [{ line: 'a', backrefs: true }, /regexp is required with backrefs=true$/],
    [{ line: 'a', create: true, regexp: '(' }, /invalid regular expression/],
  ])('refuses %j', async (args, message) => {
    await expect(
      runResource(lineinfile, { path: scratch.path('none'), ...args }, scratch),
    ).rejects.toThrow(message);
  });
});

describe('blockinfile', () => {
  const block = (body: string) =>
    `# BEGIN ANSIBLE MANAGED BLOCK\n${body}# END ANSIBLE MANAGED BLOCK\n`;

  it.each<Scenario & { readonly name: string }>([
    {
      name: 'at the end',
      before: 'a\nb',
      args: { block: 'x\ny' },
      after: `a\nb\n${block('x\ny\n')}`,
      msg: 'Block inserted',
    },
    {
      name: 'in place',
      before: `a\n${block('old\n')}b\n`,
      args: { block: 'new\n' },
      after: `a\n${block('new\n')}b\n`,
    },
    {
      name: 'already',
      before: `a\n${block('x\n')}`,
      args: { block: 'x' },
      after: `a\n${block('x\n')}`,
    },
    {
      name: 'after a line',
      before: 'a\nb\na\nc\n',
      args: { block: 'x', insertafter: '^a' },
      after: `a\nb\na\n${block('x\n')}c\n`,
    },
    {
      name: 'after the first match in the whole text, with (?m)',
      before: 'one =\n (list\ntwo =\n (list\n',
      args: { block: 'x', insertafter: '(?m)one =\\n.*\\(list' },
      after: `one =\n (list\n${block('x\n')}two =\n (list\n`,
    },
    {
      name: 'before the first match in the whole text, with (?m)',
      before: 'a\none =\n (list\n',
      args: { block: 'x', insertbefore: '(?m)one =\\n.*\\(list' },
      after: `a\n${block('x\n')}one =\n (list\n`,
    },
    {
      name: 'before the file',
      before: 'a\n',
      args: { block: 'x', insertbefore: 'BOF' },
      after: `${block('x\n')}a\n`,
    },
    {
      name: 'removed',
      before: `a\n${block('x\n')}b\n`,
      args: { state: 'absent' },
      after: 'a\nb\n',
      msg: 'Block removed',
    },
    {
      name: 'removed when empty',
      before: `a\n${block('x\n')}b\n`,
      args: { block: '' },
      after: 'a\nb\n',
    },
    {
      name: 'other marker',
      before: '',
      args: { block: 'x', marker: '; {mark}', marker_begin: 'B', marker_end: 'E' },
      after: '; B\nx\n; E\n',
    },
    {
      name: 'set off',
      before: 'a\nb\n',
      args: { block: 'x', insertafter: 'a', prepend_newline: true, append_newline: true },
      after: `a\n\n${block('x\n')}\nb\n`,
    },
    {
      name: 'new file',
      before: undefined,
      args: { block: 'x', create: true },
      after: block('x\n'),
      msg: 'File created',
    },
  ])('$name', (scenario) => edit(blockinfile, scenario));

  it('needs the file', async () => {
    const path = scratch.path('none');
    await expect(runResource(blockinfile, { path, block: 'x' }, scratch)).rejects.toThrow(
      /does not exist !$/,
    );
    expect((await runResource(blockinfile, { path, state: 'absent' }, scratch)).data).toMatchObject(
      { msg: `File ${path} not present` },
    );
  });
});

describe('replace', () => {
  it.each<Scenario>([
    {
      before: 'old a\nold b\n',
      args: { regexp: '^old', replace: 'new' },
      after: 'new a\nnew b\n',
      msg: '2 replacements made',
    },
    { before: 'a1\na2\n', args: { regexp: 'a(\\d)$', replace: 'b\\1' }, after: 'b1\nb2\n' },
    { before: 'x\n\n\ny\n', args: { regexp: '\\n\\n+', replace: '\\n' }, after: 'x\ny\n' },
    { before: '1\n--\n1\n', args: { regexp: '1', replace: '2', after: '--' }, after: '1\n--\n2\n' },
    {
      before: '1\n--\n1\n',
      args: { regexp: '1', replace: '2', before: '--' },
      after: '2\n--\n1\n',
    },
    {
      before: '1 <1 1> 1\n',
      args: { regexp: '1', replace: '2', after: '<', before: '>' },
      after: '1 <2 2> 1\n',
    },
    { before: 'a\n', args: { regexp: 'zzz', replace: 'x' }, after: 'a\n' },
    { before: 'a b\n', args: { regexp: ' b' }, after: 'a\n' },
  ])('$args', (scenario) => edit(replace, scenario));

  it('says when the section is not there', async () => {
    await writeFile(scratch.path('f'), 'a\n');
    const args = { path: scratch.path('f'), regexp: 'a', after: 'zzz' };
    expect((await runResource(replace, args, scratch)).data['msg']).toMatch(
      /^Pattern for before\/after params did not match/,
    );
  });
});

describe('slurp and stat', () => {
  it('slurp reads bytes', async () => {
    await writeFile(scratch.path('f'), Buffer.from([0, 255, 10]));
    expect((await converge(slurp, { src: scratch.path('f') }, scratch)).data).toEqual({
      content: 'AP8K',
      encoding: 'base64',
      source: scratch.path('f'),
    });
    await expect(runResource(slurp, { src: '/nope' }, scratch)).rejects.toThrow(
      'file not found: /nope',
    );
    await expect(runResource(slurp, { src: '/etc' }, scratch)).rejects.toThrow(
      /is a directory and must be a file/,
    );
    await expect(runResource(slurp, { src: '/etc/passwd/x' }, scratch)).rejects.toThrow(
      /^unable to slurp file: .*Not a directory/,
    );
  });

  it('stat tells everything about a file', async () => {
    await scratch.target.sh(
      'cd "$1"; printf hello >f; chmod 4754 f; touch -d @1000000000.5 f; ln -s f l',
      {
        args: [scratch.directory],
      },
    );
    const path = scratch.path('f');
    const file = (await runResource(stat, { path }, scratch)).data['stat'];
    expect(file).toMatchObject({
      exists: true,
      path,
      mode: '4754',
      isreg: true,
      isdir: false,
      islnk: false,
      isuid: true,
      xusr: true,
      wgrp: false,
      roth: true,
      size: 5,
      mtime: 1000000000.5,
      pw_name: 'root',
      gr_name: 'root',
      nlink: 1,
      checksum: 'aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d',
      readable: true,
      executable: true,
    });
    const link = (await runResource(stat, { path: scratch.path('l') }, scratch)).data['stat'];
    expect(link).toMatchObject({ islnk: true, lnk_target: 'f', lnk_source: path, isreg: false });
    const args = { path: scratch.path('l'), follow: true, checksum_algorithm: 'md5' };
    expect((await runResource(stat, args, scratch)).data['stat']).toMatchObject({
      islnk: false,
      isreg: true,
      checksum: '5d41402abc4b2a76b9719d911017c592',
    });
    expect((await runResource(stat, { path: '/nope' }, scratch)).data).toEqual({
      stat: { exists: false },
    });
  });
});

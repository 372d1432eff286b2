import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import {
  readRepoFile,
  withoutSection,
  withSection,
} from '../../../../../src/modules/packages/dnf/repoFile.ts';
import { yumRepository } from '../../../../../src/modules/packages/dnf/yumRepository.ts';
import { converge, paramsOf, runResource } from '../../driver.ts';
import { useScratch } from '../../scratch.ts';
import { testController } from '../../testController.ts';

const EPEL = {
  name: 'epel',
  description: 'EPEL YUM repo',
  baseurl: ['https://a.example/$releasever/', 'https://b.example/'],
  gpgkey: 'https://a.example/key,https://b.example/key',
  exclude: ['x', 'y'],
  gpgcheck: true,
  enabled: 'no',
  cost: 5,
  metadata_expire: '6h',
  file: 'ext',
};

/** As ansible-core 2.14 writes the same task. */
const EPEL_TEXT = `[epel]
baseurl = https://a.example/$releasever/
\thttps://b.example/
cost = 5
enabled = 0
exclude = x y
gpgcheck = 1
gpgkey = https://a.example/key
\thttps://b.example/key
metadata_expire = 6h
name = EPEL YUM repo

`;

describe('yum_repository', () => {
  const scratch = useScratch();
  const run = (args: object) =>
    converge(yumRepository, { reposdir: scratch.directory, ...args }, scratch);
  const text = () => readFile(scratch.path('ext.repo'), 'utf8');

  it('writes, changes and removes a section', async () => {
    const made = await run({ ...EPEL, mode: '0600' });
    expect(await text()).toBe(EPEL_TEXT);
    expect((await stat(scratch.path('ext.repo'))).mode & 0o777).toBe(0o600);
    expect(made.changes).toMatchObject([{ diff: { before: '', after: EPEL_TEXT } }]);
    expect(made.data).toMatchObject({ repo: 'epel', state: 'present', mode: '0600' });

    await run({ name: 'two', description: 'Two', mirrorlist: 'https://c.example/', file: 'ext' });
    await run({ ...EPEL, cost: undefined, enabled: true });
    expect(await text()).toBe(
      `${EPEL_TEXT.replace('cost = 5\n', '').replace('enabled = 0', 'enabled = 1')}[two]\nmirrorlist = https://c.example/\nname = Two\n\n`,
    );

    await run({ name: 'epel', state: 'absent', file: 'ext' });
    expect(await text()).toMatch(/^\[two\]/);
    await run({ name: 'two', state: 'absent', file: 'ext' });
    await expect(text()).rejects.toThrow('ENOENT');
  });

  it('leaves alone what says the same in other words, and the comments of others', async () => {
    const other = '# head\n[other]\n; why\nname=Other\n';
    await writeFile(scratch.path('epel.repo'), `${other}[epel]\nname=E\nbaseurl : https://a/\n`);
    const args = { name: 'epel', description: 'E', baseurl: 'https://a/' };
    expect((await run(args)).changed).toBe(false);
    await run({ ...args, enabled: true });
    expect(await readFile(scratch.path('epel.repo'), 'utf8')).toBe(
      `${other}[epel]\nbaseurl = https://a/\nenabled = 1\nname = E\n\n`,
    );
  });

  it('keeps passwords out of every output', async () => {
    const secrets: string[] = [];
    const controller = testController({ addSecret: (secret) => void secrets.push(secret) });
    const args = {
      ...EPEL,
      reposdir: scratch.directory,
      password: 'tiger5',
      proxy_password: 'lion55',
    };
    await runResource(yumRepository, args, { ...scratch, controller });
    expect(secrets).toEqual(['tiger5', 'lion55']);
  });

  it('needs to know where the packages are', () => {
    expect(() => paramsOf(yumRepository, { name: 'a', description: 'b' })).toThrow(
      'one of "baseurl"',
    );
    expect(() => paramsOf(yumRepository, { name: 'a', baseurl: 'b' })).toThrow('"description"');
  });
});

describe('files of yum.repos.d', () => {
  it('have sections with values over several lines', () => {
    const { head, sections } = readRepoFile('# h\n[a]\nbaseurl=x\n  y\n#c\nGpgCheck = 1\n[b]\n');
    expect(head).toBe('# h\n');
    expect(sections.map(({ id, values }) => [id, [...values]])).toEqual([
      [
        'a',
        [
          ['baseurl', 'x\ny'],
          ['gpgcheck', '1'],
        ],
      ],
      ['b', []],
    ]);
  });

  it('get a newline before a new section', () => {
    expect(withSection('[a]\nx = 1', 'b', new Map([['y', '2']]))).toBe(
      '[a]\nx = 1\n[b]\ny = 2\n\n',
    );
    expect(withoutSection('# only\n[a]\nx = 1\n', 'a')).toBe('');
    expect(withoutSection('[a]\n', 'b')).toBe('[a]\n');
  });
});

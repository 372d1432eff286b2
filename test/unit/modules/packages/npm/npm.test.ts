import { describe, expect, it } from 'vitest';
import { npm, planNpm } from '../../../../../src/modules/packages/npm/npm.ts';
import { npmStateOf } from '../../../../../src/modules/packages/npm/npmState.ts';
import { type Answer, scriptedTarget } from '../../../../support/fakeTarget.ts';
import { paramsOf, runResource } from '../../driver.ts';
import { testController } from '../../testController.ts';

const LIST = {
  name: 'app',
  dependencies: {
    express: { version: '4.18.2' },
    lodash: { version: '4.0.0', invalid: '"^5" from the root project' },
    chalk: { required: '^5', missing: true, problems: ['missing: chalk@^5'] },
  },
};

function sections(parts: Readonly<Record<string, unknown>>): string {
  return Object.entries({ list: LIST, ...parts })
    .map(([name, content]) => `\n\x1e${name}\n${JSON.stringify(content)}`)
    .join('');
}

type PlanParams = Parameters<typeof planNpm>[0];

function plan(args: object, parts: Readonly<Record<string, unknown>> = {}) {
  const given = paramsOf(npm, { path: '/srv/app', ...args }) as PlanParams;
  const changes = planNpm(given, npmStateOf(sections(parts)));
  return changes.map(
    ({ what, before, after, operation }) => `${operation} ${what}: ${before} → ${after}`,
  );
}

const OUTDATED = {
  outdated: { express: { current: '4.18.2', wanted: '4.21.0', latest: '5.0.0' } },
};

describe('npm plans', () => {
  it.each<[string, object, Record<string, unknown>, string[]]>([
    ['nothing for what is there', { name: 'express' }, {}, []],
    ['a missing package', { name: 'pm2' }, {}, ['install package pm2: absent → present']],
    [
      'another version',
      { name: 'express', version: '4.17.1' },
      {},
      ['install package express: 4.18.2 → 4.17.1'],
    ],
    [
      'nothing for a range whose newest version is there',
      { name: 'express', version: '~4.18.0' },
      { resolved: ['4.18.0', '4.18.2'] },
      [],
    ],
    [
      'what a tag stands for',
      { name: 'express', version: 'next' },
      { resolved: '5.0.0' },
      ['install package express: 4.18.2 → 5.0.0'],
    ],
    [
      'what package.json asks for',
      {},
      {},
      ['install package lodash: 4.0.0 → present', 'install package chalk: absent → present'],
    ],
    [
      'an update',
      { name: 'express', state: 'latest' },
      OUTDATED,
      ['update package express: 4.18.2 → 4.21.0'],
    ],
    [
      'updates of a project',
      { state: 'latest' },
      OUTDATED,
      [
        'install package lodash: 4.0.0 → present',
        'install package chalk: absent → present',
        'update package express: 4.18.2 → 4.21.0',
      ],
    ],
    [
      'a removal',
      { name: 'express', state: 'absent' },
      {},
      ['uninstall package express: 4.18.2 → absent'],
    ],
    ['no removal of what is missing', { name: 'chalk', state: 'absent' }, {}, []],
    ['npm ci, always', { ci: true }, {}, ['ci package node_modules: absent → as locked']],
    [
      'all of a project whose folder is new',
      {},
      { nofolder: '', list: {} },
      ['install package of package.json: absent → present'],
    ],
  ])('%s', (_name, args, parts, expected) => expect(plan(args, parts)).toEqual(expected));

  it('hands its options to npm as arguments', async () => {
    const answers = (script: string): Answer =>
      script.includes('--depth=0') ? { stdout: sections({ list: {} }) } : { stdout: 'added 1' };
    const target = scriptedTarget([answers]);
    const { data } = await runResource(
      npm,
      {
        name: 'pm2',
        version: '5.1.0',
        global: true,
        executable: '/opt/npm',
        registry: 'https://npm.example.com',
        production: true,
        ignore_scripts: true,
        unsafe_perm: true,
        no_optional: true,
        no_bin_links: true,
        force: true,
      },
      { target },
    );
    expect(data).toEqual({ stdout: 'added 1', stderr: '' });
    expect(target.requests[0]?.options.args).toEqual([
      ...['', '/opt/npm', 'install', '--global', '--registry=https://npm.example.com'],
      ...['--production', '--force', '--ignore-scripts', '--unsafe-perm', '--no-optional'],
      ...['--no-bin-links', 'pm2@5.1.0'],
    ]);
  });

  it('needs npm, except in check mode', async () => {
    const target = scriptedTarget([() => ({ rc: 127 })]);
    const args = { name: 'pm2', global: true };
    await expect(runResource(npm, args, { target })).rejects.toThrow('npm is not on this host');
    const controller = testController({ checkMode: true });
    expect((await runResource(npm, args, { target, controller })).changed).toBe(true);
  });

  it('needs a path, or the whole host', () => {
    expect(() => paramsOf(npm, { name: 'a' })).toThrow('"path" is needed');
    expect(() => paramsOf(npm, { path: '/a', state: 'absent' })).toThrow('"name" is needed');
  });
});

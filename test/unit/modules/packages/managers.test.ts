import { describe, expect, it } from 'vitest';
import type { AnyResource } from '../../../../src/modules/module.ts';
import { apk, apkSteps } from '../../../../src/modules/packages/apk/apk.ts';
import { pacman } from '../../../../src/modules/packages/pacman/pacman.ts';
import { pacmanPackages } from '../../../../src/modules/packages/pacman/pacmanPlan.ts';
import { zypper } from '../../../../src/modules/packages/zypper/zypper.ts';
import { zypperSteps } from '../../../../src/modules/packages/zypper/zypperPlan.ts';
import { scriptedTarget } from '../../../support/fakeTarget.ts';
import { paramsOf, runResource } from '../driver.ts';

/** Plans `module` for the answer of its observing script, and gives the changes with the commands that do them. */
async function plan(module: AnyResource, args: object, parts: Readonly<Record<string, string>>) {
  const stdout = Object.entries(parts)
    .map(([name, content]) => `\n\x1e${name}\n${content}`)
    .join('');
  const target = scriptedTarget([() => ({ stdout })]);
  const { changes } = await runResource(module, args, { target });
  const [command] = changes.flatMap(({ operation }) => operation as string[][]);
  return {
    changes: changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`),
    command: command?.join(' '),
    asked: target.requests.length,
  };
}

const simulation = (stdout: string, rc = 0, stderr = '') => ({
  'simulation.rc': `${rc}\n`,
  'simulation.stdout': stdout,
  'simulation.stderr': stderr,
});

const APK_ADD = `(1/3) Installing pcre2 (10.42-r2)
(2/3) Upgrading nginx (1.24.0-r1 -> 1.24.0-r2)
(3/3) Purging old (1.0-r0)
OK: 12 MiB in 30 packages
`;

describe('apk', () => {
  it('plans what apk would do', async () => {
    const found = await plan(
      apk,
      { name: 'nginx', state: 'latest', repository: 'https://r.example', no_cache: true },
      { world: 'nginx\n', ...simulation(APK_ADD) },
    );
    expect(found.changes).toEqual([
      'package pcre2: absent → 10.42-r2',
      'package nginx: 1.24.0-r1 → 1.24.0-r2',
      'package old: 1.0-r0 → absent',
    ]);
    expect(found.command).toBe(
      'apk --no-cache --repositories-file=/dev/null --repository https://r.example add --upgrade nginx',
    );
  });

  it('asks for what was installed for the sake of others', async () => {
    const parts = { world: 'nginx\n', ...simulation('OK: 12 MiB in 30 packages\n') };
    expect((await plan(apk, { name: 'pcre2' }, parts)).changes).toEqual([
      'package pcre2: installed for others → asked for',
    ]);
    expect((await plan(apk, { name: 'nginx=1.24.0-r1' }, parts)).changes).toEqual([]);
    expect((await plan(apk, { name: 'curl', state: 'absent' }, parts)).changes).toEqual([]);
  });

  it.each([
    [{ upgrade: true, available: true }, 'apk upgrade --available'],
    [{ name: ['a', 'b'], state: 'removed' }, 'apk del a b'],
  ])('%j: %s', async (args, command) => {
    expect((await plan(apk, args, { world: 'a\nb\n', ...simulation(APK_ADD) })).command).toBe(
      command,
    );
  });

  it('refreshes the index, which is a change where it brings something new', async () => {
    const refresh = { 'refresh.rc': '0\n' };
    expect((await plan(apk, { update_cache: true }, refresh)).changes).toEqual([]);
    const renewed = { ...refresh, renewed: 'yes\n' };
    expect((await plan(apk, { update_cache: true }, renewed)).changes).toEqual([
      'package index: old → renewed',
    ]);
  });

  it('says what apk says', async () => {
    const stderr =
      'ERROR: unable to select packages:\n  nosuch (no such package):\n    required by: world[nosuch]\n';
    await expect(plan(apk, { name: 'nosuch' }, simulation('', 1, stderr))).rejects.toThrow(
      'apk cannot do this: ERROR: unable to select packages:\n  nosuch (no such package)',
    );
    await expect(plan(apk, { name: 'a' }, { missing: '' })).rejects.toThrow(
      'apk is not on this host',
    );
    expect(() => paramsOf(apk, { name: 'a', upgrade: true })).toThrow('only one of');
    expect(() => paramsOf(apk, {})).toThrow('one of "name", "upgrade" and "update_cache"');
  });

  it('reads all the words for steps', () => {
    const lines = ['(1/2) Replacing a (1 -> 1)', '(2/2) Reinstalling b (2)', 'Executing c.trigger'];
    expect(apkSteps(lines.join('\n'))).toEqual([
      { name: 'a', from: '1', to: '1' },
      { name: 'b', from: '2', to: '2' },
    ]);
  });
});

describe('pacman', () => {
  const installed = { installed: 'nginx 1.24-1\nzlib 1.3-1\n', explicit: 'nginx\n' };
  const wanted = (...names: readonly string[]) =>
    names.map((name) => `sync\t${name}\t${name}\n`).join('');

  it('plans what pacman would do', async () => {
    const parts = {
      ...installed,
      wanted: wanted('nginx'),
      pending: 'nginx\n',
      ...simulation('step nginx 1.26-1\nstep pcre 8-1\n'),
    };
    const args = { name: 'nginx', state: 'latest', extra_args: '--overwrite "/etc/a b"' };
    expect(await plan(pacman, args, parts)).toMatchObject({
      changes: ['package nginx: 1.24-1 → 1.26-1', 'package pcre: absent → 8-1'],
      command: 'pacman --sync --needed --noconfirm --noprogressbar --overwrite /etc/a b -- nginx',
    });
  });

  it('works on files apart from names', async () => {
    const parts = {
      ...installed,
      wanted: `file\t/srv/a.pkg.tar.zst\ta\n`,
      pending: '/srv/a.pkg.tar.zst\n',
      'files.rc': '0\n',
      'files.stdout': 'step a 1-1\n',
      'files.stderr': '',
    };
    const args = { name: '/srv/a.pkg.tar.zst', cachedir: '/c' };
    expect(await plan(pacman, args, parts)).toMatchObject({
      changes: ['package a: absent → 1-1'],
      command:
        'pacman --cachedir=/c --upgrade --needed --noconfirm --noprogressbar -- /srv/a.pkg.tar.zst',
    });
    const broken = { ...parts, 'files.rc': '1\n', 'files.stderr': 'error: could not open file\n' };
    await expect(plan(pacman, args, broken)).rejects.toThrow(
      'pacman cannot do this: error: could not open file',
    );
  });

  it.each([
    [
      { name: ['nginx', 'x'], state: 'absent', force: true, remove_nosave: true },
      {
        wanted: wanted('nginx', 'x'),
        pending: 'nginx\n',
        ...simulation('step nginx 1.24-1\nstep needs-it 1-1\n'),
      },
      ['package nginx: 1.24-1 → absent', 'package needs-it: 1-1 → absent'],
      'pacman --remove --noconfirm --noprogressbar --nodeps --nodeps --nosave -- nginx',
    ],
    [
      { name: 'zlib', reason: 'explicit', reason_for: 'all' },
      { wanted: wanted('zlib') },
      ['package zlib: dependency → explicit'],
      'pacman --database --asexplicit -- zlib',
    ],
    [{ name: 'zlib', reason: 'explicit' }, { wanted: wanted('zlib') }, [], undefined],
    [
      { upgrade: true, config: '/etc/p.conf', root: '/mnt' },
      { ...simulation('step nginy 2-1\n'), replaced: 'nginx<2  other\nNone\n' },
      ['package nginy: absent → 2-1', 'package nginx: 1.24-1 → absent'],
      'pacman --config=/etc/p.conf --root=/mnt --sync --sysupgrade --noconfirm --noprogressbar',
    ],
  ])('%j', async (args, parts, changes, command) => {
    expect(await plan(pacman, args, { ...installed, ...parts })).toMatchObject({
      changes,
      command,
    });
  });

  it('reads only its own lines', () => {
    expect(pacmanPackages(':: Starting\nstep a 1:2-3\nwarning: b\n')).toEqual([
      { name: 'a', version: '1:2-3' },
    ]);
  });
});

const XML = `<?xml version='1.0'?>
<stream>
<install-summary download-size="1" packages-to-change="3">
<to-upgrade>
<solvable type="package" name="one" edition="2.0-1" arch="noarch" edition-old="1.0-1" summary="a"/>
</to-upgrade>
<to-install>
<solvable type="package" name="two" edition="1.0-1" arch="noarch" summary="b"><description>c</description></solvable>
</to-install>
<to-remove><solvable type="package" name="old" edition="3-1" arch="noarch"/></to-remove>
</install-summary>
</stream>`;

describe('zypper', () => {
  it('counts a failed script afterwards as done only when it is told to', async () => {
    const observed = Object.entries({ pending: 'two\n', ...simulation(XML) });
    const failed = { 'work1.rc': '107\n', 'work1.stdout': 'installed', 'work1.stderr': 'script' };
    const said = (parts: readonly (readonly [string, string])[]) =>
      parts.map(([name, content]) => `\n\x1e${name}\n${content}`).join('');
    const run = (args: object) => {
      const answers = [said(observed), said(Object.entries(failed))];
      const target = scriptedTarget([() => ({ stdout: answers.shift() ?? '' })]);
      return runResource(zypper, { name: 'two', ...args }, { target });
    };
    await expect(run({})).rejects.toThrow('zypper failed: script');
    expect((await run({ skip_post_errors: true })).data).toMatchObject({ stdout: 'installed' });
  });

  it('plans what zypper would do', async () => {
    const parts = { pending: 'two\n', ...simulation(XML) };
    const args = { name: 'two', disable_gpg_check: true, force: true, extra_args: '--details' };
    expect(await plan(zypper, args, parts)).toMatchObject({
      changes: [
        'package one: 1.0-1 → 2.0-1',
        'package two: absent → 1.0-1',
        'package old: 3-1 → absent',
      ],
      command:
        'zypper --non-interactive --no-gpg-checks install --type package --auto-agree-with-licenses --no-recommends --force --details -- two',
    });
  });

  it.each([
    [{ name: '*', state: 'latest', type: 'patch' }, 'patch --auto-agree-with-licenses'],
    [
      { name: '*', state: 'dist-upgrade', allow_vendor_change: true, disable_recommends: false },
      'dist-upgrade --auto-agree-with-licenses --allow-vendor-change',
    ],
    [{ name: 'a', state: 'removed', clean_deps: true }, 'remove --type package --clean-deps -- a'],
  ])('%j: %s', async (args, command) => {
    const found = await plan(zypper, args, { pending: 'a\n', ...simulation(XML) });
    expect(found.command).toBe(`zypper --non-interactive ${command}`);
  });

  it('tells what stands in the XML, and takes codes that only inform for success', async () => {
    const error = '<message type="error">No provider of &apos;x&apos; found.</message>';
    await expect(plan(zypper, { name: 'x' }, simulation(error, 104))).rejects.toThrow(
      "error: No provider of 'x' found.",
    );
    const reboot = { pending: '*\n', ...simulation(XML, 102) };
    expect((await plan(zypper, { name: '*', state: 'latest' }, reboot)).changes).toHaveLength(3);
  });

  it('has the version before where a package stays', () => {
    const xml = '<to-reinstall><solvable name="a" edition="1"/></to-reinstall>';
    expect(zypperSteps(xml)).toEqual([{ name: 'a', from: '1', to: '1' }]);
  });
});

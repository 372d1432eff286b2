import { describe, expect, it } from 'vitest';
import { dnf } from '../../../../../src/modules/packages/dnf/dnf.ts';
import { rpmStateOf, rpmSteps } from '../../../../../src/modules/packages/dnf/dnfOutput.ts';
import {
  type DnfParams,
  packageSpecs,
  type RpmInput,
  rpmOptions,
} from '../../../../../src/modules/packages/dnf/dnfParams.ts';
import {
  planRpm,
  rpmCommands,
  rpmResult,
} from '../../../../../src/modules/packages/dnf/dnfPlan.ts';
import { yum } from '../../../../../src/modules/packages/dnf/yum.ts';
import { paramsOf } from '../../driver.ts';

function inputOf(args: object, checkMode = false): RpmInput {
  return { ...(paramsOf(dnf, args) as DnfParams), checkMode };
}

function sections(parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts)
    .map(([name, content]) => `\n\x1e${name}\n${content}`)
    .join('');
}

const row = (name: string, version: string) => ` ${name}   x86_64   ${version}   base   6.0 k\n`;
const table = (...parts: string[]) =>
  `Dependencies resolved.\n====\n Package Arch Version Repo Size\n====\n${parts.join('')}\nTransaction Summary\n====\nInstall 1 Package\n`;

const simulated = (pending: string, ...parts: string[]) => ({
  pending,
  installed: 'nginx\t0\t1.20-1\tx86_64\nhttpd\t1\t2.4-1\tx86_64\n',
  'first.rc': '1\n',
  'first.stdout': table(...parts),
  'first.stderr': 'Operation aborted.\n',
});

function plan(args: object, parts: Readonly<Record<string, string>>, checkMode = false) {
  return planRpm(inputOf(args, checkMode), rpmStateOf(sections(parts)));
}
const shown = (changes: ReturnType<typeof plan>) =>
  changes.map(({ what, before, after }) => `${what}: ${before} → ${after}`);

describe('dnf plans', () => {
  it('nothing for what rpm knows', () => {
    expect(plan({ name: 'nginx' }, { pending: '' })).toEqual([]);
  });

  it('what dnf would do, with the versions before', () => {
    const parts = simulated(
      '+nginx\n',
      `Upgrading:\n${row('nginx', '1.24-1')}     replacing  nginx-old.x86_64 1.0-1\n`,
      `Installing dependencies:\n${row('pcre', '1:8-1')}`,
      `Removing:\n${row('httpd', '1:2.4-1')}`,
    );
    expect(shown(plan({ name: 'nginx', state: 'latest' }, parts))).toEqual([
      'package nginx: 1.20-1 → 1.24-1',
      'package nginx-old: 1.0-1 → absent',
      'package pcre: absent → 1:8-1',
      'package httpd: 1:2.4-1 → absent',
    ]);
  });

  it('no downgrade unless it is allowed', () => {
    const parts = simulated('-nginx-1.18\n', `Downgrading:\n${row('nginx', '1.18-1')}`);
    expect(plan({ name: 'nginx-1.18' }, parts)).toEqual([]);
    expect(shown(plan({ name: 'nginx-1.18', allow_downgrade: true }, parts))).toEqual([
      'package nginx: 1.20-1 → 1.18-1',
    ]);
  });

  it('installs the rest where one package would be downgraded', () => {
    const parts = simulated(
      '-nginx-1.18\n-pcre\n',
      `Installing:\n${row('pcre', '8-1')}`,
      `Downgrading:\n${row('nginx', '1.18-1')}`,
    );
    const [change] = plan({ name: ['nginx-1.18', 'pcre'] }, parts);
    expect(change?.operation).toEqual({
      lines: ['Installed: pcre-8-1.x86_64'],
      commands: ['install', 'pcre'],
    });
  });

  it('reads what a group brings, and not the names of groups and modules', () => {
    const parts = simulated(
      '-@tools\n',
      `Installing group/module packages:\n${row('pcre', '8-1')}`,
      'Installing Groups:\n Some Very Good Tools  \n',
      'Enabling module streams:\n node      20     \n',
    );
    expect(shown(plan({ name: '@tools' }, parts))).toEqual(['package pcre: absent → 8-1']);
  });

  it('leaves no stream enabled of a module that goes', () => {
    const parts = {
      ...simulated('-@nginx:1.20\n', `Removing:\n${row('nginx', '1.20-1')}`),
      streams:
        '[nginx]\nname=nginx\nstream=1.20\nstate=enabled\n[node]\nstream=20\nstate=enabled\n[php]\nstream=\nstate=\n',
    };
    const changes = plan({ name: ['@nginx:1.20', '@php'], state: 'absent' }, parts);
    expect(shown(changes)).toEqual([
      'package nginx: 1.20-1 → absent',
      'module nginx: 1.20 → absent',
    ]);
    expect(changes[0]?.operation?.commands).toEqual([
      ...['remove', '@nginx:1.20', ';', 'module', 'reset', 'nginx'],
    ]);
  });

  it('downloads what is not there yet', () => {
    const parts = simulated(
      '-nginx\n',
      `Installing:\n${row('nginx', '1:1.24-1')}${row('b', '1-1')}`,
    );
    const downloaded = { ...parts, downloaded: 'nginx-1.24-1.x86_64.rpm\n' };
    expect(shown(plan({ name: 'nginx', download_only: true }, downloaded))).toEqual([
      'package b: absent → 1-1',
    ]);
  });

  it('what is not known is an error, but in check mode an earlier task may bring it', () => {
    const parts = {
      pending: '-nosuch\n',
      'first.rc': '1\n',
      'first.stdout': 'No match for argument: nosuch\n',
      'first.stderr': 'Error: Unable to find a match: nosuch\n',
    };
    expect(() => plan({ name: 'nosuch' }, parts)).toThrow('no package nosuch in the repositories');
    expect(shown(plan({ name: 'nosuch' }, parts, true))).toEqual([
      'package nosuch: not available yet → present',
    ]);
  });

  it('says who holds the lock, what conflicts and which tool is missing', () => {
    const holders = '/run/dnf.pid\t77\t/usr/bin/dnf upgrade \n';
    expect(() => plan({ name: 'a', lock_timeout: 5 }, { holders })).toThrow(
      'another process holds the package manager after 5 s: /usr/bin/dnf upgrade (pid 77, /run/dnf.pid)',
    );
    const stderr =
      'Error: \n Problem: conflicting requests\n  - nothing provides b\n(try --skip-broken)\n';
    const conflict = { pending: '-a\n', 'first.rc': '1\n', 'first.stderr': stderr };
    expect(() => plan({ name: 'a' }, conflict)).toThrow('Problem: conflicting requests');
    expect(() => plan({ name: 'a', use_backend: 'dnf5' }, { missing: '' })).toThrow(
      'dnf5 is not on this host',
    );
  });
});

describe('what dnf is told', () => {
  it('has an option for each parameter', () => {
    const input = inputOf({
      name: '*',
      state: 'latest',
      conf_file: '/etc/d.conf',
      installroot: '/mnt',
      releasever: '9',
      enablerepo: 'a,b',
      disablerepo: '*',
      enable_plugin: 'x',
      disable_plugin: 'y',
      exclude: ['k*', 'l'],
      disable_excludes: 'all',
      disable_gpg_check: true,
      skip_broken: true,
      cacheonly: true,
      sslverify: false,
      install_weak_deps: false,
      security: true,
      bugfix: true,
      allowerasing: true,
      nobest: true,
      autoremove: true,
    });
    expect(rpmOptions(input)).toEqual([
      ...['-c', '/etc/d.conf', '--installroot=/mnt', '--releasever=9', '--disablerepo=*'],
      ...['--enablerepo=a', '--enablerepo=b', '--disableplugin=y', '--enableplugin=x'],
      ...['--exclude=k*', '--exclude=l', '--disableexcludes=all', '--nogpgcheck', '--skip-broken'],
      ...['--cacheonly', '--setopt=sslverify=0', '--setopt=install_weak_deps=False', '--security'],
      ...['--bugfix', '--allowerasing', '--setopt=best=False'],
      '--setopt=clean_requirements_on_remove=True',
    ]);
  });

  it.each<[object, [string, boolean][], string[]]>([
    [{ name: ['a'] }, [['a', false]], ['install', 'a']],
    [{ name: ['a'], state: 'removed' }, [['a', true]], ['remove', 'a']],
    [{ autoremove: true }, [], ['autoremove']],
    [{ name: 'a', state: 'absent', autoremove: true }, [], ['autoremove']],
    [
      { name: 'a', state: 'absent', autoremove: true },
      [['a', true]],
      ['remove', 'a', ';', 'autoremove'],
    ],
    [{ name: 'a', update_only: true }, [['a', true]], ['upgrade', 'a']],
    [
      { name: ['a', 'b'], state: 'latest' },
      [
        ['a', false],
        ['b', true],
      ],
      ['install', 'a', ';', 'upgrade', 'b'],
    ],
    [{ name: '*', state: 'latest' }, [['*', false]], ['upgrade']],
    [{ name: 'a', state: 'latest', update_only: true }, [['a', true]], ['upgrade', 'a']],
    [
      { name: 'a', download_only: true, download_dir: '/d' },
      [['a', false]],
      ['install', '--downloadonly', '--downloaddir=/d', 'a'],
    ],
    [{ list: 'installed' }, [], []],
    [{ update_cache: true }, [], []],
  ])('%j', (args, pending, expected) => {
    const state = {
      pending: pending.map(([spec, isInstalled]) => ({ spec, isInstalled })),
      streams: new Map<string, string>(),
    };
    expect(rpmCommands(inputOf(args), state)).toEqual(expected);
  });

  it('writes versions as dnf wants them', () => {
    expect(packageSpecs({ name: [' nginx>=1.2 ', '', '@Tools'] })).toEqual([
      'nginx >= 1.2',
      '@Tools',
    ]);
    expect(() => paramsOf(dnf, { state: 'present' })).toThrow('"name", "list", "autoremove"');
    expect(() => paramsOf(yum, { name: 'a', allowerasing: true })).toThrow('unknown argument');
  });

  it('gives results as playbooks know them', () => {
    const parts = simulated('-pcre\n', `Installing:\n${row('pcre', '8-1')}`);
    const state = rpmStateOf(sections(parts));
    const input = inputOf({ name: 'pcre' });
    const nothing = { rc: 0, results: [], msg: 'Nothing to do' };
    expect(rpmResult(input, state, [])).toEqual(nothing);
    const results = ['Installed: pcre-8-1.x86_64'];
    expect(rpmResult(input, state, planRpm(input, state))).toEqual({ rc: 0, results, msg: '' });
  });
});

describe('the table of a transaction', () => {
  it('may wrap long rows', () => {
    const long = ' a-package-with-a-long-name\n                  noarch   1.0-1   base   6 k\n';
    expect(rpmSteps(table(`Installing weak dependencies:\n${long}`))).toEqual([
      { kind: 'install', name: 'a-package-with-a-long-name', arch: 'noarch', version: '1.0-1' },
    ]);
  });
});

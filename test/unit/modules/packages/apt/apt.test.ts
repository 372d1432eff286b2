import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../../src/core/errors.ts';
import { apt, planApt } from '../../../../../src/modules/packages/apt/apt.ts';
import {
  aptCommand,
  aptOptions,
  observeArguments,
} from '../../../../../src/modules/packages/apt/aptCommand.ts';
import {
  aptStateOf,
  packagesUnder,
  simulatedSteps,
  summaryOf,
} from '../../../../../src/modules/packages/apt/aptOutput.ts';
import type { AptInput } from '../../../../../src/modules/packages/apt/aptParams.ts';
import { paramsOf } from '../../driver.ts';

function inputOf(args: Readonly<Record<string, unknown>>, checkMode = false): AptInput {
  return { ...(paramsOf(apt, args) as AptInput), checkMode, diffMode: false };
}

/** The answer of the observing script, from its sections. */
function answer(sections: Readonly<Record<string, string>>): string {
  const parts = {
    index: '1700000000\n1700000100\n',
    stale: 'no\n',
    held: '',
    ...sections,
  };
  return Object.entries(parts)
    .map(([name, content]) => `\n\x1e${name}\n${content}`)
    .join('');
}

const INSTALL_NGINX = `Reading package lists...
Building dependency tree...
Reading state information...
The following additional packages will be installed:
  nginx-common
The following NEW packages will be installed:
  nginx nginx-common
0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.
Inst nginx-common (1.22.1-9+deb12u10 Debian:12.11/oldstable [all])
Inst nginx (1.22.1-9+deb12u10 Debian:12.11/oldstable [amd64])
Conf nginx-common (1.22.1-9+deb12u10 Debian:12.11/oldstable [all])
Conf nginx (1.22.1-9+deb12u10 Debian:12.11/oldstable [amd64])
`;

const DOWNGRADE = `Reading package lists...
The following packages will be DOWNGRADED:
  openssl
0 upgraded, 0 newly installed, 1 downgraded, 0 to remove and 0 not upgraded.
`;

const REMOVE_BASH = `The following packages will be REMOVED:
  bash*
WARNING: The following essential packages will be removed.
This should NOT be done unless you know exactly what you are doing!
  bash
0 upgraded, 0 newly installed, 1 to remove and 0 not upgraded.
`;

function simulated(stdout: string, rc = 0, stderr = ''): Record<string, string> {
  return { 'simulation.rc': `${rc}\n`, 'simulation.stdout': stdout, 'simulation.stderr': stderr };
}

it('a candidate that is too old is named, in check mode too', () => {
  const state = aptStateOf(answer({ old: 'nginx>=2\t1.22.1-9\n' }));
  expect(() => planApt(inputOf({ name: 'nginx>=2' }, true), state, [])).toThrow(
    'there is no nginx>=2 to install: the candidate is 1.22.1-9',
  );
});

describe('packages that are there because others need them', () => {
  const planOf = (
    args: Readonly<Record<string, unknown>>,
    sections: Readonly<Record<string, string>>,
  ) => planApt(inputOf(args), aptStateOf(answer(sections)), []);

  it('are noted as asked for', () => {
    const packages = 'curl\tinstalled\t7.88\nlibc6\tinstalled\t2.36\n';
    expect(planOf({ name: ['curl', 'libc6'] }, { packages, automatic: 'curl:amd64\n' })).toEqual([
      {
        what: 'package curl',
        before: 'installed automatically',
        after: 'installed manually',
        isNote: true,
        operation: { repair: false, command: [], marks: ['curl:amd64'] },
      },
    ]);
    expect(planOf({ name: ['curl', 'libc6'] }, { packages, automatic: '' })).toEqual([]);
  });

  it('are left to apt-get where it upgrades them anyway', () => {
    const upgrade = 'Inst nginx-common [1.0] (1.22.1-9+deb12u10 Debian:12.11/oldstable [all])\n';
    const changes = planOf(
      { name: ['nginx-common', 'nginx'], state: 'latest' },
      {
        pending: 'nginx-common\nnginx\n',
        automatic: 'nginx-common:amd64\nnginx:amd64\n',
        ...simulated(upgrade),
      },
    );
    expect(changes.map(({ what, after }) => [what, after])).toEqual([
      ['package nginx-common', '1.22.1-9+deb12u10'],
      ['package nginx', 'installed manually'],
    ]);
  });
});

describe('the output of apt 2.6.1', () => {
  it('gives installed, upgraded, removed, purged and configured packages', () => {
    const output = [
      'Inst libc6 [2.36-9+deb12u9] (2.36-9+deb12u10 Debian:12.11/oldstable [amd64]) []',
      'Inst new (1.0 Debian:12.11/oldstable [all])',
      'Remv old [2.0-1]',
      'Purg older [3.0-1]',
      'Conf libc6 (2.36-9+deb12u10 Debian:12.11/oldstable [amd64])',
      'Conf half (4.0 Debian:12.11/oldstable [amd64])',
    ].join('\n');
    expect(simulatedSteps(output)).toEqual([
      { name: 'libc6', from: '2.36-9+deb12u9', to: '2.36-9+deb12u10', kind: 'install' },
      { name: 'new', from: undefined, to: '1.0', kind: 'install' },
      { name: 'old', from: '2.0-1', to: undefined, kind: 'remove' },
      { name: 'older', from: '3.0-1', to: undefined, kind: 'purge' },
      { name: 'half', from: undefined, to: '4.0', kind: 'configure' },
    ]);
  });

  it('gives what apt-get will do, up to its count', () => {
    const summary =
      'The following NEW packages will be installed:\n  tree\n1 upgraded, 1 newly installed';
    expect(summaryOf(`Reading state information...\n${summary}\nInst tree`)).toBe(summary);
    expect(summaryOf('one\ntwo')).toBe('one\ntwo');
  });

  it('gives the packages under a heading, past its explanation', () => {
    expect(packagesUnder(REMOVE_BASH, /^WARNING: The following essential/)).toEqual(['bash']);
    expect(packagesUnder(REMOVE_BASH, /^The following NEW/)).toEqual([]);
  });

  it('is kept byte for byte in the sections', () => {
    const state = aptStateOf(
      answer({ pending: 'nginx\n', ...simulated('a\n\nb', 100, 'E: no\n') }),
    );
    expect(state.simulation).toEqual({ rc: 100, stdout: 'a\n\nb', stderr: 'E: no\n' });
    expect(state.pending).toEqual(['nginx']);
    expect(state.indexTime).toBe(1700000000);
  });

  it('names the process that holds a lock', () => {
    const holders = '/var/lib/dpkg/lock-frontend\t42\tapt-get upgrade \n';
    const state = aptStateOf(answer({ 'refresh.rc': '100\n', holders }));
    expect(() => planApt(inputOf({ name: 'x', update_cache: true }), state, [])).toThrow(
      '/var/lib/dpkg/lock-frontend is held by process 42 (apt-get upgrade)',
    );
  });
});

describe('the plan of apt', () => {
  const plan = (
    args: Readonly<Record<string, unknown>>,
    sections: Readonly<Record<string, string>>,
    checkMode = false,
  ) =>
    planApt(inputOf(args, checkMode), aptStateOf(answer(sections)), []).map(
      ({ what, before, after }) => [what, before, after],
    );

  it('lists every package that comes along', () => {
    expect(plan({ name: 'nginx' }, { pending: 'nginx\n', ...simulated(INSTALL_NGINX) })).toEqual([
      ['package nginx-common', 'absent', '1.22.1-9+deb12u10'],
      ['package nginx', 'absent', '1.22.1-9+deb12u10'],
    ]);
  });

  it('is empty when all is there', () => {
    expect(plan({ name: 'bash' }, { packages: 'bash\tinstalled\t5.2\n', pending: '' })).toEqual([]);
  });

  it('counts a refreshed index as a change only where the repositories had something new', () => {
    const args = { update_cache: true, cache_valid_time: 3600 };
    expect(plan(args, { stale: 'no\n' })).toEqual([]);
    expect(plan(args, { stale: 'yes\n', refreshed: '1700000100\n' })).toEqual([]);
    expect(plan(args, { refreshed: '1700000100\n', renewed: 'yes\n' })).toEqual([
      ['package index', '2023-11-14T22:13:20.000Z', 'renewed'],
    ]);
  });

  it.each([
    { allowed: 'allow_downgrade', output: DOWNGRADE, message: /would be downgraded: openssl/ },
    { allowed: 'force', output: REMOVE_BASH, message: /essential packages would be removed: bash/ },
  ])('refuses without $allowed', ({ output, message }) => {
    const sections = { pending: 'x\n', ...simulated(output, 100, 'E: refused\n') };
    expect(() => plan({ name: 'x' }, sections)).toThrow(message);
  });

  it('says which package is unknown, but in check mode lets an earlier task bring its repository', () => {
    const sections = {
      pending: 'docker-ce\n',
      ...simulated('', 100, 'E: Unable to locate package docker-ce\n'),
    };
    expect(() => plan({ name: 'docker-ce' }, sections)).toThrow(ModuleError);
    expect(plan({ name: 'docker-ce' }, sections, true)).toEqual([
      ['package docker-ce', 'not available yet', 'present'],
    ]);
  });

  describe('where dpkg was ended amid its work', () => {
    const interrupted = 'Setting up half (1.0) ...\n';
    const INST = 'Inst half (1.0 x [all])\nInst nano (7.2 x [all])\nConf half (1.0 x [all])\n';
    const repaired = [
      ['dpkg', 'interrupted', 'configured'],
      ['package half', 'unpacked', '1.0'],
    ];

    it.each([false, true])('finishes that first; check mode: %s', (checkMode) => {
      const sections = { interrupted, pending: 'half\nnano\n', ...simulated(INST) };
      expect(plan({ name: ['half', 'nano'] }, sections, checkMode)).toEqual([
        ...repaired,
        ['package nano', 'absent', '7.2'],
      ]);
    });

    it('plans also what apt-get cannot foresee, as it does not know the journal of dpkg', () => {
      const removed = { interrupted, pending: 'half\n', ...simulated('') };
      expect(plan({ name: 'half', state: 'absent' }, removed)).toEqual([
        ...repaired,
        ['package half', 'unknown', 'absent'],
      ]);
      const refused = simulated('', 100, 'E: Unmet dependencies.\n');
      const gone = { interrupted: '', pending: 'nano=7.2\n', ...refused };
      expect(plan({ name: 'nano=7.2' }, gone)).toEqual([
        ['dpkg', 'interrupted', 'configured'],
        ['package nano=7.2', 'unknown', 'present'],
      ]);
    });

    it('does so also for an upgrade that has nothing else to do', () => {
      expect(plan({ upgrade: 'dist' }, { interrupted, ...simulated('') })).toEqual(repaired);
      expect(plan({ state: 'fixed' }, { interrupted, ...simulated('') })).toEqual(repaired);
    });

    it('leaves dpkg as it is when all is there', () => {
      expect(plan({ name: 'nano' }, { interrupted, pending: '' })).toEqual([]);
      expect(plan({ update_cache: true }, { interrupted })).toEqual([]);
    });
  });

  it('says that the host has no apt-get', () => {
    expect(() => planApt(inputOf({ name: 'x' }), aptStateOf('\n\x1emissing\n'), [])).toThrow(
      'apt-get is not on this host',
    );
  });
});

describe('the commands of apt', () => {
  it('have the options of the task', () => {
    const input = inputOf({
      name: 'x',
      install_recommends: false,
      default_release: 'bookworm-backports',
      purge: true,
      dpkg_options: 'force-confnew',
      allow_downgrades: true,
    });
    expect(aptOptions(input)).toEqual([
      '-o',
      'Dpkg::Options::=--force-confnew',
      '-t',
      'bookworm-backports',
      '-o',
      'APT::Install-Recommends=no',
      '--purge',
      '--allow-downgrades',
    ]);
  });

  it('name no release for the empty text, as roles pass it', () => {
    const input = inputOf({ name: 'x', default_release: '', dpkg_options: '' });
    expect(aptOptions(input)).toEqual([]);
  });

  it.each([
    [{ name: 'a,b' }, ['install', 'a']],
    [{ name: 'a', state: 'absent' }, ['remove', 'a']],
    [{ name: 'a', state: 'build-dep' }, ['build-dep', 'a']],
    [{ state: 'fixed' }, ['install', '--fix-broken']],
    [{ upgrade: true }, ['upgrade', '--with-new-pkgs']],
    [{ upgrade: 'dist' }, ['dist-upgrade']],
    [{ name: '*', state: 'latest' }, ['upgrade', '--with-new-pkgs']],
    [{ autoremove: true }, ['autoremove']],
    [{ update_cache: true }, []],
  ])('%j', (args, command) => {
    expect(aptCommand(inputOf(args), ['a'])).toEqual(command);
  });

  it('counts the options, and takes no name that looks like one', () => {
    const words = observeArguments(inputOf({ name: ['o', 'x'], dpkg_options: '' }));
    expect(words.slice(10)).toEqual(['0', 'o', 'x']);
    expect(() => inputOf({ name: ['o', '-x'] })).toThrow(/argument "name\.1": .* dash/);
  });
});

describe('the parameters of apt', () => {
  it.each([
    [{ name: 'a', upgrade: 'dist' }, /only one of "name", "deb" and "upgrade"/],
    [{}, /one of "name"/],
  ])('%j', (args, message) => {
    expect(() => paramsOf(apt, args)).toThrow(message);
  });
});

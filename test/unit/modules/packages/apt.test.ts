import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/core/errors.ts';
import { apt, planApt } from '../../../../src/modules/packages/apt.ts';
import {
  aptCommand,
  aptOptions,
  observeArguments,
} from '../../../../src/modules/packages/aptCommand.ts';
import {
  aptStateOf,
  packagesUnder,
  simulatedSteps,
} from '../../../../src/modules/packages/aptOutput.ts';
import type { AptInput } from '../../../../src/modules/packages/aptParams.ts';
import { paramsOf } from '../driver.ts';

function inputOf(args: Readonly<Record<string, unknown>>, checkMode = false): AptInput {
  return { ...(paramsOf(apt, args) as AptInput), checkMode };
}

/** The answer of the observing script, from its sections. */
function answer(sections: Readonly<Record<string, string>>): string {
  const parts = {
    index: '1700000000\n1700000100\n',
    stale: 'no\n',
    dpkg: '',
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

  it('repairs an interrupted dpkg first', () => {
    const stderr = "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'\n";
    const sections = { dpkg: '0001\n', pending: 'nano\n', ...simulated('', 100, stderr) };
    expect(plan({ name: 'nano' }, sections)).toEqual([
      ['dpkg', 'interrupted', 'configured'],
      ['package nano', 'unknown', 'present'],
    ]);
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

  it('counts the options, so that package names cannot be taken for them', () => {
    const words = observeArguments(inputOf({ name: ['-o', 'x'], dpkg_options: '' }));
    expect(words.slice(10)).toEqual(['0', '-o', 'x']);
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

import { describe, expect, it } from 'vitest';
import { packageModule } from '../../../../src/modules/packages/package.ts';
import { type Script, scriptedTarget } from '../../../support/fakeTarget.ts';
import { paramsOf, runResource } from '../driver.ts';
import { testController } from '../testController.ts';

/** A host with one manager, on which one package is missing. */
function host(manager: string, answer: string): Script[] {
  return [
    (script) => (script.includes('for tool in apt-get') ? { stdout: `${manager}\n` } : undefined),
    (script) => (script.includes('need apk') ? { stdout: answer } : undefined),
    (script) => (script.includes('makecache') ? { stdout: answer } : undefined),
    (script) => (script.includes('apt-cache') ? { stdout: '\n\x1emissing\n' } : undefined),
    (script) => (script.includes('autoclean') ? {} : undefined),
    (script) =>
      script.includes('each run "$@"') || script.includes('each work "$@"')
        ? { stdout: '\n\x1ework1.rc\n0\n\n\x1ework1.stdout\ndone' }
        : undefined,
  ];
}

const APK = `\n\x1eworld\ncurl\n\n\x1esimulation.rc\n0\n\n\x1esimulation.stdout\n(1/1) Installing git (2.40.1-r0)\n`;
const DNF = `\n\x1etodo\n-git\n\n\x1efirst.rc\n1\n\n\x1efirst.stdout\nInstalling:\n git x86_64 2.40-1 base 6 k\nTransaction Summary\n`;

describe('package', () => {
  it.each([
    ['apk', APK, { packages: ['git'], stdout: 'done', stderr: '' }],
    ['dnf', DNF, { rc: 0, results: ['Installed: git-2.40-1.x86_64'], stdout: 'done' }],
  ])('leaves the work to %s where the host has it', async (manager, answer, data) => {
    const target = scriptedTarget(host(manager, answer));
    const outcome = await runResource(
      packageModule,
      { name: 'git', state: 'installed' },
      { target },
    );
    expect(outcome.changes).toMatchObject([{ what: 'package git', before: 'absent' }]);
    expect(outcome.data).toMatchObject(data);
  });

  it('asks the manager that facts name, in the first round trip', async () => {
    const target = scriptedTarget(host('apk', APK));
    const controller = testController({ variables: { ansible_pkg_mgr: 'apk' } });
    await runResource(packageModule, { name: 'git' }, { target, controller });
    expect(target.requests.map(({ script }) => script.includes('apt-cache'))).not.toContain(true);
  });

  it('takes the further parameters of the manager that does the work, and no others', async () => {
    const args = { name: 'git', no_cache: true };
    const apk = scriptedTarget(host('apk', APK));
    expect((await runResource(packageModule, args, { target: apk })).changed).toBe(true);
    const dnf = scriptedTarget(host('dnf', DNF));
    await expect(runResource(packageModule, args, { target: dnf })).rejects.toThrow(
      'unknown argument "no_cache" for module "dnf"',
    );
    expect(() => paramsOf(packageModule, { name: 'git', nonsense: 1 })).toThrow('unknown argument');
  });

  it('says what it cannot work', async () => {
    const run = (args: object, manager = '') =>
      runResource(packageModule, args, { target: scriptedTarget(host(manager, '')) });
    await expect(run({ name: 'git' })).rejects.toThrow(
      'this host has none of the package managers',
    );
    await expect(run({ name: 'git', use: 'pkgng' }, 'apk')).rejects.toThrow(
      'drover does not work the package manager "pkgng"',
    );
  });
});

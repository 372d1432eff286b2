/** `pip` with packages of our own in a folder: what check mode predicts happens, and the second run changes nothing. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pip } from '../../../src/modules/packages/pip/pip.ts';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { converge, runResource } from '../../unit/modules/driver.ts';
import { useScratch } from '../../unit/modules/scratch.ts';

/** Makes a wheel: `FOLDER NAME VERSION REQUIREMENT`. */
const WHEEL = `
import sys, zipfile
folder, name, version, requires = sys.argv[1:]
info = f"{name}-{version}.dist-info"
needs = f"Requires-Dist: {requires}\\n" if requires else ""
with zipfile.ZipFile(f"{folder}/{name}-{version}-py3-none-any.whl", "w") as wheel:
    wheel.writestr(f"{name}.py", "")
    wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n{needs}")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(f"{info}/RECORD", "")
`;

function wheel(folder: string, name: string, version: string, requires = ''): void {
  execFileSync('python3', ['-c', WHEEL, folder, name, version, requires]);
}

describe.skipIf(!hasPrograms('python3'))('pip in a virtual environment', () => {
  const scratch = useScratch();
  let venv: Record<string, unknown>;

  beforeAll(() => void execFileSync('python3', ['-m', 'venv', '--help']));
  beforeEach(() => {
    wheel(scratch.directory, 'drover_one', '1.0');
    wheel(scratch.directory, 'drover_one', '2.0');
    wheel(scratch.directory, 'drover_two', '1.5', 'drover-one<2');
    venv = {
      virtualenv: scratch.path('venv'),
      virtualenv_command: 'python3 -m venv',
      extra_args: `--no-index --find-links ${scratch.directory}`,
    };
  });

  const run = (args: object) => converge(pip, { ...venv, ...args }, scratch);

  it('makes the environment, installs, upgrades and removes', async () => {
    const made = await run({ name: 'drover-two' });
    expect(made.changes.map(({ what, before, after }) => [what, before, after])).toEqual([
      [`virtual environment ${scratch.path('venv')}`, 'absent', 'present'],
      ['package drover-two', 'absent', 'present'],
    ]);
    expect(made.data['cmd']).toEqual([
      `${scratch.path('venv')}/bin/pip`,
      ...['install', '--no-index', '--find-links', scratch.directory, 'drover-two'],
    ]);
    expect(made.data['stdout']).toContain('Successfully installed');

    const upgraded = await run({ name: 'drover_one', state: 'latest' });
    expect(upgraded.changes).toMatchObject([
      { what: 'package drover-one', before: '1.0', after: '2.0' },
    ]);
    const pinned = await run({ name: 'drover_one', version: '1.0' });
    expect(pinned.changes).toMatchObject([{ before: '2.0', after: '1.0' }]);
    const gone = await run({
      name: ['Drover.Two'],
      state: 'absent',
      extra_args: undefined,
    });
    expect(gone.changes).toMatchObject([
      { what: 'package drover-two', before: '1.5', after: 'absent' },
    ]);
  });

  it('takes requirements with options of their own, and lists what they bring along', async () => {
    await run({});
    const file = scratch.path('requirements.txt');
    await writeFile(file, `# ours\n--no-index\ndrover-two >= 1 # two\n`);
    const installed = await run({ requirements: 'requirements.txt', chdir: scratch.directory });
    expect(installed.changes.map(({ what, after }) => [what, after])).toEqual([
      ['package drover-one', '1.0'],
      ['package drover-two', '1.5'],
    ]);
    const gone = await run({
      requirements: file,
      state: 'absent',
      extra_args: undefined,
    });
    expect(gone.changes).toMatchObject([{ what: 'package drover-two', after: 'absent' }]);
  });

  it('reinstalls when asked to, each time', async () => {
    await run({ name: 'drover-one==1.0' });
    const args = { ...venv, name: 'drover-one==1.0', state: 'forcereinstall' };
    for (const _time of ['once', 'again']) {
      const { changes } = await runResource(pip, args, scratch);
      expect(changes).toMatchObject([{ before: '1.0', after: '1.0' }]);
    }
  });

  it('says what pip cannot find', async () => {
    await run({});
    const args = { ...venv, name: 'drover-none' };
    await expect(runResource(pip, args, scratch)).rejects.toThrow(
      'pip cannot install this: No matching distribution found for drover-none',
    );
  });
});

/**
 * No text of a playbook is an option of a host's program. Every parameter of every module is filled with a text that begins with
 * a dash, and what the module does is really done, as a user without rights: in no command line may the text stand where the program
 * takes it for an option.
 */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DroverError, UnreachableError } from '../../../src/core/errors.ts';
import { runModule } from '../../../src/engine/tasks/moduleRunner.ts';
import { validateArguments } from '../../../src/modules/arguments.ts';
import type { Module, RawArguments } from '../../../src/modules/module.ts';
import { Scratch } from '../../support/drover.ts';
import { type ScratchTarget, scratchTarget } from '../../support/fakeTarget.ts';
import { modules } from '../../support/modules.ts';
import { type ArgvRecorder, argvRecorder } from './argvRecorder.ts';
import { hostileCalls, patientController } from './hostileCalls.ts';

const DASHED = '-Mk7q';
const NOBODY = '65534';

/** Parameters that are options because that is what they are for. */
const OPTIONS = new Set([
  'pacman: extra_args',
  'pacman: update_cache_extra_args',
  'pip: extra_args',
  'unarchive: extra_opts',
  'zypper: extra_args',
  'zypper: extra_args_precommand',
]);

/** Options whose value is the next word, whatever it begins with. */
const TAKES_VALUE: Readonly<Record<string, readonly string[]>> = {
  'apt-get': ['-t'],
  dnf: ['-c'],
  getent: ['-s'],
  openssl: ['-in', '-key', '-out'],
  useradd: ['-Z', '-c', '-d', '-k', '-s'],
};

/** Programs that take long to answer, or leave something at home for it; here they say nothing. */
const SLOW = ['apt-get', 'dnf', 'npm', 'pip', 'pip3', 'python3', 'yum', 'zypper'];

describe('a text that begins with a dash', () => {
  const programs = new Scratch();
  let recorder: ArgvRecorder;
  let scratch: ScratchTarget;
  beforeAll(() => {
    recorder = argvRecorder(programs.path('shims'), SLOW);
    chmodSync(programs.folder, 0o755);
    scratch = scratchTarget({ path: [recorder.path], shell: withoutRights(programs) });
    chmodSync(scratch.directory, 0o777);
    writeFileSync(join(scratch.directory, 'sample'), 'content\n');
  });
  afterAll(async () => {
    await scratch.close();
    programs[Symbol.dispose]();
  });

  it('is seen where it is one', async () => {
    recorder.forget();
    await scratch.target.sh('id -u; ls "$1"', { args: [DASHED] });
    expect(recorder.calls().filter(isMistaken)).toEqual([['ls', DASHED]]);
  });

  it.each(modules.map((module) => ({ name: module.name, module })))(
    'is no option in $name',
    async ({ module }) => {
      const wrong = new Set<string>();
      for (const { parameter, args } of hostileCalls(module, [DASHED], 1)) {
        recorder.forget();
        await carryOut(module, args);
        if (OPTIONS.has(`${module.name}: ${parameter}`)) continue;
        for (const call of recorder.calls().filter(isMistaken))
          wrong.add(`${parameter}: ${call.join(' ')}`);
      }
      expect([...wrong]).toEqual([]);
    },
  );

  async function carryOut(module: Module, args: RawArguments): Promise<void> {
    const { signal } = new AbortController();
    const { target, directory } = scratch;
    const controller = patientController(directory);
    const call = { target, controller, checkMode: false, facts: new Map(), signal };
    try {
      const params = validateArguments(module, args);
      await runModule({ module, params, observation: undefined }, call);
    } catch (error) {
      if (!(error instanceof DroverError) || error instanceof UnreachableError) throw error;
    }
  }
});

/** A shell that gives up what root may do; what it starts has nothing more to give up. */
function withoutRights(programs: Scratch): string {
  const ids = `--reuid=${NOBODY} --regid=${NOBODY} --clear-groups`;
  programs.write(
    'sh',
    `#!/bin/sh\n[ "$(id -u)" != 0 ] || exec setpriv ${ids} /bin/sh "$@"\nexec /bin/sh "$@"\n`,
  );
  return programs.path('sh');
}

function isMistaken([program = '', ...args]: readonly string[]): boolean {
  const isValue = (index: number): boolean =>
    TAKES_VALUE[program]?.includes(args[index - 1] ?? '') ?? false;
  return args.some(
    (word, index) =>
      word.startsWith(DASHED) && !args.slice(0, index).includes('--') && !isValue(index),
  );
}

/**
 * No text of a playbook is ever shell code. Every parameter of every module is filled with texts that a shell would act on:
 * the scripts that the module runs have nothing of them, and its questions, asked of this machine, do not act on them.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DroverError } from '../../../src/core/errors.ts';
import { runModule } from '../../../src/engine/tasks/moduleRunner.ts';
import { validateArguments } from '../../../src/modules/arguments.ts';
import type { Module, RawArguments } from '../../../src/modules/module.ts';
import { Scratch } from '../../support/drover.ts';
import { type ScratchTarget, scratchTarget } from '../../support/fakeTarget.ts';
import { modules } from '../../support/modules.ts';
import { RecordingTarget } from '../../support/recordingTarget.ts';
import { hostileCalls, patientController } from './hostileCalls.ts';

const MARK = 'Mk7q';
const EVIL = `$(touch CANARY)\`touch CANARY\`';touch CANARY;'";touch CANARY;"|touch CANARY&* ~ [a-z]?`;
/** From the worst to what values with a form of their own may look like: each parameter gets the first that it takes. */
const HOSTILE = [
  `--${MARK}${EVIL}\ntouch CANARY\n`,
  `/${MARK}/${EVIL}`,
  `${MARK}${EVIL}`,
  `https://127.0.0.1:9/${MARK}${EVIL}`,
  `${MARK}.example.org`,
  MARK,
];
/** Examples of a module beyond these say little more. */
const EXAMPLES_EACH = 2;

/** Their parameters are shell code because that is what they are for. */
const CODE: Readonly<Record<string, readonly string[]>> = {
  shell: ['cmd', '_raw_params'],
  raw: ['free_form', '_raw_params'],
  reboot: ['boot_time_command'],
};
/** Programs that take long to answer a question, or leave something at home for it; here they say nothing. */
const SLOW = [
  'apt-cache',
  'apt-get',
  'dnf',
  'npm',
  'pip',
  'pip3',
  'python3',
  'rpm',
  'yum',
  'zypper',
];

describe('what a playbook says', () => {
  let programs: Scratch;
  let scratch: ScratchTarget;
  beforeAll(() => {
    programs = new Scratch(Object.fromEntries(SLOW.map((name) => [name, '#!/bin/sh\nexit 0\n'])));
    scratch = scratchTarget({ path: [programs.folder] });
    writeFileSync(join(scratch.directory, 'sample'), 'content\n');
  });
  afterAll(async () => {
    await scratch.close();
    programs[Symbol.dispose]();
  });

  it.each(modules.map((module) => ({ name: module.name, module })))(
    'is never shell code in $name',
    async ({ module }) => {
      const wrong = new Set<string>();
      for (const { parameter, args } of hostileCalls(module, HOSTILE, EXAMPLES_EACH)) {
        const scripts = await scriptsOf(module, args);
        const isCode = CODE[module.name]?.includes(parameter) ?? false;
        if (!isCode && scripts.some((script) => script.includes(MARK))) wrong.add(parameter);
        if (existsSync(join(scratch.directory, 'CANARY'))) wrong.add(`${parameter} was run`);
      }
      expect([...wrong]).toEqual([]);
    },
  );

  /** Whatever comes of it: a refusal is fine. */
  async function scriptsOf(module: Module, args: RawArguments): Promise<readonly string[]> {
    const target = new RecordingTarget(scratch.target);
    const { signal } = new AbortController();
    const controller = patientController(scratch.directory);
    const call = { target, controller, checkMode: false, facts: new Map(), signal };
    try {
      const params = validateArguments(module, args);
      await runModule({ module, params, observation: undefined }, call);
    } catch (error) {
      if (!(error instanceof DroverError)) throw error;
    }
    return target.scripts;
  }
});

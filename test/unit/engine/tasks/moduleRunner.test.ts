import { afterAll, expect, it } from 'vitest';
import * as z from 'zod';
import type { Change } from '../../../../src/core/results.ts';
import { prepareResource, runResource } from '../../../../src/engine/tasks/moduleRunner.ts';
import { defineResource } from '../../../../src/modules/module.ts';
import { scratchTarget } from '../../../support/fakeTarget.ts';
import { testController } from '../../modules/testController.ts';

const { target, close } = scratchTarget();
afterAll(close);

const CHANGE: Change = { what: 'file', before: 'old', after: 'new', operation: undefined };
const NOTE: Change = { ...CHANGE, what: 'its entry', isNote: true };

/** How often changes were carried out, and what the task came to. */
async function run(changes: readonly Change[], checkMode: boolean) {
  const applied: string[] = [];
  const module = defineResource({
    name: 'noted',
    summary: 'Changes what it is told',
    params: z.strictObject({}),
    examples: [],
    returns: {},
    observe: () => ({}),
    plan: () => changes,
    async apply(all: readonly Change[]) {
      applied.push(...all.map(({ what }) => what));
      return undefined;
    },
  });
  const controller = testController();
  const { signal } = new AbortController();
  const call = { target, controller, checkMode, facts: new Map(), signal };
  const observation = await prepareResource(module, {}, controller);
  const { status } = await runResource(module, observation, call);
  return { status, applied };
}

it.each([false, true])(
  'notes are carried out and call no task changed; check mode: %s',
  async (checkMode) => {
    const applied = (...names: string[]): string[] => (checkMode ? [] : names);
    expect(await run([NOTE], checkMode)).toEqual({ status: 'ok', applied: applied('its entry') });
    expect(await run([CHANGE, NOTE], checkMode)).toEqual({
      status: 'changed',
      applied: applied('file', 'its entry'),
    });
    expect(await run([], checkMode)).toEqual({ status: 'ok', applied: [] });
  },
);

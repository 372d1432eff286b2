/** Scenarios by drover: in check mode, which leaves the host as it was; for real; and again, when nothing is left to do. */
import { expect, type TestContext } from 'vitest';
import { runModule } from '../../unit/modules/driver.ts';
import { testController } from '../../unit/modules/testController.ts';
import { expectExactPlan } from '../planFidelity.ts';
import type { Alteration } from './hostState.ts';
import { moduleNamed, type Scenario } from './scenario.ts';
import type { ScenarioHost } from './scenarioHost.ts';

/** What a scenario did to the host, what its `look` showed, and what it returned. */
export interface Deed {
  readonly alterations: readonly Alteration[];
  readonly shown: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export async function runScenario(
  scenario: Scenario,
  { target, output, alterations }: ScenarioHost,
  context: Pick<TestContext, 'task'>,
): Promise<Deed> {
  const { args, setup, changed, actsAlways = false, data = {}, look, shows } = scenario;
  if (setup !== undefined) await output(setup);
  if (setup !== undefined || actsAlways) await alterations();
  const module = moduleNamed(scenario.module);
  const checking = testController({ checkMode: true, files: import.meta.dirname });
  const predicted = await runModule(module, args, { target, controller: checking });
  expect(await alterations()).toEqual([]);
  const controller = testController({ files: import.meta.dirname });
  const real = await runModule(module, args, { target, controller });
  const altered = await alterations();
  const shown = look === undefined ? '' : await output(look);
  expectExactPlan(context, module.name, predicted, real);
  expect(real.changed).toBe(changed);
  expect(real.data).toMatchObject(data);
  if (shows !== undefined) expect(shown).toBe(shows);
  const again = await runModule(module, args, { target, controller });
  expect(again.changed).toBe(actsAlways);
  const later = await alterations();
  if (!actsAlways) expect(later).toEqual([]);
  return { alterations: altered, shown, data: real.data };
}

/** Prints, after all tests, how many plans were exact: `plan fidelity: 412 of 415`, and what the others did not know. */
import type { Reporter, TestModule } from 'vitest/node';
import type { PlanFidelity } from './planFidelity.ts';

export default class PlanFidelityReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const plans = modules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => test.meta().planFidelity ?? []),
    );
    if (plans.length > 0) process.stdout.write(summary(plans));
  }
}

function summary(plans: readonly PlanFidelity[]): string {
  const deviating = plans.filter(({ deviations }) => deviations.length > 0);
  const lines = deviating.map(
    ({ module, deviations }) => `  ${module}: ${deviations.join(', ')}\n`,
  );
  const counted = [...new Set(lines)].sort();
  return `plan fidelity: ${plans.length - deviating.length} of ${plans.length}\n${counted.join('')}`;
}

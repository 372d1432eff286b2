/**
 * `npm test`: every test that this machine can run. What it cannot is said loudly; in CI (`CI` set) it is a failure.
 * The last line is the total over all tests: `N passed, N failed, N skipped`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fleetMissing } from '../fleet/fleet.ts';
import { ensureEngine } from '../fleet/machine.ts';
import { defaultState } from '../fleet/state.ts';

interface Totals {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

const isCi = process.env['CI'] !== undefined;
const missing = fleetMissing();
const everywhere = ['unit', 'contract', 'integration', 'conformance'];
const projects = [...everywhere, ...(missing.length === 0 ? ['fleet'] : [])];
if (missing.length > 0) announceSkipped();
// The suites that drive an engine on this machine come before the fleet, which would start it.
else await ensureEngine(defaultState(), (text) => process.stdout.write(`${text}\n`));

const folder = mkdtempSync(join(tmpdir(), 'drover-tests-'));
const report = join(folder, 'results.json');
const { status } = spawnSync('npx', ['vitest', 'run', ...vitestArguments()], { stdio: 'inherit' });
const totals = readTotals();
rmSync(folder, { recursive: true });
process.exitCode = verdict(totals);

function vitestArguments(): string[] {
  const reporters = [
    '--reporter=default',
    '--reporter=./test/support/planFidelityReporter.ts',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ];
  return [...projects.flatMap((name) => ['--project', name]), ...reporters];
}

/** A run that was ended has no report: that is a failure too. */
function readTotals(): Totals {
  if (existsSync(report)) return JSON.parse(readFileSync(report, 'utf8')) as Totals;
  return {
    numPassedTests: 0,
    numFailedTests: 1,
    numPendingTests: 0,
    numFailedTestSuites: 0,
    success: false,
  };
}

function verdict({ numPassedTests, numFailedTests, numPendingTests, success }: Totals): number {
  // A file that fails to load, or whose process ends, has no tests of its own to count.
  const failed = success && status === 0 ? numFailedTests : Math.max(1, numFailedTests);
  const lacksFleet = isCi && missing.length > 0 ? 1 : 0;
  if (missing.length > 0) announceSkipped();
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  process.stdout.write(`${numPassedTests} passed, ${failed + lacksFleet} failed${skipped}\n`);
  return failed + lacksFleet > 0 ? 1 : 0;
}

function announceSkipped(): void {
  const line = '!'.repeat(78);
  const reasons = missing.map((sentence) => `  - ${sentence}`).join('\n');
  process.stdout.write(
    `\n${line}\nSKIPPED: all tests on real hosts (test/fleet, test/e2e, test/faults). This machine lacks:\n${reasons}\n${line}\n\n`,
  );
}

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** One project per kind of test: `unit` and `contract` need nothing, the others say what they need (CONTRIBUTING.md). */
export default defineConfig({
  test: {
    // Tests wait more than they compute; vitest would leave one core of two idle.
    maxWorkers: availableParallelism(),
    reporters: ['default', './test/support/planFidelityReporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // The same modules for all files: loading them anew for each takes as long as the tests.
          isolate: false,
          // Seconds for what takes milliseconds: a machine may be busy.
          testTimeout: 30_000,
        },
      },
      { test: { name: 'contract', include: ['test/contract/**/*.test.ts'], isolate: false } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          // What tests wait for takes milliseconds; a machine may be busy.
          expect: { poll: { timeout: 15_000 } },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'fleet',
          include: ['test/fleet/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/faults/**/*.test.ts'],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'matrix',
          include: ['test/e2e/**/*.matrix.ts'],
          testTimeout: 3_600_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
});

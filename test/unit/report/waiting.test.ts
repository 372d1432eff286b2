import { expect, it } from 'vitest';
import type { Output } from '../../../src/report/reporter.ts';
import { TerminalReporter } from '../../../src/report/terminal.ts';

it('a long task names the hosts that it waits for, beside the output', () => {
  const told = { output: '', errors: '' };
  const to = (key: 'output' | 'errors'): Output => ({
    write: (text) => {
      told[key] += text;
    },
    hasColors: false,
    columns: undefined,
  });
  const reporter = new TerminalReporter({
    output: to('output'),
    errors: to('errors'),
    verbosity: 0,
    showsSkipped: true,
    describeError: () => '',
    describeWarning: () => '',
  });
  const source = { file: 'site.yml', line: 1, column: 1 };
  const task = { id: '1', name: 'slow', module: 'command', kind: 'task', source } as const;
  reporter.handle({ type: 'waiting', task, hosts: ['web3', 'web7'], elapsedMs: 41_300 });
  expect(told).toEqual({ output: '', errors: 'waiting on web3, web7 (41 s)\n' });
});

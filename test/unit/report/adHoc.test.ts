import { describe, expect, it } from 'vitest';
import { ModuleError, UnreachableError } from '../../../src/core/errors.ts';
import type { RunEvent } from '../../../src/core/events.ts';
import type { TaskResult } from '../../../src/core/results.ts';
import { AdHocReporter } from '../../../src/report/adHoc.ts';

const source = { file: 'x', line: 1, column: 1 };
const lost = new UnreachableError('gone', { code: 'X', hint: 'look there' });
const failed: TaskResult = { status: 'failed', error: new ModuleError('bad'), data: {} };

function finished(
  module: string,
  result: TaskResult,
  registered: Readonly<Record<string, unknown>>,
): RunEvent {
  const task = { id: '1', name: module, module, kind: 'task', source } as const;
  const outcome = { registered, ignored: false, diffs: [], startedAt: new Date(0), durationMs: 0 };
  return { type: 'hostFinished', isLoop: false, task, host: 'web', result, ...outcome };
}

function told(event: RunEvent, isOneLine = false): string[] {
  const lines = { out: '', err: '' };
  const output = (key: 'out' | 'err') => ({
    write: (text: string) => {
      lines[key] += text;
    },
    hasColors: false,
    columns: undefined,
  });
  const reporter = new AdHocReporter({
    output: output('out'),
    errors: output('err'),
    isOneLine,
    describeWarning: ({ message }) => message,
  });
  reporter.handle(event);
  return [lines.out, lines.err];
}

const ok: TaskResult = { status: 'ok', data: {} };
const program = { changed: true, rc: 0, stdout: 'a\nb', stderr: 'c\u001b[31m' };

describe('AdHocReporter', () => {
  it('shows what a program wrote, terminal escapes made harmless', () => {
    const [text] = told(finished('ansible.builtin.shell', ok, program));
    expect(text).toMatch(/^web \| CHANGED \| rc=0 >>\na\nb\nc/);
    expect(text).not.toContain('\u001b');
  });

  it('shows it on one line', () => {
    const event = finished('command', ok, { ...program, stderr: '' });
    expect(told(event, true)[0]).toBe('web | CHANGED | rc=0 | (stdout) a\\nb\n');
  });

  it('shows the result of other modules as JSON', () => {
    const event = finished('ping', ok, { ping: 'pong', changed: false, failed: false });
    expect(told(event)[0]).toBe(
      'web | SUCCESS => {\n    "changed": false,\n    "ping": "pong"\n}\n',
    );
    expect(told(event, true)[0]).toBe('web | SUCCESS => {"changed": false, "ping": "pong"}\n');
  });

  it('tells failures, lost hosts and skipped ones apart', () => {
    const failure = finished('command', failed, { rc: 2, stdout: '', msg: 'non-zero' });
    expect(told(failure)[0]).toBe('web | FAILED | rc=2 >>\nnon-zero\n');
    const gone = finished('ping', { status: 'unreachable', error: lost }, { msg: 'gone' });
    expect(told(gone, true)).toEqual([
      'web | UNREACHABLE! => {"msg": "gone"}\n',
      'hint: look there\n',
    ]);
    const skipped = finished('command', { status: 'skipped', reason: 'x' }, {});
    expect(told(skipped)[0]).toBe('web | SKIPPED\n');
  });
});

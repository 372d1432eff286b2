/** What the reporters print of texts that a host, an inventory program or a playbook chose: never a control of the terminal. */
import { describe, expect, it } from 'vitest';
import { ModuleError, UnreachableError } from '../../../src/core/errors.ts';
import type { HostStats, RunEvent } from '../../../src/core/events.ts';
import type { TaskResult } from '../../../src/core/results.ts';
import { AdHocReporter } from '../../../src/report/adHoc.ts';
import { JsonLinesReporter } from '../../../src/report/jsonl.ts';
import type { Reporter } from '../../../src/report/reporter.ts';
import { TerminalReporter } from '../../../src/report/terminal.ts';

/** Clears the screen, sets the title, goes back a line, rings, C1's CSI, right-to-left override, line separator. */
const EVIL = 'evil\u001b[2J\u001b]0;title\u0007\r\b\u007f\u009b31m\u202eend';
const SHOWN = String.raw`evil\x1b[2J\x1b]0;title\x07\x0d\x08\x7f\x9b31m\u202eend`;

const source = { file: EVIL, line: 1, column: 1 };
const stats: HostStats = {
  ok: 1,
  changed: 0,
  unreachable: 0,
  failed: 1,
  skipped: 0,
  rescued: 0,
  ignored: 0,
};
const task = { id: '1', name: EVIL, role: EVIL, module: 'debug', kind: 'task', source } as const;
const error = new ModuleError(EVIL, { hint: EVIL, source });
const lost = new UnreachableError(EVIL, { code: 'X', hint: EVIL });
const registered = { msg: EVIL, stdout: EVIL, stderr: EVIL, [EVIL]: EVIL, rc: 1, changed: true };
const diffs = [{ before: 'x', after: EVIL, beforeHeader: EVIL, afterHeader: EVIL }];
const outcome = { registered, ignored: false, diffs, startedAt: new Date(0), durationMs: 0 };
const where = { task, host: EVIL, delegatedTo: `other${EVIL}` };
const play = { id: '1', name: EVIL, source };

const results: readonly TaskResult[] = [
  { status: 'ok', data: {} },
  { status: 'changed', data: {}, changes: [] },
  { status: 'skipped', reason: EVIL },
  { status: 'failed', error, data: {} },
  { status: 'unreachable', error: lost },
];

const EVENTS: readonly RunEvent[] = [
  { type: 'runStarted', playbooks: [EVIL], checkMode: true },
  { type: 'playStarted', play, hosts: [EVIL] },
  { type: 'noHostsMatched', play },
  { type: 'taskStarted', task, checkMode: false },
  ...results.flatMap((result): RunEvent[] => [
    { type: 'itemFinished', label: { [EVIL]: EVIL }, ...where, result, ...outcome },
    { type: 'hostFinished', isLoop: false, ...where, result, ...outcome },
    {
      type: 'hostFinished',
      isLoop: false,
      ...where,
      task: { ...task, module: 'shell' },
      result,
      ...outcome,
    },
  ]),
  { type: 'retrying', attempt: 1, retriesLeft: 2, registered, ...where },
  { type: 'included', task, file: EVIL, hosts: [EVIL], label: EVIL },
  { type: 'notified', host: EVIL, handler: EVIL },
  { type: 'waiting', task, hosts: [EVIL], elapsedMs: 1 },
  { type: 'message', level: 'info', text: EVIL, host: EVIL },
  { type: 'warning', warning: { kind: 'warning', message: EVIL, hint: EVIL } },
  {
    type: 'recap',
    hosts: { [EVIL]: stats },
    customStats: { [EVIL]: { [EVIL]: EVIL } },
    durationMs: 1,
  },
];

/** All that a reporter writes. Newlines and tabs are layout. */
function written(make: (output: { write(text: string): void }) => Reporter): string {
  let all = '';
  const reporter = make({
    write: (text) => {
      all += text;
    },
  });
  for (const event of EVENTS) reporter.handle(event);
  return all;
}

const plain = { hasColors: false, columns: undefined };
const CONTROLS = /(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

describe('nothing of a host controls the terminal', () => {
  it.each([0, 1, 2, 3, 4])('in the output of a run at verbosity %i', (verbosity) => {
    const text = written((to) => {
      const output = { ...to, ...plain };
      return new TerminalReporter({
        output,
        errors: output,
        verbosity,
        showsSkipped: true,
        describeError: ({ message }) => message,
        describeWarning: ({ message }) => message,
      });
    });
    expect(text).toContain(SHOWN);
    expect(text).toContain(`PLAY [${SHOWN}]`);
    expect(text).not.toMatch(CONTROLS);
  });

  it.each([true, false])('in the output of one task (on one line: %s)', (isOneLine) => {
    const text = written((to) => {
      const output = { ...to, ...plain };
      const describeWarning = ({ message }: { message: string }): string => message;
      return new AdHocReporter({ output, errors: output, isOneLine, describeWarning });
    });
    expect(text).toContain(SHOWN);
    expect(text).not.toMatch(CONTROLS);
  });

  it('in JSON lines, which keep every character', () => {
    const text = written((to) => new JsonLinesReporter({ ...to, ...plain }));
    expect(text).not.toMatch(CONTROLS);
    const [started] = text.split('\n').map((line) => (line === '' ? undefined : JSON.parse(line)));
    expect(started).toEqual({ type: 'runStarted', playbooks: [EVIL], checkMode: true });
  });

  it('and only the reporter itself brings colours', () => {
    const text = written((to) => {
      const output = { ...to, hasColors: true, columns: 100 };
      return new TerminalReporter({
        output,
        errors: output,
        verbosity: 3,
        showsSkipped: true,
        describeError: ({ message }) => message,
        describeWarning: ({ message }) => message,
      });
    });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
    expect(text.replace(/\u001b\[\d+m/g, '')).not.toMatch(CONTROLS);
  });
});

import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { isForeground, TerminalPrompts } from '../../../src/cli/prompt.ts';
import type { PromptOptions } from '../../../src/modules/controller.ts';

/** A terminal that somebody sits at. */
class Desk {
  readonly input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
  readonly output = new PassThrough();
  readonly stop = new AbortController();
  readonly prompts: TerminalPrompts;
  interrupts = 0;

  constructor({ isForeground = true } = {}) {
    const { input, output, stop } = this;
    this.prompts = new TerminalPrompts({
      input,
      output,
      isForeground: () => isForeground,
      interrupt: () => {
        this.interrupts++;
        stop.abort(new DOMException('interrupted', 'AbortError'));
      },
      signal: stop.signal,
    });
  }

  /** The end of a question, with `keys` pressed once it is open. */
  async ask(options: PromptOptions, keys: string): Promise<unknown> {
    const end = this.prompts.ask('Word:', options).catch((error: Error) => error.message);
    await delay(0);
    this.input.write(keys);
    return end;
  }

  /** All that the terminal showed. */
  shown(): string {
    return String(this.output.read() ?? '');
  }
}

describe('a question on the terminal', () => {
  it('is answered by a line, edited on the way', async () => {
    const desk = new Desk();
    expect(await desk.ask({ echo: true }, 'hello there\x7f\x7f\x7f\x7fommy boy\r')).toBe(
      'hello tommy boy',
    );
    expect(desk.shown()).toContain('Word:');
  });

  it('hides what is typed without echo', async () => {
    const desk = new Desk();
    expect(await desk.ask({ echo: false }, 'secret\r')).toBe('secret');
    expect(desk.shown()).toBe('Word:\n');
  });

  it('waits for the one before it', async () => {
    const desk = new Desk();
    const first = desk.prompts.ask('1:', { echo: false });
    const second = desk.prompts.ask('2:', { echo: false });
    await delay(0);
    expect(desk.shown()).toBe('1:');
    desk.input.write('a\r');
    await first;
    await delay(0);
    desk.input.write('b\r');
    expect([await first, await second]).toEqual(['a', 'b']);
  });

  it('ends the run with Ctrl-C', async () => {
    const desk = new Desk();
    expect(await desk.ask({ echo: true }, 'abc\x03')).toBe('interrupted');
    expect(desk.interrupts).toBe(1);
    expect(await desk.ask({ echo: true }, '')).toBe('interrupted');
  });

  it.each([
    ['C goes on with what was typed', 'ab\x03xC', 'ab'],
    ['A aborts', 'ab\x03a', 'user requested abort!'],
    ['Enter means nothing then', 'ab\x03\rc', 'ab'],
    ['Ctrl-C once more ends the run', '\x03\x03', 'interrupted'],
  ])('that may be aborted asks after Ctrl-C: %s', async (_, keys, end) => {
    const desk = new Desk();
    expect(await desk.ask({ echo: true, mayAbort: true }, keys)).toBe(end);
    expect(desk.shown()).toContain("Press 'C' to continue the play or 'A' to abort");
  });

  it('with a time ends by itself, whatever is typed', async () => {
    const desk = new Desk();
    expect(await desk.ask({ echo: true, waitMs: 20 }, 'x\r')).toBe('');
  });

  it('with a time can be ended early, and does not end while the user chooses', async () => {
    const desk = new Desk();
    expect(await desk.ask({ echo: true, waitMs: 60_000, mayAbort: true }, '\x03c')).toBe('');
    const choosing = desk.prompts.ask('', { echo: true, waitMs: 20, mayAbort: true });
    await delay(0);
    desk.input.write('\x03');
    expect(await Promise.race([choosing, delay(60, 'choosing')])).toBe('choosing');
    desk.input.write('c');
    expect(await choosing).toBe('');
  });

  it('ends with the signal of whoever asks', async () => {
    const desk = new Desk();
    const signal = AbortSignal.abort(new Error('too late'));
    expect(await desk.ask({ echo: true, signal }, '')).toBe('too late');
  });

  it('is not asked without a terminal, or from the background', async () => {
    const desk = new Desk();
    desk.input.isTTY = false;
    expect(await desk.ask({ echo: true }, '')).toBeUndefined();
    expect(await new Desk({ isForeground: false }).ask({ echo: true }, '')).toBeUndefined();
  });
});

describe('the foreground', () => {
  it.each([
    ['7 (a b) c) S 1 7 7 34816 7 4194560', true],
    ['7 (node) S 1 7 7 34816 99 4194560', false],
    ['7 (node) S 1 7 7 0 -1 4194560', false],
    [undefined, true],
  ])('%s: %s', (stat, expected) => {
    expect(isForeground(stat)).toBe(expected);
  });
});

/** Questions on the terminal that drover runs on: one at a time, and none where nobody could answer. */
import { readFileSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { DroverError } from '../core/errors.ts';
import { neutralised } from '../core/terminalText.ts';
import { timerFor } from '../core/wait.ts';
import type { PromptOptions } from '../modules/controller.ts';

export interface TerminalOptions {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly output: NodeJS.WritableStream;
  /** Whether the terminal is ours now: a job in the background would be stopped for touching it. */
  readonly isForeground: () => boolean;
  /** What Ctrl-C does where a question does not ask about it: it ends the run. */
  readonly interrupt: () => void;
  /** Aborts when the run is to end. */
  readonly signal: AbortSignal;
}

/** Options of one question, with the signal that ends it. */
type Asked = PromptOptions & { readonly signal: AbortSignal };

export class TerminalPrompts {
  readonly #options: TerminalOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TerminalOptions) {
    this.#options = options;
  }

  /** The answer; undefined when there is no terminal to ask on. @throws what a signal aborts with; DroverError when the user aborts. */
  async ask(text: string, options: PromptOptions): Promise<string | undefined> {
    const signals = [
      this.#options.signal,
      ...(options.signal === undefined ? [] : [options.signal]),
    ];
    const asked = { ...options, signal: AbortSignal.any(signals) };
    const answer = this.#last.then(() => this.#ask(text, asked));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #ask(text: string, asked: Asked): Promise<string | undefined> {
    const { input, output, isForeground } = this.#options;
    asked.signal.throwIfAborted();
    if (input.isTTY !== true || !isForeground()) return undefined;
    output.write(neutralised(text));
    const isShown = asked.echo && asked.waitMs === undefined;
    const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
    const lines = createInterface({ input, output: isShown ? output : silent, terminal: true });
    try {
      return await new Question(lines, asked, this.#options).answer();
    } finally {
      lines.close();
      if (!isShown) output.write('\n');
    }
  }
}

type Settle = (end: { readonly text: string } | { readonly error: unknown }) => void;

/** One question while it is open. Keys are heard in the tick in which they arrive: those typed ahead would be lost otherwise. */
class Question {
  readonly #lines: Interface;
  readonly #asked: Asked;
  readonly #terminal: TerminalOptions;
  /** Aborts when the question is answered. */
  readonly #end = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(lines: Interface, asked: Asked, terminal: TerminalOptions) {
    this.#lines = lines;
    this.#asked = asked;
    this.#terminal = terminal;
  }

  async answer(): Promise<string> {
    const { signal } = this.#asked;
    try {
      return await new Promise((resolve, reject) => {
        const settle: Settle = (end) => ('text' in end ? resolve(end.text) : reject(end.error));
        const ended = () => settle({ error: signal.reason });
        signal.addEventListener('abort', ended, { signal: this.#end.signal });
        this.#listen(settle);
      });
    } finally {
      this.#end.abort();
      clearTimeout(this.#timer);
    }
  }

  /** A question with a time is answered by the time alone. */
  #listen(settle: Settle): void {
    const { waitMs } = this.#asked;
    this.#lines.once('SIGINT', () => this.#interrupted(settle));
    if (waitMs === undefined) {
      this.#lines.on('line', (text) => settle({ text }));
      this.#lines.on('close', () => settle({ text: '' }));
    } else {
      this.#timer = setTimeout(settle, timerFor(waitMs), { text: '' });
    }
  }

  #interrupted(settle: Settle): void {
    const { interrupt } = this.#terminal;
    if (this.#asked.mayAbort === true) this.#choose(settle);
    else interrupt();
  }

  /** From now on only the two keys count; Ctrl-C once more ends the run. */
  #choose(settle: Settle): void {
    const { input, output, interrupt } = this.#terminal;
    const typed = this.#lines.line;
    this.#lines.removeAllListeners('line');
    clearTimeout(this.#timer);
    output.write("\nPress 'C' to continue the play or 'A' to abort \n");
    this.#lines.on('SIGINT', interrupt);
    const heard = (key: string | undefined) => {
      if (key?.toLowerCase() === 'c') settle({ text: typed });
      if (key?.toLowerCase() === 'a') settle({ error: aborted() });
    };
    input.on('keypress', heard);
    this.#end.signal.addEventListener('abort', () => input.off('keypress', heard));
  }
}

function aborted(): DroverError {
  return new DroverError('user requested abort!', { code: 'DROVER_ABORTED' });
}

/**
 * Whether this process is of the terminal's foreground group. Where `/proc` does not say (man 5 proc), it is taken for granted.
 * @param stat the text of `/proc/self/stat`.
 */
export function isForeground(stat: string | undefined): boolean {
  const [, , group, , , terminalGroup] =
    stat
      ?.slice(stat.lastIndexOf(')') + 1)
      .trim()
      .split(' ') ?? [];
  return group === terminalGroup;
}

export function processStat(): string | undefined {
  try {
    return readFileSync('/proc/self/stat', 'utf8');
  } catch {
    return undefined;
  }
}

/** The controller's side of a command on a terminal of the host: reads the output, types the answers, waits for the end. */
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { ModuleError } from '../../../core/errors.ts';
import type { Dialogue } from './dialogue.ts';

/** How long after a question the answer is typed: programs that turn the echo off throw away what was typed before. */
const BEFORE_TYPING_MS = 50;

export interface TerminalRun {
  /** As given to `TERMINAL_SCRIPT`. */
  readonly mark: string;
  /** How long to wait for the next question, or the end; undefined for ever. */
  readonly timeoutMs: number | undefined;
  readonly signal: AbortSignal;
  sleep(milliseconds: number): Promise<void>;
}

/** How it ended: `rc`, or the first byte of the script when the command was not started; neither when time was over. */
export interface TerminalEnd {
  readonly rc?: number;
  readonly notStarted?: string;
}

/**
 * Speaks until the command ends or the time is over. Ends the stream.
 * @throws ModuleError when an answer is missing, or the terminal goes away; UnreachableError with the connection.
 */
export async function converse(
  stream: Duplex,
  dialogue: Dialogue,
  run: TerminalRun,
): Promise<TerminalEnd> {
  const screen = new Screen(run.mark);
  const decoder = new StringDecoder('utf8');
  let end: TerminalEnd | undefined;
  const deadline = new Deadline(run.timeoutMs, () => {
    end = {};
    stream.destroy();
  });
  const onAbort = (): void => void stream.destroy();
  run.signal.addEventListener('abort', onAbort, { once: true });
  try {
    for await (const chunk of stream) {
      const shown = screen.show(decoder.write(chunk));
      if (shown.leader !== undefined) stream.write(`${shown.leader}\n`);
      const answers = dialogue.hear(shown.text);
      if (answers.length > 0) deadline.restart();
      for (const answer of answers) {
        await run.sleep(BEFORE_TYPING_MS);
        stream.write(answer);
      }
      end = shown.end ?? end;
      if (shown.isOver) stream.end();
    }
  } catch (error) {
    if (end === undefined) throw error;
  } finally {
    deadline.stop();
    run.signal.removeEventListener('abort', onAbort);
    stream.destroy();
  }
  if (end === undefined) throw ended(run.signal);
  return end;
}

function ended(signal: AbortSignal): ModuleError {
  if (signal.aborted) return new ModuleError('cancelled', { code: 'DROVER_CANCELLED' });
  return new ModuleError('the terminal went away before the command ended', {
    hint: 'the command ended its own session or restarted the host',
  });
}

/** Calls `late` once when `restart` was not called for so long. */
class Deadline {
  readonly #milliseconds: number | undefined;
  readonly #late: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(milliseconds: number | undefined, late: () => void) {
    this.#milliseconds = milliseconds;
    this.#late = late;
    this.restart();
  }

  restart(): void {
    this.stop();
    if (this.#milliseconds !== undefined) this.#timer = setTimeout(this.#late, this.#milliseconds);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

interface Shown {
  readonly text: string;
  /** Process id of the leader of the terminal's session, once. */
  readonly leader?: string | undefined;
  readonly end?: TerminalEnd | undefined;
  /** Nothing more comes. */
  readonly isOver?: boolean;
}

/** Tells the lines of `TERMINAL_SCRIPT` from what the command prints. */
class Screen {
  readonly #mark: string;
  #held = '';
  #state: 'starting' | 'running' | 'ended' = 'starting';

  constructor(mark: string) {
    this.#mark = mark;
  }

  show(text: string): Shown {
    this.#held += text;
    switch (this.#state) {
      case 'starting':
        return this.#begin();
      case 'running':
        return this.#go({});
      case 'ended':
        return { text: '', isOver: this.#isOver() };
      default:
        return this.#state satisfies never;
    }
  }

  #begin(): Shown {
    const first = this.#held.charAt(0);
    if (first !== '' && first !== 'r') {
      return { text: '', end: { notStarted: first }, isOver: true };
    }
    const match = new RegExp(`${this.#mark} (\\d+)\r?\n`).exec(this.#held);
    if (match === null) return { text: '', isOver: this.#isOver() };
    this.#state = 'running';
    this.#held = this.#held.slice(match.index + match[0].length);
    return this.#go({ leader: match[1] });
  }

  #go(more: Pick<Shown, 'leader'>): Shown {
    const isOver = this.#isOver();
    const match = new RegExp(`${this.#mark}=(\\d+)\r?\n`).exec(this.#held);
    if (match === null) return { ...more, text: this.#take(this.#startOfMark()), isOver };
    this.#state = 'ended';
    return { ...more, text: this.#take(match.index), end: { rc: Number(match[1]) }, isOver };
  }

  #isOver(): boolean {
    return this.#held.endsWith(`${this.#mark}.`);
  }

  #take(length: number): string {
    const text = this.#held.slice(0, length);
    this.#held = this.#held.slice(length);
    return text;
  }

  /** Where the mark may have begun. */
  #startOfMark(): number {
    const at = this.#held.indexOf(this.#mark);
    if (at >= 0) return at;
    const { length } = this.#held;
    for (let size = Math.min(this.#mark.length - 1, length); size > 0; size--) {
      if (this.#mark.startsWith(this.#held.slice(length - size))) return length - size;
    }
    return length;
  }
}

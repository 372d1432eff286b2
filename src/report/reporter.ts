/** The contract of a reporter: it reads the run's events, in order, and writes somewhere. It never answers back. */
import type { RunEvent } from '../core/events.ts';

export interface Reporter {
  handle(event: RunEvent): void;
  /** Called once after the last event; resolves when everything is written. */
  close(): Promise<void>;
}

/** Where text output goes. A stream of Node fits; tests give an array-backed one. */
export interface Output {
  write(text: string): void;
  /** Whether colours may be used. */
  readonly hasColors: boolean;
  /** Width in columns; undefined when it is no terminal. */
  readonly columns: number | undefined;
}

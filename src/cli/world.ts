/** What a command may use of the process it runs in. `main.ts` makes the real one, tests their own. */
import type { PromptOptions } from '../modules/controller.ts';
import type { Output } from '../report/reporter.ts';

export interface World {
  readonly cwd: string;
  readonly home: string;
  /** Name of the user who runs drover. */
  readonly userName: string;
  readonly processId: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Asks the user; undefined when there is no terminal to ask on. */
  readonly prompt: (text: string, options: PromptOptions) => Promise<string | undefined>;
  /** Bytes to standard output, as they are. */
  readonly writeBytes: (bytes: Uint8Array) => void;
  /** All of standard input. */
  readonly readStdin: () => Promise<Buffer>;
  readonly now: () => Date;
  /** Absent where the process belongs to somebody else. */
  readonly heap?: Heap;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

/** Is told what comes next, as parts of a run use memory in different ways. */
export interface Heap {
  /** The program is loaded. Content comes next, and may be large. */
  contentNext(): void;
  /** Content is loaded. */
  hostsNext(count: number): void;
}

/** Exit codes, as `ansible-playbook` has them. */
export const EXIT = {
  ok: 0,
  content: 1,
  failed: 2,
  unreachable: 4,
  /** A file that is no YAML. */
  syntax: 4,
  usage: 1,
  interrupted: 99,
} as const;

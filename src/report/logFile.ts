/** The file of `log_path`: what a run tells people, kept for those who look later. */
import { appendFileSync } from 'node:fs';
import type { Output } from './reporter.ts';

export interface LogFileOptions {
  readonly path: string;
  readonly processId: number;
  readonly userName: string;
  readonly now: () => Date;
  /** Called once, when the file cannot be written: the run goes on without it. */
  readonly onFailure: (reason: string) => void;
}

/** What only the owner should read may be in it. The mode of a file that is there is its owner's business. */
const FILE_MODE = 0o600;

/**
 * Each text that is written becomes a record, in the form of Ansible's logs: `2026-11-21 15:00:08,074 p=16811 u=deploy n=drover | ok:
 * [web1]`. Further lines of it are indented, so that nothing a host says can look like a record. The file is opened for each
 * record: it may be moved away at any time, and several runs may share it.
 */
export class LogFile implements Output {
  readonly hasColors = false;
  readonly columns = undefined;
  readonly #options: LogFileOptions;
  #isBroken = false;

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  write(text: string): void {
    const told = text.replace(/^\n+/, '').trimEnd();
    if (told === '' || this.#isBroken) return;
    const { path, processId, userName, now } = this.#options;
    const head = `${timeStamp(now())} p=${processId} u=${userName} n=drover | `;
    this.#append(path, `${head}${told.replaceAll('\n', '\n  ')}\n`);
  }

  #append(path: string, record: string): void {
    try {
      appendFileSync(path, record, { mode: FILE_MODE });
    } catch (error) {
      this.#isBroken = true;
      this.#options.onFailure(error instanceof Error ? error.message : String(error));
    }
  }
}

/** In local time, as system logs are. */
function timeStamp(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${day} ${time},${String(date.getMilliseconds()).padStart(3, '0')}`;
}

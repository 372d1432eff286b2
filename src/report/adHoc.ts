/** The reporter of a single task (`drover exec`): a block or a line for each host, in the form that users of ad-hoc commands know. */
import type { Warning } from '../core/errors.ts';
import type { HostTask, Outcome, RunEvent } from '../core/events.ts';
import type { ResultData } from '../core/results.ts';
import { neutralised } from '../core/terminalText.ts';
import { type Colors, colorsFor } from './colors.ts';
import { diffText } from './diffText.ts';
import type { Output, Reporter } from './reporter.ts';
import { fullText, jsonText } from './resultText.ts';

export interface AdHocOptions {
  readonly output: Output;
  /** Warnings and messages. */
  readonly errors: Output;
  /** `-o`: each result on one line. */
  readonly isOneLine: boolean;
  readonly describeWarning: (warning: Warning) => string;
}

type Finished = HostTask & Outcome;

/** Modules whose result is what a program wrote. */
const PROGRAMS = /(^|\.)(command|shell|raw|script)$/;

export class AdHocReporter implements Reporter {
  readonly #options: AdHocOptions;
  readonly #colors: Colors;
  readonly #told = new Set<string>();

  constructor(options: AdHocOptions) {
    this.#options = options;
    this.#colors = colorsFor(options.output.hasColors);
  }

  handle(event: RunEvent): void {
    switch (event.type) {
      case 'hostFinished':
        this.#finished(event);
        break;
      case 'warning':
        this.#once(this.#options.describeWarning(event.warning));
        break;
      case 'message':
        this.#options.errors.write(neutralised(`${event.text}\n`));
        break;
      case 'noHostsMatched':
        this.#once('no hosts matched, there is nothing to do');
        break;
      default:
        break;
    }
  }

  async close(): Promise<void> {}

  #finished(event: Finished): void {
    for (const diff of event.diffs) this.#line(this.#colors.diff(diffText(diff)));
    this.#line(this.#paint(event)(neutralised(this.#text(event))));
    const { result } = event;
    if (result.status !== 'failed' && result.status !== 'unreachable') return;
    const { hint } = result.error;
    if (hint !== undefined) this.#once(`hint: ${hint}`);
  }

  #text(event: Finished): string {
    const { result, registered, host, task } = event;
    const { isOneLine } = this.#options;
    if (result.status === 'skipped') return `${host} | SKIPPED`;
    const told = toldOf(task.module, registered);
    const isProgram = PROGRAMS.test(task.module) && 'rc' in told && !('ansible_job_id' in told);
    if (isProgram && !isOneLine) return programText(host, caption(event), told);
    if (isProgram && result.status !== 'failed') return programLine(host, caption(event), told);
    const isLost = result.status === 'failed' || result.status === 'unreachable';
    const head = `${host} | ${caption(event)}${isLost ? '!' : ''} => `;
    return head + (isOneLine ? jsonText(told) : fullText(told, 4));
  }

  #paint({ result, registered }: Finished): (text: string) => string {
    const { ok, changed, skipped, failed, unreachable } = this.#colors;
    if (result.status === 'skipped') return skipped;
    if (result.status === 'failed') return failed;
    if (result.status === 'unreachable') return unreachable;
    return registered['changed'] === true ? changed : ok;
  }

  #once(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#options.errors.write(`${this.#colors.note(neutralised(text))}\n`);
  }

  #line(text: string): void {
    this.#options.output.write(`${text}\n`);
  }
}

function caption({ result, registered }: Outcome): string {
  if (result.status === 'failed') return 'FAILED';
  if (result.status === 'unreachable') return 'UNREACHABLE';
  return registered['changed'] === true ? 'CHANGED' : 'SUCCESS';
}

/** What is shown of a result; that a `debug` changed nothing goes without saying. */
function toldOf(module: string, registered: ResultData): ResultData {
  const { failed: _failed, diff: _diff, ...told } = registered;
  if (!/(^|\.)debug$/.test(module)) return told;
  const { changed: _changed, ...rest } = told;
  return rest;
}

function programText(host: string, word: string, told: ResultData): string {
  const { rc, stdout, stderr, msg } = told;
  const parts = [stdout, stderr, msg].map((part) => String(part ?? '').replace(/\n$/, ''));
  return [`${host} | ${word} | rc=${rc} >>`, ...parts.filter((part) => part !== '')].join('\n');
}

function programLine(host: string, word: string, { rc, stdout, stderr }: ResultData): string {
  const [out, error] = [stdout, stderr].map((part) =>
    String(part ?? '')
      .trimEnd()
      .replaceAll('\n', '\\n')
      .replaceAll('\r', '\\r'),
  );
  const more = error === '' ? '' : ` (stderr) ${error}`;
  return `${host} | ${word} | rc=${rc} | (stdout) ${out}${more}`;
}

/** The reporter for people: the output that playbook users know, with positions and hints under what failed. */
import type { DroverError, Warning } from '../core/errors.ts';
import type { HostTask, Outcome, RunEvent, TaskRef } from '../core/events.ts';
import { formatSource } from '../core/source.ts';
import { neutralised } from '../core/terminalText.ts';
import { type Colors, colorsFor, type Paint } from './colors.ts';
import { diffText } from './diffText.ts';
import { pythonText } from './pythonText.ts';
import { recapLines } from './recap.ts';
import type { Output, Reporter } from './reporter.ts';
import { failureText, fullText, jsonText } from './resultText.ts';

export interface TerminalOptions {
  readonly output: Output;
  /** Warnings and messages; usually standard error. */
  readonly errors: Output;
  readonly verbosity: number;
  readonly showsSkipped: boolean;
  /** Draws an error with its code frame, and without its message when that was told already. */
  readonly describeError: (error: DroverError, isTold: boolean) => string;
  readonly describeWarning: (warning: Warning) => string;
}

type ItemEvent = Extract<RunEvent, { type: 'itemFinished' }>;
type HostEvent = Extract<RunEvent, { type: 'hostFinished' }>;

const MIN_BANNER = 79;
const plain: Paint = (text) => text;

export class TerminalReporter implements Reporter {
  readonly #options: TerminalOptions;
  readonly #colors: Colors;
  readonly #warned = new Set<string>();
  readonly #explained = new Set<string>();
  #isCheckMode = false;
  /** The task whose banner stands above what is written next. */
  #shownTask: string | undefined;

  constructor(options: TerminalOptions) {
    this.#options = options;
    this.#colors = colorsFor(options.output.hasColors);
  }

  handle(event: RunEvent): void {
    if (tellsOfTask(event) && event.task.id !== this.#shownTask) this.#task(event.task);
    switch (event.type) {
      case 'runStarted':
        this.#isCheckMode = event.checkMode;
        break;
      case 'playbookStarted':
        this.#playbook(event);
        break;
      case 'playStarted':
        this.#banner(`PLAY [${event.play.name}]${this.#isCheckMode ? ' [CHECK MODE]' : ''}`);
        break;
      case 'noHostsMatched':
        this.#line('skipping: no hosts matched', this.#colors.skipped);
        break;
      case 'noHostsLeft':
        this.#banner('NO MORE HOSTS LEFT');
        break;
      case 'taskStarted':
        this.#task(event.task);
        break;
      case 'itemFinished':
        this.#item(event);
        break;
      case 'hostFinished':
        this.#host(event);
        break;
      case 'retrying':
        this.#line(
          `FAILED - RETRYING: [${where(event)}]: ${event.task.name} (${event.retriesLeft} retries left).`,
          this.#colors.note,
        );
        break;
      case 'included':
        this.#included(event);
        break;
      case 'notified':
        if (this.#options.verbosity >= 2)
          this.#line(`NOTIFIED HANDLER ${event.handler} for ${event.host}`);
        break;
      case 'meta':
        this.#meta(event);
        break;
      case 'warning':
        this.#warning(event.warning);
        break;
      case 'message':
        this.#message(event);
        break;
      case 'waiting':
        this.#waiting(event);
        break;
      case 'recap':
        this.#recap(event);
        break;
      case 'hostStarted':
        break;
      default:
        event satisfies never;
    }
  }

  async close(): Promise<void> {}

  #playbook({ file, plays }: Extract<RunEvent, { type: 'playbookStarted' }>): void {
    if (this.#options.verbosity < 2) return;
    this.#banner(`PLAYBOOK: ${file.replace(/^.*\//, '')}`);
    this.#line(`${plays} plays in ${file}`);
  }

  #task(task: TaskRef): void {
    this.#shownTask = task.id;
    const kind = task.kind === 'handler' ? 'RUNNING HANDLER' : 'TASK';
    const role = task.role === undefined ? '' : `${task.role} : `;
    this.#banner(`${kind} [${role}${task.name}]`);
    if (this.#options.verbosity >= 2) this.#line(`task path: ${formatSource(task.source)}`);
  }

  #item(event: ItemEvent): void {
    this.#diffs(event);
    const item = `(item=${pythonText(event.label)})`;
    const { status } = event.result;
    if (status === 'failed') {
      this.#line(
        `failed: [${where(event)}] ${item} => ${failureText(event.registered)}`,
        this.#colors.failed,
      );
      this.#explain(event);
      return;
    }
    if (status === 'skipped' && !this.#options.showsSkipped) return;
    this.#line(
      `${verb(event)}: [${where(event)}] => ${item}${this.#detail(event)}`,
      this.#paint(event),
    );
  }

  #host(event: HostEvent): void {
    const { status } = event.result;
    if (event.isLoop && status !== 'skipped' && status !== 'unreachable') {
      if (event.ignored) this.#line('...ignoring', this.#colors.skipped);
      return;
    }
    if (!event.isLoop) this.#diffs(event);
    if (status === 'failed' || status === 'unreachable') this.#fatal(event);
    else if (status !== 'skipped' || this.#options.showsSkipped) {
      this.#line(`${verb(event)}: [${where(event)}]${this.#detail(event)}`, this.#paint(event));
    }
  }

  #fatal(event: HostEvent): void {
    const { failed, unreachable } = this.#colors;
    const isLost = event.result.status === 'unreachable';
    const word = isLost ? 'UNREACHABLE!' : 'FAILED!';
    const text = `fatal: [${where(event)}]: ${word} => ${failureText(event.registered)}`;
    this.#line(text, isLost ? unreachable : failed);
    this.#explain(event);
    if (event.ignored) this.#line('...ignoring', this.#colors.skipped);
  }

  /** The code frame and hint under a failure, once for each place and message. An ignored failure needs no explanation. */
  #explain({ result, registered, ignored }: Outcome): void {
    if (result.status !== 'failed' && result.status !== 'unreachable') return;
    if (ignored || 'censored' in registered) return;
    const { source, hint, code } = result.error;
    if (source === undefined && hint === undefined) return;
    // Without a position there is only the hint to add: the message stands in the line above.
    const told =
      source === undefined
        ? `hint: ${hint}     [${code}]`
        : this.#options.describeError(result.error, isToldAbove(result.error, registered));
    const text = told.replace(/^/gm, '  ');
    if (!this.#explained.has(text)) this.#line(text);
    this.#explained.add(text);
  }

  #diffs({ diffs }: Outcome): void {
    for (const diff of diffs) this.#line(diffText(diff), this.#colors.diff);
  }

  /** ` => {…}` for `debug` always, for others with `-v`. */
  #detail(event: (ItemEvent | HostEvent) & HostTask): string {
    const isDebug =
      /(^|\.)(debug|assert)$/.test(event.task.module) && event.result.status !== 'skipped';
    if (!isDebug && this.#options.verbosity < 1) return '';
    if (!isDebug)
      return ` => ${fullText(event.registered, this.#options.verbosity >= 3 ? 4 : undefined)}`;
    const { changed, failed: _failed, ...shown } = event.registered;
    const told = withoutLoop(shown);
    if (Object.keys(told).length === 0) return '';
    const isAssert = event.task.module.endsWith('assert');
    return ` => ${jsonText(isAssert ? { changed, ...told } : told, 4)}`;
  }

  #paint(event: ItemEvent | HostEvent): (text: string) => string {
    const { ok, changed, skipped } = this.#colors;
    if (event.result.status === 'skipped') return skipped;
    return event.registered['changed'] === true ? changed : ok;
  }

  #included(event: Extract<RunEvent, { type: 'included' }>): void {
    const item = event.label === undefined ? '' : ` => (item=${pythonText(event.label)})`;
    const text = `included: ${event.file} for ${event.hosts.join(', ')}${item}`;
    this.#line(text, this.#colors.skipped);
  }

  /** A handler is always told; that of a task is the business of those who ask for details. */
  #meta({ task, action }: Extract<RunEvent, { type: 'meta' }>): void {
    if (task.kind === 'handler' && task.id !== this.#shownTask) this.#task(task);
    if (this.#options.verbosity >= 2) this.#line(`META: ${action}`);
  }

  #warning(warning: Warning): void {
    const text = this.#options.describeWarning(warning);
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.#options.errors.write(`${this.#colors.note(neutralised(text))}\n`);
  }

  #message({ text, host }: Extract<RunEvent, { type: 'message' }>): void {
    this.#options.errors.write(neutralised(`${host === undefined ? '' : `<${host}> `}${text}\n`));
  }

  #waiting({ hosts, elapsedMs }: Extract<RunEvent, { type: 'waiting' }>): void {
    const text = `waiting on ${hosts.join(', ')} (${Math.round(elapsedMs / 1000)} s)`;
    this.#options.errors.write(`${neutralised(text)}\n`);
  }

  #recap(event: Extract<RunEvent, { type: 'recap' }>): void {
    this.#banner('PLAY RECAP');
    for (const line of recapLines(event.hosts, this.#colors))
      this.#options.output.write(`${line}\n`);
    this.#line('');
    if (Object.keys(event.customStats).length === 0) return;
    this.#banner('CUSTOM STATS: ');
    for (const [host, stats] of Object.entries(event.customStats)) {
      this.#line(`\t${host === '_run' ? 'RUN' : host}: ${jsonText({ ...(stats as object) })}`);
    }
    this.#line('');
  }

  #banner(text: string): void {
    const { columns } = this.#options.output;
    const width = Math.max(MIN_BANNER, (columns ?? MIN_BANNER + 1) - 1);
    const stars = '*'.repeat(Math.max(3, width - text.length));
    this.#line(`\n${text} ${stars}`);
  }

  /** @param paint puts colours on the text once nothing in it can have any of its own */
  #line(text: string, paint: Paint = plain): void {
    this.#options.output.write(`${paint(neutralised(text))}\n`);
  }
}

/** Events that belong under the banner of their task; where hosts do not wait for each other, it is told again. */
function tellsOfTask(
  event: RunEvent,
): event is Extract<RunEvent, { type: 'itemFinished' | 'hostFinished' | 'retrying' | 'included' }> {
  return ['itemFinished', 'hostFinished', 'retrying', 'included'].includes(event.type);
}

/** Whether the result shows the playbook's own words as they are: JSON spoils those with quotes or several lines. */
function isToldAbove({ message, code }: DroverError, { msg }: Outcome['registered']): boolean {
  return OWN_WORDS.has(code) && msg === message && JSON.stringify(msg) === `"${message}"`;
}

/** `fail` and `assert`: people who wrote the message look for it once. */
const OWN_WORDS: ReadonlySet<string> = new Set(['DROVER_FAIL', 'DROVER_ASSERTION_FAILED']);

function withoutLoop(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { ansible_loop_var: variable, ansible_index_var: _index, ...rest } = data;
  return Object.fromEntries(Object.entries(rest).filter(([key]) => key !== variable));
}

function where({ host, delegatedTo }: HostTask): string {
  return delegatedTo === undefined || delegatedTo === host ? host : `${host} -> ${delegatedTo}`;
}

function verb({ result, registered }: Outcome): string {
  if (result.status === 'skipped') return 'skipping';
  return registered['changed'] === true ? 'changed' : 'ok';
}

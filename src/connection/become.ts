/**
 * Becoming another user, once per session: the login shell turns itself into `sudo`, `su` or `doas`, which turns
 * itself into the shell that the session then feeds. Passwords travel on stdin only, and only after a prompt.
 */
import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { ModuleError, UnreachableError } from '../core/errors.ts';
import { afterAwake } from './inTime.ts';
import { quoteAll } from './quote.ts';
import { wasKilled } from './session/sessionErrors.ts';
import { LOADER_WITHOUT_DOLLAR, startCommand } from './session/sessionProgram.ts';
import { withTerminal } from './terminal.ts';
import type { BecomeSettings, ExitStatus, RemoteProcess, Transport } from './transport.ts';

export interface Escalation {
  readonly settings: BecomeSettings;
  /** Inventory name, for messages. */
  readonly host: string;
  readonly shell: string;
  /** Without an answer to a password for so long the method is taken to hang. */
  readonly timeoutMs: number;
}

/**
 * A process of the host that reads as the new user; its stdin takes the line that the loader reads. A method that insists on
 * a terminal gets one.
 * @throws ModuleError `DROVER_BECOME_PASSWORD` (wrong), `DROVER_BECOME_PASSWORD_MISSING`, `DROVER_BECOME_TIMEOUT` or
 * `DROVER_BECOME_FAILED` with what the method printed; UnreachableError when somebody killed it.
 */
export async function becomeProcess(
  transport: Pick<Transport, 'exec'>,
  escalation: Escalation,
): Promise<RemoteProcess> {
  const { method, password } = escalation.settings;
  // doas takes passwords from a terminal only.
  if (method === 'doas' && password) return becomeOnTerminal(transport, escalation);
  const process = await transport.exec(startCommand(escalation.shell));
  process.stdin.on('error', () => undefined);
  try {
    const marks = newMarks();
    process.stdin.write(`exec ${becomeCommand(escalation, marks.ready, marks.prompt)}\n`);
    await converse(plainChannel(process), escalation, marks);
    return process;
  } catch (error) {
    process.kill('SIGHUP');
    if (!(error instanceof ModuleError && error.code === NEEDS_TERMINAL)) throw error;
    return becomeOnTerminal(transport, escalation);
  }
}

const LAST_WORDS_MS = 200;

/** On a terminal of its own; what goes in and out does not pass through that. */
async function becomeOnTerminal(
  transport: Pick<Transport, 'exec'>,
  escalation: Escalation,
): Promise<RemoteProcess> {
  const marks = newMarks();
  const command = becomeCommand(escalation, marks.ready, marks.prompt);
  const { process, terminal } = await withTerminal(transport, escalation.shell, command);
  try {
    // doas asks where it is sure that a person sits; sudo was told to ask on stdin.
    const asker = escalation.settings.method === 'doas' ? terminal : process;
    const reads = [process.stdout, process.stderr, terminal.stdout];
    // What it prints takes a longer way than the news of its end.
    const exit = process.exit.finally(() => delay(LAST_WORDS_MS));
    await converse({ reads, answers: asker.stdin, exit }, escalation, marks);
    terminal.stdout.resume();
    return process;
  } catch (error) {
    process.kill('SIGHUP');
    throw error;
  }
}

/** What tells our own shell and sudo's prompt from anything else that is printed. */
interface Marks {
  readonly ready: string;
  readonly prompt: string;
}

function newMarks(): Marks {
  const ready = randomBytes(16).toString('hex');
  return { ready, prompt: `drover-${randomBytes(8).toString('hex')}:` };
}

function plainChannel({ stdin, stdout, stderr, exit }: RemoteProcess): Channel {
  return { reads: [stdout, stderr], answers: stdin, exit };
}

function converse(channel: Channel, escalation: Escalation, marks: Marks): Promise<void> {
  return new Conversation(channel, escalation, marks).finished;
}

/** The command line of the method. It ends in a shell that prints `ready` and reads on. */
export function becomeCommand(escalation: Escalation, ready: string, prompt: string): string {
  const { settings, shell } = escalation;
  const inner = [shell, '-c', `printf %s ${ready}; ${LOADER_WITHOUT_DOLLAR}`];
  const executable = settings.executable ?? settings.method;
  const flags = settings.flags ?? defaultFlags(settings);
  switch (settings.method) {
    case 'sudo': {
      const ask = settings.password ? ['-S', '-p', prompt] : ['-n'];
      return quoteAll([
        executable,
        ...withoutAsking(flags),
        ...ask,
        '-u',
        settings.user,
        '--',
        ...inner,
      ]);
    }
    case 'su':
      return quoteAll([executable, ...flags, settings.user, '-s', shell, '-c', quoteAll(inner)]);
    case 'doas': {
      const ask = settings.password ? [] : ['-n'];
      return quoteAll([executable, ...flags, ...ask, '-u', settings.user, '--', ...inner]);
    }
    default:
      return settings.method satisfies never;
  }
}

function defaultFlags({ method }: BecomeSettings): readonly string[] {
  return method === 'sudo' ? ['-H'] : [];
}

/** Whether a password can be given is known here, so `-n` and `-S` of the settings do not count. */
function withoutAsking(flags: readonly string[]): string[] {
  return flags.filter((flag) => flag !== '-n' && flag !== '-S');
}

/** What sudo, sudo-rs and doas print when they may not ask. */
const WANTS_PASSWORD =
  /password is required|authentication (is )?required|terminal is required|no tty present/i;

/** `sudo` under requiretty. */
const WANTS_TERMINAL = /must have a tty/i;
/** The code of an error that never leaves this file. */
const NEEDS_TERMINAL = 'DROVER_BECOME_TERMINAL';

/** Where a method prints, and where its questions are answered. */
interface Channel {
  readonly reads: readonly Readable[];
  readonly answers: Writable;
  readonly exit: Promise<ExitStatus>;
}

/** Reads until the shell is there, and answers one prompt. */
class Conversation {
  readonly finished: Promise<void>;
  readonly #channel: Channel;
  readonly #escalation: Escalation;
  readonly #marks: Marks;
  #printed = '';
  #answered = false;
  #settle: (error?: Error) => void = () => undefined;

  constructor(channel: Channel, escalation: Escalation, marks: Marks) {
    this.#channel = channel;
    this.#escalation = escalation;
    this.#marks = marks;
    this.finished = this.#hold();
  }

  #hold(): Promise<void> {
    const { reads, exit } = this.#channel;
    const onData = (chunk: Buffer): void => {
      this.#printed = `${this.#printed}${chunk.toString()}`.slice(-16_384);
      this.#react();
    };
    for (const stream of reads) stream.on('data', onData).resume();
    return new Promise<void>((resolve, reject) => {
      const stop = afterAwake(this.#escalation.timeoutMs, () => this.#settle(this.#hangs()));
      this.#settle = (error) => {
        stop();
        for (const stream of reads) stream.off('data', onData).pause();
        if (error) reject(error);
        else resolve();
      };
      void exit.then(
        ({ code }) => this.#settle(wasKilled(code) ? this.#killed(code) : this.#refused()),
        (error: Error) => this.#settle(error),
      );
    });
  }

  #react(): void {
    if (this.#printed.includes(this.#marks.ready)) this.#settle();
    else if (this.#isAsking()) this.#answer();
  }

  #answer(): void {
    this.#printed = this.#printed.replaceAll(this.#marks.prompt, '');
    const { password, method } = this.#escalation.settings;
    if (!password) this.#settle(this.#passwordMissing());
    else if (this.#answered) this.#settle(this.#wrongPassword());
    else {
      this.#answered = true;
      this.#channel.answers.write(`${password.reveal()}\n`);
      if (method !== 'sudo') this.#printed = '';
    }
  }

  /** `sudo` prints our own marker. The others print a line of their own choosing that ends in a colon. */
  #isAsking(): boolean {
    if (this.#escalation.settings.method === 'sudo') {
      return this.#printed.includes(this.#marks.prompt);
    }
    const line = this.#printed.slice(this.#printed.lastIndexOf('\n') + 1);
    return /[:\uff1a] ?$/.test(line) && !/^(su|doas): ?$/.test(line);
  }

  /** The method ended without a shell: why, from what it printed. */
  #refused(): Error {
    const { password } = this.#escalation.settings;
    const lacksTerminal = this.#channel.reads.length < 3 && WANTS_TERMINAL.test(this.#printed);
    if (lacksTerminal) return this.#error('wants a terminal', NEEDS_TERMINAL);
    if (!password && WANTS_PASSWORD.test(this.#printed)) return this.#passwordMissing();
    const isForbidden = /not in the sudoers|not allowed|not permitted/i.test(this.#printed);
    if (this.#answered && !isForbidden) return this.#wrongPassword();
    return this.#error('failed', 'DROVER_BECOME_FAILED');
  }

  /** Nobody refused anything: asked again, it may well succeed. */
  #killed(code: number): Error {
    const { settings, host } = this.#escalation;
    return new UnreachableError(
      `${settings.method} to ${settings.user} on ${host} was killed (exit code ${code}) before its shell began`,
      { code: 'DROVER_SESSION_LOST' },
    );
  }

  #wrongPassword(): Error {
    return this.#error('refused the password', 'DROVER_BECOME_PASSWORD', {
      hint: 'is ansible_become_password, or what -K was told, right?',
    });
  }

  #passwordMissing(): Error {
    return this.#error('asks for a password and none was given', 'DROVER_BECOME_PASSWORD_MISSING', {
      hint: 'give it with -K (--ask-become-pass) or as ansible_become_password',
    });
  }

  #hangs(): Error {
    const seconds = this.#escalation.timeoutMs / 1000;
    return this.#error(`gave no shell within ${seconds} s`, 'DROVER_BECOME_TIMEOUT');
  }

  #error(what: string, code: string, more: { hint?: string } = {}): Error {
    const { settings, host } = this.#escalation;
    const printed = this.#printed.trim();
    const said = printed === '' ? '' : `: ${printed}`;
    const message = `${settings.method} to ${settings.user} on ${host} ${what}${said}`;
    return new ModuleError(message, { code, ...more });
  }
}

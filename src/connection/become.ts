/**
 * Becoming another user, once per session: the login shell turns itself into `sudo`, `su` or `doas`, which turns
 * itself into the shell that the session then feeds. Passwords travel on stdin only, and only after a prompt.
 */
import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { ModuleError } from '../core/errors.ts';
import { quoteAll } from './quote.ts';
import { LOADER_WITHOUT_DOLLAR } from './sessionProgram.ts';
import type { BecomeSettings, RemoteProcess } from './transport.ts';

export interface Escalation {
  readonly settings: BecomeSettings;
  /** Inventory name, for messages. */
  readonly host: string;
  readonly shell: string;
  /** Without an answer to a password for so long the method is taken to hang. */
  readonly timeoutMs: number;
}

/**
 * Returns when the other side reads as the new user; its stdin then takes the line that the loader reads.
 * @throws ModuleError `DROVER_BECOME_PASSWORD` (wrong), `DROVER_BECOME_PASSWORD_MISSING`, `DROVER_BECOME_TIMEOUT` or
 * `DROVER_BECOME_FAILED` with what the method printed.
 */
export async function escalate(process: RemoteProcess, escalation: Escalation): Promise<void> {
  const ready = randomBytes(16).toString('hex');
  const prompt = `drover-${randomBytes(8).toString('hex')}:`;
  const conversation = new Conversation(process, escalation, { ready, prompt });
  process.stdin.write(`exec ${becomeCommand(escalation, ready, prompt)}\n`);
  await conversation.finished;
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

/** Reads both streams until the shell is there, and answers one prompt. */
class Conversation {
  readonly finished: Promise<void>;
  readonly #process: RemoteProcess;
  readonly #escalation: Escalation;
  readonly #marks: { readonly ready: string; readonly prompt: string };
  #printed = '';
  #answered = false;
  #settle: (error?: Error) => void = () => undefined;

  constructor(
    process: RemoteProcess,
    escalation: Escalation,
    marks: { readonly ready: string; readonly prompt: string },
  ) {
    this.#process = process;
    this.#escalation = escalation;
    this.#marks = marks;
    this.finished = this.#hold();
  }

  #hold(): Promise<void> {
    const { stdout, stderr, exit } = this.#process;
    const onOut = this.#reader(stdout);
    const onErr = this.#reader(stderr);
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(this.#hangs()), this.#escalation.timeoutMs);
      this.#settle = (error) => {
        clearTimeout(timer);
        stdout.off('data', onOut).pause();
        stderr.off('data', onErr).pause();
        if (error) reject(error);
        else resolve();
      };
      void exit.then(
        () => this.#settle(this.#refused()),
        (error: Error) => this.#settle(error),
      );
    });
  }

  #reader(stream: Readable): (chunk: Buffer) => void {
    const onData = (chunk: Buffer): void => {
      this.#printed = `${this.#printed}${chunk.toString()}`.slice(-16_384);
      this.#react();
    };
    stream.on('data', onData);
    return onData;
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
      this.#process.stdin.write(`${password.reveal()}\n`);
      if (method !== 'sudo') this.#printed = '';
    }
  }

  /** `sudo` prints our own marker. The others print a line of their own choosing that ends in a colon. */
  #isAsking(): boolean {
    if (this.#escalation.settings.method === 'sudo') {
      return this.#printed.includes(this.#marks.prompt);
    }
    const line = this.#printed.slice(this.#printed.lastIndexOf('\n') + 1);
    return /[:：] ?$/.test(line) && !/^(su|doas): ?$/.test(line);
  }

  /** The method ended without a shell: why, from what it printed. */
  #refused(): Error {
    const { method, password } = this.#escalation.settings;
    if (!password && WANTS_PASSWORD.test(this.#printed)) return this.#passwordMissing();
    const isForbidden = /not in the sudoers|not allowed|not permitted/i.test(this.#printed);
    if (this.#answered && !isForbidden) return this.#wrongPassword();
    if (method === 'doas' && password && !isForbidden) {
      return this.#error('takes passwords from a terminal only', 'DROVER_BECOME_FAILED', {
        hint: 'allow it without one ("permit nopass" in doas.conf), or use sudo',
      });
    }
    return this.#error('failed', 'DROVER_BECOME_FAILED');
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

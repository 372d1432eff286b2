/**
 * The shell sessions of one user on one host. Requests that come one after the other share one session; those that
 * come at once (a delegate of many hosts) get up to four, then they queue: sshd allows ten channels per connection.
 */

import type { Transport } from '../transport.ts';
import { endRequest } from './processTree.ts';
import type { SessionRequest, SessionResult } from './shellSession.ts';
import { type SessionOptions, ShellSession } from './shellSession.ts';

const MAX_PARALLEL = 4;
/** Sessions whose output a background process still holds; beyond these the oldest is closed. */
const MAX_HELD = 3;
/** How long after a request's end its pipes may take to close before a process counts as left behind. */
const RELEASE_MS = 100;

/** How long a host may take to list and end processes; it has two seconds between TERM and KILL in that. */
const INTERRUPT_MS = 10_000;

export type SessionSettings = Omit<SessionOptions, 'interrupt'>;

export class Sessions {
  /** By script: what the user's host has said that does not change while it is the same login. */
  readonly constants = new Map<string, string>();
  readonly #transport: () => Promise<Transport>;
  readonly #settings: SessionSettings;
  readonly #idle: ShellSession[] = [];
  readonly #held: ShellSession[] = [];
  readonly #all = new Set<ShellSession>();
  readonly #waiting: (() => void)[] = [];
  #inUse = 0;
  #releasing = 0;

  constructor(transport: () => Promise<Transport>, settings: SessionSettings) {
    this.#transport = transport;
    this.#settings = settings;
  }

  /** Runs `request` in a free session; opens or reopens one where needed. Rejects as `ShellSession.run` does. */
  async run(request: SessionRequest): Promise<SessionResult> {
    const session = await this.#take();
    try {
      return await session.run(request);
    } finally {
      this.#giveBack(session);
    }
  }

  close(): void {
    for (const session of this.#all) session.close();
    this.#all.clear();
    this.#idle.length = 0;
    this.#held.length = 0;
  }

  async #take(): Promise<ShellSession> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle?.isOpen) {
        this.#inUse++;
        return idle;
      }
      if (idle) this.#all.delete(idle);
      else if (this.#releasing === 0 && this.#inUse < MAX_PARALLEL) return this.#openNew();
      else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async #openNew(): Promise<ShellSession> {
    this.#inUse++;
    try {
      const session = await this.#open();
      this.#all.add(session);
      return session;
    } catch (error) {
      this.#inUse--;
      this.#wakeNext();
      throw error;
    }
  }

  async #open(
    interrupt = (sessionPid: number): Promise<void> => this.#interrupt(sessionPid),
  ): Promise<ShellSession> {
    return ShellSession.open(await this.#transport(), { ...this.#settings, interrupt });
  }

  async #interrupt(sessionPid: number): Promise<void> {
    const control = await this.#open(endsItself);
    // A host that does not answer here either must not hold the run: whoever interrupts gives the session up then.
    const timer = setTimeout(() => control.close(), INTERRUPT_MS);
    try {
      await endRequest(control, sessionPid);
    } finally {
      clearTimeout(timer);
      control.close();
    }
  }

  #giveBack(session: ShellSession): void {
    this.#inUse--;
    if (!session.isOpen) this.#all.delete(session);
    else if (session.isReleased) this.#idle.push(session);
    else this.#waitForRelease(session);
    this.#wakeNext();
  }

  #waitForRelease(session: ShellSession): void {
    this.#releasing++;
    const timer = setTimeout(() => this.#hold(session), RELEASE_MS);
    const settle = (): void => {
      clearTimeout(timer);
      const at = this.#held.indexOf(session);
      if (at >= 0) this.#held.splice(at, 1);
      else this.#releasing--;
      if (session.isOpen) this.#idle.push(session);
      this.#wakeNext();
    };
    session.released.then(settle, settle);
  }

  #hold(session: ShellSession): void {
    this.#releasing--;
    this.#held.push(session);
    if (this.#held.length > MAX_HELD) this.#held[0]?.close();
    this.#wakeNext();
  }

  #wakeNext(): void {
    this.#waiting.shift()?.();
  }
}

/** For a session that ends others: were a further one asked for each that does not behave, a hostile host would get any number. */
function endsItself(): Promise<void> {
  return Promise.reject(new Error('a control session is closed, not interrupted'));
}

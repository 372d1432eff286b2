/**
 * The wire between the runner and one host's sshd, in our hands: it can be cut, fall silent, be slow, and tell when a
 * request passes. The kernels that these tests meet have no netem, so the slow link is made here too.
 */
import { createServer, type Server, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** Smaller ones are keepalives and window adjustments: a request has two random keys in it. */
const REQUEST_BYTES = 120;

export interface Slowness {
  /** One way, in milliseconds. */
  readonly delayMs: number;
  /** Share of the pieces that come this much later, as a lost packet that is sent again does. */
  readonly loss: number;
  readonly resentAfterMs: number;
}

interface Alarm {
  /** Requests that still pass. */
  left: number;
  readonly ring: () => void;
}

interface Wire {
  readonly runner: Socket;
  readonly host: Socket;
}

export class Relay {
  readonly #target: { readonly host: string; readonly port: number };
  readonly #server: Server;
  readonly #wires = new Set<Wire>();
  #isSilent = false;
  #slowness: Slowness | undefined;
  #alarm: Alarm | undefined;
  /** Answers wait for this. */
  #hold: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;
  #hasAnswered = true;
  #requests = 0;

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target;
    this.#server = createServer((runner) => this.#accept(runner));
  }

  static async to(host: string, port: number): Promise<Relay> {
    const relay = new Relay({ host, port });
    await new Promise<void>((resolve) => relay.#server.listen(0, '127.0.0.1', resolve));
    return relay;
  }

  /** Where the runner connects to, on 127.0.0.1. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  /** How often the runner spoke after the host did: the round trips so far. */
  get requests(): number {
    return this.#requests;
  }

  /** Resolves when the n-th request from now on is on its way. No answer passes from then on, until `release`. */
  nthRequest(n: number): Promise<void> {
    return new Promise((resolve) => {
      const ring = (): void => {
        this.#alarm = undefined;
        this.#hold = new Promise((release) => {
          this.#release = release;
        });
        resolve();
      };
      this.#alarm = { left: n, ring };
    });
  }

  /** Answers pass again; an alarm that has not rung will not. */
  release(): void {
    this.#alarm = undefined;
    this.#release();
  }

  /** A TCP reset on both sides. New connections are taken. */
  reset(): void {
    for (const { runner, host } of this.#wires) {
      runner.resetAndDestroy();
      host.resetAndDestroy();
    }
  }

  /** Nothing passes any more, and nobody is told. New connections are taken, and get no answer. */
  silence(): void {
    this.#isSilent = true;
  }

  slowDown(slowness: Slowness): void {
    this.#slowness = slowness;
  }

  /** As at first. Who spoke into the silence learns now that the other side is gone, as TCP does. */
  heal(): void {
    if (this.#isSilent) this.reset();
    this.#isSilent = false;
    this.#slowness = undefined;
    this.release();
  }

  async stop(): Promise<void> {
    this.reset();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #accept(runner: Socket): void {
    const host = new Socket().connect(this.#target);
    const wire = { runner, host };
    this.#wires.add(wire);
    runner.setNoDelay(true);
    host.setNoDelay(true);
    this.#pass(runner, host, (chunk) => this.#asked(chunk));
    this.#pass(host, runner, (chunk) => this.#answered(chunk));
    const forget = (): void => {
      if (runner.closed && host.closed) this.#wires.delete(wire);
    };
    runner.once('close', forget);
    host.once('close', forget);
  }

  /** Bytes go on in their order, one piece after the other; the end, too. */
  #pass(from: Socket, to: Socket, before: (chunk: Buffer) => Promise<void> | undefined): void {
    let last: Promise<void> = Promise.resolve();
    const next = (work: () => void, wait?: Promise<void>): void => {
      const due = Promise.all([last, wait, this.#journey()]);
      last = due.then(() => (this.#isSilent ? undefined : work()));
    };
    from.on('data', (chunk) => {
      if (this.#isSilent) return;
      const write = (): void => {
        if (to.destroyed || to.write(chunk) || from.isPaused()) return;
        from.pause();
        to.once('drain', () => from.resume());
      };
      next(write, before(chunk));
    });
    from.on('error', () => undefined);
    from.on('close', (isError) => next(() => (isError ? to.resetAndDestroy() : to.destroySoon())));
  }

  async #journey(): Promise<void> {
    if (this.#slowness === undefined) return;
    const { delayMs, loss, resentAfterMs } = this.#slowness;
    await delay(delayMs + (Math.random() < loss ? resentAfterMs : 0));
  }

  #asked(chunk: Buffer): undefined {
    if (chunk.length < REQUEST_BYTES || !this.#hasAnswered) return;
    this.#hasAnswered = false;
    this.#requests += 1;
    if (this.#alarm === undefined) return;
    this.#alarm.left -= 1;
    if (this.#alarm.left <= 0) this.#alarm.ring();
  }

  #answered(_chunk: Buffer): Promise<void> {
    this.#hasAnswered = true;
    return this.#hold;
  }
}

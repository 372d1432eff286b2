/**
 * A process of simulated hosts: an SSH server in which every login is a host of its own whose shell says yes to each request.
 * It speaks the shell session's side of the host (`src/connection/session/sessionProgram.ts`) and starts nothing, so that what is
 * measured is the controller. Tells its port to the parent.
 */
import ssh2, { type Connection, type ServerChannel } from 'ssh2';

const { private: hostKey } = ssh2.utils.generateKeyPairSync('ed25519');
const server = new ssh2.Server({ hostKeys: [hostKey] }, serve);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
process.on('disconnect', () => process.exit());

function serve(client: Connection): void {
  client.on('error', () => undefined);
  client.on('authentication', (context) => context.accept());
  client.on('session', (accept) => {
    accept().on('exec', (acceptExec) => new SimulatedShell(acceptExec()));
  });
}

class SimulatedShell {
  readonly #channel: ServerChannel;
  #pending = Buffer.alloc(0);
  #isStarted = false;

  constructor(channel: ServerChannel) {
    this.#channel = channel;
    channel.on('data', (chunk: Buffer) => this.#take(chunk));
    channel.on('end', () => {
      channel.exit(0);
      channel.end();
    });
  }

  #take(chunk: Buffer): void {
    this.#pending = Buffer.concat([this.#pending, chunk]);
    for (let size = this.#next(); size > 0; size = this.#next()) {
      this.#pending = this.#pending.subarray(size);
    }
  }

  /** Answers the first whole request and gives its size in bytes; 0 when none has arrived whole. */
  #next(): number {
    const headEnd = this.#pending.indexOf('\n') + 1;
    if (headEnd === 0) return 0;
    const head = this.#pending.subarray(0, headEnd).toString().trimEnd();
    if (!this.#isStarted) return this.#greet(head, headEnd);
    const [, kind = '', first = '', script = '', last = '', stdin = '', nonce = ''] =
      head.split(' ');
    const texts = [first, script.split('=')[1] ?? 'L0', last];
    const textEnd = texts.reduce(
      (end, size) => (end < 0 ? end : endOfText(this.#pending, end, size)),
      headEnd,
    );
    const end = textEnd + (stdin === '-' ? 0 : Number(stdin));
    if (textEnd < 0 || this.#pending.length < end) return 0;
    this.#mark(nonce, '0');
    if (kind !== 'probe') this.#mark(nonce, '.');
    return end;
  }

  #greet(program: string, size: number): number {
    this.#isStarted = true;
    this.#mark(/^_key='?([0-9a-f]+)/.exec(program)?.[1] ?? '', '1');
    return size;
  }

  #mark(nonce: string, words: string): void {
    this.#channel.write(`${nonce} ${words}\n`);
    this.#channel.stderr.write(`${nonce} ${words}\n`);
  }
}

/** Where a text of `L<lines>` or `B<bytes>` ends that begins at `start`; -1 when it is not all there. */
function endOfText(bytes: Buffer, start: number, size: string): number {
  const count = Number(size.slice(1));
  if (size.startsWith('B')) return start + count;
  let end = start;
  for (let line = 0; line < count; line += 1) {
    end = bytes.indexOf('\n', end) + 1;
    if (end === 0) return -1;
  }
  return end;
}

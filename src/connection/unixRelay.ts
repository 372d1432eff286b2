/**
 * A unix-socket stream as another user than the login's, which SSH cannot forward: a program on the host, under sudo and
 * the like, carries the bytes between the socket and a channel of its own.
 */
import { Duplex, type Readable } from 'node:stream';
import { ModuleError } from '../core/errors.ts';
import { type Escalation, escalate } from './become.ts';
import { quote } from './quote.ts';
import { startCommand } from './sessionProgram.ts';
import type { RemoteProcess, Transport } from './transport.ts';

/** Prints one line — `ok`, or what is wrong — and becomes the relay. Docker's own comes first: it is there where its socket is. */
const RELAY_SCRIPT = [
  '[ -e "$1" ] || { echo "there is no $1"; exit 1; }',
  '[ -S "$1" ] || { echo "$1 is no socket"; exit 1; }',
  '[ -w "$1" ] || { echo "no permission to use $1"; exit 1; }',
  'has() { command -v "$1" >/dev/null 2>&1; }',
  'case $1 in *docker*) has docker && echo ok && exec docker -H "unix://$1" system dial-stdio;; esac',
  'has socat && echo ok && exec socat - "UNIX-CONNECT:$1"',
  'has nc && nc -h 2>&1 | grep -q -e "-U" && echo ok && exec nc -U "$1"',
  'has python3 && echo ok && exec python3 -c "$2" "$1"',
  'has perl && echo ok && exec perl -e "$3" "$1"',
  'echo "none of docker, socat, nc -U, python3 and perl is there to relay it"',
].join('; ');

const PYTHON_RELAY = `import os,socket,sys,threading
s=socket.socket(socket.AF_UNIX);s.connect(sys.argv[1])
def up():
 while True:
  b=os.read(0,65536)
  if not b: break
  s.sendall(b)
 s.shutdown(socket.SHUT_WR)
threading.Thread(target=up,daemon=True).start()
while True:
 b=s.recv(65536)
 if not b: break
 while b: b=b[os.write(1,b):]`;

const PERL_RELAY = `use IO::Socket::UNIX;$s=IO::Socket::UNIX->new(Peer=>$ARGV[0]) or die "$!\\n";
if(fork){while(sysread($s,$b,65536)){$o=0;while($o<length $b){$o+=syswrite(STDOUT,$b,length($b)-$o,$o)}}kill 15,0;}
else{while(sysread(STDIN,$b,65536)){$o=0;while($o<length $b){$o+=syswrite($s,$b,length($b)-$o,$o)}}shutdown($s,1);}`;

/** @throws ModuleError `DROVER_UNIX_SOCKET` when it cannot be opened; else as `escalate`. */
export async function openUnixRelay(
  transport: Transport,
  escalation: Escalation,
  path: string,
): Promise<Duplex> {
  const process = await transport.exec(startCommand(escalation.shell));
  process.stdin.on('error', () => undefined);
  try {
    await escalate(process, escalation);
    process.stdin.write(relayLine(path));
    const answer = await readLine(process);
    if (answer !== 'ok') throw socketError(escalation.host, answer);
    return streamOf(process, escalation.host);
  } catch (error) {
    process.kill('SIGHUP');
    throw error;
  }
}

/** One line: the programs of more lines travel as `printf` text. */
function relayLine(path: string): string {
  const program = (text: string): string => `"$(printf %b ${quote(escaped(text))})"`;
  return `set -- ${quote(path)} ${program(PYTHON_RELAY)} ${program(PERL_RELAY)}; ${RELAY_SCRIPT}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

export function socketError(host: string, message: string): ModuleError {
  return new ModuleError(`unix socket on ${host}: ${message}`, { code: 'DROVER_UNIX_SOCKET' });
}

/** The first line of stdout; what came after it stays in the stream. */
function readLine({ stdout, exit }: RemoteProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      const at = seen.indexOf('\n');
      if (at < 0) return;
      stdout.off('data', onData).pause();
      if (at + 1 < seen.length) stdout.unshift(seen.subarray(at + 1));
      resolve(seen.subarray(0, at).toString());
    };
    stdout.on('data', onData);
    stdout.resume();
    exit.then(() => resolve('the relay ended at once'), reject);
  });
}

function streamOf(process: RemoteProcess, host: string): Duplex {
  const said = lastWords(process.stderr);
  const stream = Duplex.from({ readable: process.stdout, writable: process.stdin });
  stream.once('close', () => process.kill('SIGHUP'));
  process.exit.then(
    ({ code }) => {
      if (code !== 0 && said() !== '') stream.destroy(socketError(host, said()));
    },
    (error: Error) => stream.destroy(error),
  );
  return stream;
}

function lastWords(stderr: Readable): () => string {
  let text = '';
  stderr.on('data', (chunk: Buffer) => {
    text = `${text}${chunk.toString()}`.slice(-2_000);
  });
  stderr.resume();
  return () => text.trim();
}

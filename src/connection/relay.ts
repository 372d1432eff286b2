/**
 * Streams where a transport has none of its own: to unix sockets as another user than the login's, which SSH cannot
 * forward, and out of a container. A program on the host carries the bytes between the socket and a process of ours.
 */
import { Duplex, PassThrough, type Readable, Writable } from 'node:stream';
import { ModuleError } from '../core/errors.ts';
import { becomeProcess, type Escalation } from './become.ts';
import { lastWords } from './lastWords.ts';
import { quote } from './quote.ts';
import { assignment } from './session/requestHead.ts';
import { startCommand } from './session/sessionProgram.ts';
import type { RemoteProcess, Transport } from './transport.ts';

/** Prints one line — `ok`, or what is wrong — and becomes the relay. Docker's own comes first: it is there where its socket is. */
const UNIX_SCRIPT = [
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

/** Python and perl connect before they say `ok`; the others are asked for a trial first, where they have one. */
const TCP_SCRIPT = [
  'has() { command -v "$1" >/dev/null 2>&1; }',
  'has python3 && exec python3 -c "$3" "$1" "$2"',
  'has perl && exec perl -e "$4" "$1" "$2"',
  'has nc && case $(nc -z -w 5 "$1" "$2" 2>&1 </dev/null; echo "=$?") in ' +
    '*=0|*sage*|*nvalid*|*nrecognized*) echo ok; exec nc "$1" "$2";; ' +
    '*) echo "no connection to $1 port $2"; exit 1;; esac',
  'has socat && echo ok && exec socat - "TCP:$1:$2"',
  'echo "none of python3, perl, nc and socat is there to relay $1 port $2"',
].join('; ');

/** Sends both ways between the socket `s` and stdin and stdout; each half ends by itself. */
const PYTHON_RELAY = `import os,socket,sys,threading
def unix():
 s=socket.socket(socket.AF_UNIX);s.connect(sys.argv[1]);return s
def tcp():
 try: s=socket.create_connection(sys.argv[1:3])
 except OSError as e: print("%s port %s: %s"%(sys.argv[1],sys.argv[2],e.strerror),flush=True);sys.exit(1)
 print("ok",flush=True);return s
s=tcp() if len(sys.argv)>2 else unix()
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

const PERL_RELAY = `use IO::Socket::UNIX;use IO::Socket::INET;
if(@ARGV>1){$s=IO::Socket::INET->new(PeerAddr=>$ARGV[0],PeerPort=>$ARGV[1]) or do{print "$ARGV[0] port $ARGV[1]: $!\\n";exit 1};
syswrite(STDOUT,"ok\\n")}else{$s=IO::Socket::UNIX->new(Peer=>$ARGV[0]) or die "$!\\n"}
if(fork){while(sysread($s,$b,65536)){$o=0;while($o<length $b){$o+=syswrite(STDOUT,$b,length($b)-$o,$o)}}kill 15,0;}
else{while(sysread(STDIN,$b,65536)){$o=0;while($o<length $b){$o+=syswrite($s,$b,length($b)-$o,$o)}}shutdown($s,1);}`;

/** @throws ModuleError `DROVER_UNIX_SOCKET` when it cannot be opened; else as `becomeProcess`. */
export async function openUnixRelay(
  transport: Transport,
  escalation: Escalation,
  path: string,
): Promise<Duplex> {
  const process = await becomeProcess(transport, escalation);
  return relayed(process, unixRefusal(escalation.host), unixLine(path));
}

/** As the user who logs in. @throws ModuleError `DROVER_UNIX_SOCKET`. */
export async function relayUnix(
  transport: Transport,
  { shell, host }: RelayHost,
  path: string,
): Promise<Duplex> {
  const process = await transport.exec(startCommand(shell));
  return relayed(process, unixRefusal(host), unixLine(path));
}

/** @throws ModuleError `DROVER_TCP_REFUSED` when the port does not answer, or when the host has no program for it. */
export async function relayTcp(
  transport: Transport,
  { shell, host }: RelayHost,
  address: string,
  port: number,
): Promise<Duplex> {
  const refusal: Refusal = (message) =>
    new ModuleError(`TCP from ${host}: ${message}`, { code: 'DROVER_TCP_REFUSED' });
  const process = await transport.exec(startCommand(shell));
  return relayed(process, refusal, tcpLine(address, port));
}

export interface HostProgram {
  readonly script: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** A program with stdin and stdout as one stream, which fails with what the program said on stderr when it ends badly. */
export async function openProgram(
  transport: Transport,
  host: RelayHost | Escalation,
  started: HostProgram,
): Promise<Duplex> {
  const refusal: Refusal = (message) => new ModuleError(`program on ${host.host}: ${message}`);
  const process =
    'settings' in host
      ? await becomeProcess(transport, host)
      : await transport.exec(startCommand(host.shell));
  return relayed(process, refusal, programText(started));
}

/** One line, whatever is in the arguments. */
function programText({ script, args, env = {} }: HostProgram): string {
  const exports = Object.entries(env).map((entry) => `export ${assignment(entry)};`);
  const words = [...exports, 'set --', ...args.map(quote)].join(' ');
  // Whatever is quoted is in single quotes.
  const oneLine = words.replaceAll('\n', `'"$newline"'`);
  return `${NEWLINE} ${oneLine}; echo ok; eval ${program(script)}\n`;
}

/** Sets `newline` to what no line can hold. */
const NEWLINE = `newline=$(printf '\\nx'); newline=\${newline%x};`;

export interface RelayHost {
  /** Inventory name, for messages. */
  readonly host: string;
  readonly shell: string;
}

type Refusal = (message: string) => ModuleError;

function unixRefusal(host: string): Refusal {
  return (message) => socketError(host, message);
}

/** @param line for the shell that `process` is. */
async function relayed(process: RemoteProcess, refusal: Refusal, line: string): Promise<Duplex> {
  process.stdin.on('error', () => undefined);
  try {
    process.stdin.write(line);
    const answer = await readLine(process);
    if (answer !== 'ok') throw refusal(answer);
    return streamOf(process, refusal);
  } catch (error) {
    process.kill('SIGHUP');
    throw error;
  }
}

/** One line: the programs of more lines travel as `printf` text. */
function unixLine(path: string): string {
  return `set -- ${quote(path)} ${program(PYTHON_RELAY)} ${program(PERL_RELAY)}; ${UNIX_SCRIPT}\n`;
}

function tcpLine(address: string, port: number): string {
  const words = `${quote(address)} ${port} ${program(PYTHON_RELAY)} ${program(PERL_RELAY)}`;
  return `set -- ${words}; ${TCP_SCRIPT}\n`;
}

function program(text: string): string {
  return `"$(printf %b ${quote(escaped(text))})"`;
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

/** The output of a program, also where its stream closes while others are still being told that it ended. */
function outputOf(stdout: Readable): Readable {
  const output = stdout.pipe(new PassThrough());
  stdout.once('error', (error) => output.destroy(error));
  stdout.once('close', () => {
    if (stdout.readableEnded) output.end();
    else output.destroy(new Error('the output was closed before its end'));
  });
  return output;
}

/** The input of a program, which may end without having read it: what it said before is still to be heard. */
function inputOf(stdin: Writable): Writable {
  let pending: (() => void) | undefined;
  const settle = (): void => {
    const done = pending;
    pending = undefined;
    done?.();
  };
  stdin.once('close', settle);
  return new Writable({
    write(chunk, encoding, done) {
      if (stdin.destroyed || stdin.writableEnded) return void done();
      pending = done;
      stdin.write(chunk, encoding, settle);
    },
    final(done) {
      stdin.end();
      done();
    },
  });
}

function streamOf(process: RemoteProcess, refusal: Refusal): Duplex {
  const said = lastWords(process.stderr);
  const writable = inputOf(process.stdin);
  const stream = Duplex.from({ readable: outputOf(process.stdout), writable });
  stream.once('close', () => process.kill('SIGHUP'));
  process.exit.then(
    ({ code }) => {
      if (code !== 0 && said() !== '') stream.destroy(refusal(said()));
    },
    (error: Error) => stream.destroy(error),
  );
  return stream;
}

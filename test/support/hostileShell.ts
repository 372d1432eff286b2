/**
 * A host that answers as it likes: a program that takes the place of `sh` (`ansible_shell_executable`), knows the form of the
 * shell session as well as we do, and breaks it.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Behaviour {
  /** JavaScript that greets; by default as the real program does. Sees `key`, `out`, `err` and `flood`. */
  readonly hello?: string;
  /**
   * JavaScript that answers one request, of which it sees `text`, `nonce` and `count` (of requests so far); by default: no
   * output and exit code 0. `end(code)` ends the frame, `out` and `err` print, `flood(stream, text)` prints for ever.
   */
  readonly answer?: string;
}

/** Written to `file`; every session that is opened starts it anew. */
export function hostileShell(
  file: string,
  { hello = HELLO, answer = 'end(0)' }: Behaviour,
): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `#!${process.execPath}\n${PROGRAM}`
      .replace('HELLO;', () => hello)
      .replace('ANSWER;', () => answer),
  );
  chmodSync(file, 0o755);
  return file;
}

const HELLO = "out(key + ' ' + process.pid + '\\n'); err(key + ' ' + process.pid + '\\n');";

const PROGRAM = `
const out = (text) => process.stdout.write(text);
const err = (text) => process.stderr.write(text);
function flood(stream, text) {
  const block = text.repeat(Math.ceil(65536 / text.length));
  const more = () => { while (stream.write(block)); stream.once('drain', more); };
  more();
}
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => process.exit());
let input = Buffer.alloc(0);
let key, header, count = 0;
function line() {
  const end = input.indexOf(10);
  if (end < 0) return undefined;
  const text = input.subarray(0, end).toString();
  input = input.subarray(end + 1);
  return text;
}
function begin() {
  const program = line();
  if (program === undefined) return false;
  key = /_key='?([0-9a-f]+)/.exec(program)?.[1] ?? '';
  HELLO;
  return true;
}
/** Undefined until all of the request is there. */
function request() {
  header ??= line()?.split(' ');
  if (header === undefined) return undefined;
  const [, kind, head, script, tail, stdin, nonce] = header;
  let at = 0;
  for (const size of [head, script.split('=')[1] ?? 'L0', tail]) {
    if (size[0] === 'B') at += Number(size.slice(1));
    else for (let left = Number(size.slice(1)); left > 0; left--) {
      at = input.indexOf(10, at) + 1;
      if (at === 0) return undefined;
    }
  }
  const all = at + (stdin === '-' ? 0 : Number(stdin));
  if (input.length < all) return undefined;
  const text = input.subarray(0, at).toString();
  input = input.subarray(all);
  header = undefined;
  return { kind, text, nonce };
}
function reply({ kind, text, nonce }) {
  count++;
  const end = (code) => {
    for (const print of [out, err]) print(nonce + ' ' + code + '\\n' + (kind === 'probe' ? '' : nonce + ' .\\n'));
  };
  ANSWER;
}
process.stdin.on('data', (chunk) => {
  input = Buffer.concat([input, chunk]);
  if (key === undefined && !begin()) return;
  for (let next = request(); next; next = request()) reply(next);
});
process.stdin.on('end', () => process.exit());
`;

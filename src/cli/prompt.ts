import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { ReadStream, WriteStream } from 'node:tty';

/** Asks on the terminal; without `echo` what is typed is not shown. Undefined when there is no terminal. */
export async function promptOnTerminal(
  input: ReadStream,
  output: WriteStream,
  text: string,
  { echo }: { readonly echo: boolean },
): Promise<string | undefined> {
  if (input.isTTY !== true) return undefined;
  output.write(text);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: echo ? output : silent, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('SIGINT', () => reject(new Error('interrupted')));
      lines.once('close', () => resolve(''));
    });
  } finally {
    lines.close();
    if (!echo) output.write('\n');
  }
}

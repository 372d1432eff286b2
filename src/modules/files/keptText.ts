/**
 * A text file that a module of another family keeps in order (`/etc/fstab`, `/etc/sysctl.conf`): the question to the
 * host, the change as whole texts, and the writing. Owner, mode and ACL of an existing file stay as they are.
 */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target, WriteOptions } from '../../target/target.ts';
import { script } from '../script.ts';
import { EXPAND_PATH } from './fileState.ts';

export interface KeptText {
  /** The path with `~` expanded. */
  readonly path: string;
  /** Undefined when there is no file. */
  readonly text: string | undefined;
  /** Bytes that are not UTF-8 are kept by reading them as latin1. */
  readonly encoding: 'utf8' | 'latin1';
}

export interface TextOperation {
  readonly type: 'write';
  readonly path: string;
  readonly content: Buffer;
  readonly options: WriteOptions;
}

const READ = script`
${EXPAND_PATH}
printf '%s\0' "$path"
if [ -d "$path" ]; then exit 4; fi
[ -e "$path" ] || exit 3
cat -- "$path"`;

export function keptText(path: string): Probe<KeptText> {
  return {
    script: READ,
    args: [path],
    parse({ rc, stdout, stderr }) {
      const end = stdout.indexOf(0);
      const expanded = stdout.subarray(0, end).toString();
      if (rc === 3) return { path: expanded, text: undefined, encoding: 'utf8' };
      if (rc === 4) throw new ModuleError(`${expanded} is a directory, not a file`);
      if (rc !== 0) throw new ModuleError(`cannot read ${path}: ${stderr.toString().trim()}`);
      return { path: expanded, ...decoded(stdout.subarray(end + 1)) };
    },
  };
}

function decoded(bytes: Buffer): Pick<KeptText, 'text' | 'encoding'> {
  const text = bytes.toString('utf8');
  const isUtf8 = Buffer.from(text).equals(bytes);
  return isUtf8
    ? { text, encoding: 'utf8' }
    : { text: bytes.toString('latin1'), encoding: 'latin1' };
}

/** None when the file holds `after` already, or it is undefined: then the file stays as it is. A new file gets mode 0644 unless `options` says otherwise. */
export function textChanges(
  { path, text, encoding }: KeptText,
  after: string | undefined,
  options: WriteOptions = {},
): Change<TextOperation>[] {
  if (after === undefined || text === after) return [];
  return [
    {
      what: path,
      diff: { before: text ?? '', after, beforeHeader: path, afterHeader: path },
      operation: {
        type: 'write',
        path,
        content: Buffer.from(after, encoding),
        options: { createMode: '0644', ...options },
      },
    },
  ];
}

/** Gives the path of the backup, when one was asked for and there was something to keep. */
export async function applyText(
  { path, content, options }: TextOperation,
  target: Target,
): Promise<{ readonly backup_file?: string }> {
  const { backup } = await target.writeFile(path, content, options);
  return backup === undefined ? {} : { backup_file: backup };
}

/** Lines without their ends; none for an empty text. */
export function textLines(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}

/** Each line ended with a newline. */
export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

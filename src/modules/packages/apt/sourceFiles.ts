/** All apt source files of a host, read in one round trip. */
import type { Probe } from '../../../target/probe.ts';
import { script } from '../../script.ts';

const READ = script`
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources "$1"; do
  [ -f "$file" ] || continue
  printf '\036%s\t%s\n' "$file" "$(stat -c %a "$file")"
  cat "$file"
done
`;

export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** `0644` */
  readonly mode: string;
}

export interface SourceFiles {
  readonly files: readonly SourceFile[];
}

/** The files where apt looks, and `also`. */
export function sourceFiles(also = ''): Probe<SourceFiles> {
  return { script: READ, args: [also], parse: ({ stdout }) => sourceFilesOf(stdout.toString()) };
}

export function sourceFilesOf(output: string): SourceFiles {
  const files = new Map<string, SourceFile>();
  for (const part of output.split('\x1e').slice(1)) {
    const end = part.indexOf('\n');
    const [path = '', mode = ''] = part.slice(0, end).split('\t');
    files.set(path, { path, text: part.slice(end + 1), mode: mode.padStart(4, '0') });
  }
  return { files: [...files.values()] };
}

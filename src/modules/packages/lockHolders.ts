/** Processes that hold a package manager, as the scripts of `apt` and `dnf` tell of them. */
import { linesOf } from '../scriptOutput.ts';

export interface LockHolder {
  readonly lock: string;
  readonly pid: number;
  readonly command: string;
}

export function lockHolders(sections: ReadonlyMap<string, string>): LockHolder[] {
  return linesOf(sections.get('holders')).map((line) => {
    const [lock = '', pid = '', command = ''] = line.split('\t');
    return { lock, pid: Number(pid), command: command.trim() };
  });
}

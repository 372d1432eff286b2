/** Scenarios of modules on this machine: each in check mode, for real, and again, through `converge`. */
import { execFileSync } from 'node:child_process';

/** Whether all these programs are here; says which are missing. @throws Error in CI, which has to install them. */
export function hasPrograms(...programs: readonly string[]): boolean {
  const missing = programs.filter((program) => !hasProgram(program));
  if (missing.length > 0 && process.env['CI'] !== undefined)
    throw new Error(`CI lacks ${missing.join(', ')}`);
  if (missing.length > 0) process.stderr.write(`skipped without ${missing.join(', ')}\n`);
  return missing.length === 0;
}

function hasProgram(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

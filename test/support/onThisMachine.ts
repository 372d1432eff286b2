/** What tests need from the machine they run on. */
import { execFileSync } from 'node:child_process';

/** Whether all these programs are here; says which are missing. @throws Error in CI, which has to install them. */
export function hasPrograms(...programs: readonly string[]): boolean {
  const missing = programs.filter((program) => !hasProgram(program));
  return missing.length === 0 || notHere(missing.join(', '));
}

/** The tests that need `what` are skipped, and this says so. @throws Error in CI, where nothing may be skipped. */
export function notHere(what: string): false {
  if (process.env['CI'] !== undefined) throw new Error(`CI lacks ${what}`);
  process.stderr.write(`skipped without ${what}\n`);
  return false;
}

function hasProgram(program: string): boolean {
  try {
    execFileSync('sh', ['-c', 'command -v "$1"', 'sh', program], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

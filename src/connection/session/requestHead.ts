/** What stands before the script of a request: its directory, environment and arguments as shell text of quoted words. */
import { ModuleError } from '../../core/errors.ts';
import { quote, quoteAll } from '../quote.ts';
import type { RequestKind } from './sessionProgram.ts';

export interface Circumstances {
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

/** @throws ModuleError for what no process can be given: NUL characters, or names of variables that no shell exports. */
export function requestHead(request: Circumstances, kind: RequestKind): string {
  try {
    return linesOf(request, kind).join('\n');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ModuleError(error.message, { code: 'DROVER_NUL_IN_ARGUMENT', cause: error });
  }
}

function linesOf({ args, env, cwd }: Circumstances, kind: RequestKind): string[] {
  const lines = kind === 'script' ? [ENDS_IN_ORDER] : [];
  if (cwd !== undefined) lines.push(`cd -- ${quote(cwd)} || exit`);
  const variables = Object.entries(env ?? {});
  if (variables.length > 0) lines.push(`export ${variables.map(assignment).join(' ')}`);
  lines.push(args && args.length > 0 ? `set -- ${quoteAll(args)}` : 'set --');
  return lines;
}

/**
 * Not all shells run what is trapped for EXIT when a signal ends them: scripts would leave their temporary files. PIPE comes
 * when what reads their output is killed.
 */
const ENDS_IN_ORDER = [
  ['HUP', 129],
  ['INT', 130],
  ['PIPE', 141],
  ['TERM', 143],
]
  .map(([signal, code]) => `trap 'exit ${code}' ${signal}`)
  .join('; ');

/** `NAME=value` as shell text. @throws ModuleError for a name that no shell exports. */
export function assignment([name, value]: [string, string]): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new ModuleError(`"${name}" cannot be the name of an environment variable`, {
      code: 'DROVER_ENVIRONMENT_NAME',
      hint: 'names hold letters, digits and underscores, and do not begin with a digit',
    });
  }
  return `${name}=${quote(value)}`;
}

/** A request as shell text: its directory, environment and arguments as quoted words, then the script. */
import { ModuleError } from '../core/errors.ts';
import { quote, quoteAll } from './quote.ts';
import type { RequestKind } from './sessionProgram.ts';

export interface Scripted {
  readonly script: string;
  readonly args?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
}

/** @throws ModuleError for what no process can be given: NUL characters, or names of variables that no shell exports. */
export function requestText(request: Scripted, kind: RequestKind, hasOwnGroups: boolean): string {
  try {
    return [...preamble(request, kind), body(request.script, kind, hasOwnGroups)].join('\n');
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ModuleError(error.message, { code: 'DROVER_NUL_IN_ARGUMENT', cause: error });
  }
}

function preamble({ args, env, cwd }: Scripted, kind: RequestKind): string[] {
  const lines = kind === 'script' ? ['exec 7<&-', ENDS_IN_ORDER] : [];
  if (cwd !== undefined) lines.push(`cd -- ${quote(cwd)} || exit`);
  const variables = Object.entries(env ?? {});
  if (variables.length > 0) lines.push(`export ${variables.map(assignment).join(' ')}`);
  lines.push(args && args.length > 0 ? `set -- ${quoteAll(args)}` : 'set --');
  return lines;
}

/** Not all shells run what is trapped for EXIT when a signal ends them: scripts would leave their temporary files. */
const ENDS_IN_ORDER = `trap 'exit 129' HUP; trap 'exit 130' INT; trap 'exit 143' TERM`;

function body(script: string, kind: RequestKind, hasOwnGroups: boolean): string {
  return kind === 'argv' && hasOwnGroups ? `exec setsid "$@"` : script;
}

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

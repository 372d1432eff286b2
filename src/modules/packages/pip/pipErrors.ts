import { ModuleError } from '../../../core/errors.ts';
import type { CommandOutput } from '../../scriptOutput.ts';

/** What pip says is wrong, with the way out where there is a common one. */
export function pipError(what: string, output: CommandOutput): ModuleError {
  const errors = output.stderr.match(/^(?:ERROR|error): .*$/gm) ?? [];
  const reason =
    errors[errors.length - 1]?.replace(/^(?:ERROR|error): /, '') ?? output.stderr.trim();
  const hint = output.stderr.includes('externally-managed-environment')
    ? 'install into a "virtualenv", or take the package of the distribution, or set "break_system_packages: true"'
    : undefined;
  const text = output.stderr.includes('externally-managed-environment')
    ? 'the distribution keeps its Python packages for itself (PEP 668)'
    : reason;
  return new ModuleError(`${what}: ${text}`, { data: { ...output }, hint });
}

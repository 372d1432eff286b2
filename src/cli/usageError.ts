import { LoadError } from '../core/errors.ts';

/** Flags that do not go together, or lack something. */
export function usageError(message: string, hint?: string): LoadError {
  return new LoadError(message, { code: 'DROVER_USAGE', hint });
}

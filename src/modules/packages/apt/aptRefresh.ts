/** Refreshes the package index after a change of repositories, with the same patience as `apt` has. */
import { ModuleError } from '../../../core/errors.ts';
import type { Target } from '../../../target/target.ts';
import { script } from '../../script.ts';
import { commandOutput, sectionsOf } from '../../scriptOutput.ts';
import { lockHolders } from '../lockHolders.ts';
import { commandError } from './aptErrors.ts';
import { APT_SHELL } from './aptShell.ts';

const REFRESH = script`
lock_timeout=$1 retries=$2 max_delay=$3
${APT_SHELL}
refresh_here "$retries" "$max_delay" || { report refresh; exit 0; }
section index; index_time
`;

export interface RefreshLimits {
  readonly update_cache_retries: number;
  readonly update_cache_retry_max_delay: number;
}

const LOCK_TIMEOUT_S = 60;

/** @throws ModuleError with apt-get's reason. */
export async function refreshIndex(target: Target, limits: RefreshLimits): Promise<void> {
  const { update_cache_retries, update_cache_retry_max_delay } = limits;
  const args = [LOCK_TIMEOUT_S, update_cache_retries, update_cache_retry_max_delay].map(String);
  const { rc, stdout, stderr } = await target.sh(REFRESH, { args });
  if (rc !== 0) throw new ModuleError(`apt-get update failed: ${stderr.toString().trim()}`);
  const sections = sectionsOf(stdout.toString());
  const refresh = commandOutput(sections, 'refresh');
  if (refresh !== undefined) {
    throw commandError('the package index could not be refreshed', refresh, lockHolders(sections));
  }
}

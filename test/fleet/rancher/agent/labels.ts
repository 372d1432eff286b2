/** The labels an agent gives its host (rancher.md B6). */
import type { Environment } from './environment.ts';

/** CATTLE_HOST_LABELS as a query string: the first value of a doubled key wins, no value is an empty one. */
export function createLabels(text: string | undefined): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const pair of (text ?? '').split('&')) {
    const [key = '', ...value] = pair.split('=');
    const name = decoded(key);
    if (name !== '') labels[name] ??= decoded(value.join('='));
  }
  return labels;
}

function decoded(text: string): string {
  const plain = text.replaceAll('+', ' ');
  try {
    return decodeURIComponent(plain).trim();
  } catch {
    return plain.trim();
  }
}

export interface HostVersions {
  /** E.g. `6.1.0-13-amd64`. */
  readonly kernel: string;
  /** E.g. `20.10.24+dfsg1`. */
  readonly docker: string;
}

/** `io.rancher.host.*`, and the scheduler's addresses. Versions are cut to major.minor. */
export function automaticLabels(versions: HostVersions, environment: Environment) {
  const ips = environment['CATTLE_SCHEDULER_IPS'];
  const anyRequired = environment['CATTLE_SCHEDULER_REQUIRE_ANY'];
  return {
    'io.rancher.host.linux_kernel_version': majorMinor(versions.kernel),
    'io.rancher.host.docker_version': majorMinor(versions.docker),
    'io.rancher.host.agent_image': environment['RANCHER_AGENT_IMAGE'] ?? '',
    ...(ips ? { 'io.rancher.scheduler.ips': ips } : {}),
    ...(anyRequired ? { 'io.rancher.scheduler.require_any': anyRequired } : {}),
  };
}

function majorMinor(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}

/** Who publishes the installed version of each package, from `apt-cache policy`. Tried with apt 2.6.1. */

/** The `o=` of each source, by the line that names it (`http://… bookworm/main amd64 Packages`). */
function publishers(overview: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let source = '';
  for (const line of overview.split('\n')) {
    const place = /^\s*-?\d+ (\S+ \S+ \S+ Packages)$/.exec(line)?.[1];
    const origin = /^\s+release (?:.*,)?o=([^,]*)/.exec(line)?.[1];
    if (place !== undefined) source = place;
    else if (origin !== undefined) found.set(source, origin);
  }
  return found;
}

/**
 * Origins by package name, `libc6:i386` for a foreign architecture. Empty where no source has the installed version.
 * @param overview of `apt-cache policy`. @param policy of `apt-cache policy NAME…`.
 */
export function aptOrigins(overview: string, policy: string): ReadonlyMap<string, string> {
  const known = publishers(overview);
  const origins = new Map<string, string>();
  let name = '';
  let isInstalled = false;
  for (const line of policy.split('\n')) {
    const heading = /^(\S+):$/.exec(line)?.[1];
    if (heading !== undefined) name = heading;
    else if (/^ (?:\*\*\*| {3}) \S/.test(line)) isInstalled = line.startsWith(' ***');
    else if (isInstalled && !origins.has(name)) {
      const origin = known.get(line.trim().replace(/^-?\d+ /, ''));
      if (origin !== undefined) origins.set(name, origin);
    }
  }
  return origins;
}

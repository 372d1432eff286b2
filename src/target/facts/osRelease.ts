import { assignments, type Sections } from './family.ts';

/** Where os-release(5) may be, the first first. */
export const OS_RELEASE: readonly string[] = ['/etc/os-release', '/usr/lib/os-release'];

/** What the system says it is, by names such as `ID` and `VERSION_ID`. */
export function osRelease(section: Sections): ReadonlyMap<string, string> {
  return assignments(OS_RELEASE.map(section).find((text) => text !== '') ?? '');
}

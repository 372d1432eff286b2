/** Which release wrote a database: an older server must not join it (rancher.md E1, 6). */
import { asText } from './model/json.ts';
import { Settings } from './resources/settings.ts';
import type { Store } from './store/store.ts';

const writtenBy = 'rancher.database.version';

/** Notes this release in the database. @throws Error when a newer one wrote it */
export async function claimDatabase(store: Store, version: string, now: number): Promise<void> {
  const kept = (await store.list('setting')).find((row) => row.fields['name'] === writtenBy);
  const last = asText(kept?.fields['value']);
  if (last !== undefined && compareVersions(last, version) > 0) {
    throw new Error(
      `Database was written by ${last}, this server is ${version}: refusing to downgrade`,
    );
  }
  if (last !== version) await new Settings(store, {}, version).set(writtenBy, version, now);
}

/** Orders `v1.6.30` and the like by their numbers. */
export function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => (version.match(/\d+/g) ?? []).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

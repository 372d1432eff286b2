/** Return keys that tell when, how long, or under which name that holds the time: another run has others. */
const TIME_KEYS = new Set([
  ...['start', 'end', 'delta', 'elapsed', 'backup', 'backup_file', 'cache_update_time'],
  ...['notBefore', 'notAfter'],
  ...['atime', 'mtime', 'ctime', 'birthtime', 'access_time', 'modification_time'],
]);

export function isTimeKey(key: string): boolean {
  return TIME_KEYS.has(key);
}

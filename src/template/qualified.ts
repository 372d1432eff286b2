/** Plugins under their qualified names. */

/** The table with every entry also under `namespace.name`, for each namespace. */
export function qualified<T>(
  entries: ReadonlyMap<string, T>,
  ...namespaces: readonly string[]
): ReadonlyMap<string, T> {
  const result = new Map(entries);
  for (const namespace of namespaces) {
    for (const [name, entry] of entries) result.set(`${namespace}.${name}`, entry);
  }
  return result;
}

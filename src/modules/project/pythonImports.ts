/** What a Python file imports of Ansible's library and of collections, read tolerantly from its text. */

/** `from ansible.module_utils.x import (y, z)`, `from ..module_utils import y`; the names up to the closing bracket or line's end. */
const FROM =
  /^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|((?:[^\n\\#;]|\\\r?\n)*))/gm;
const IMPORT = /^[ \t]*import[ \t]+((?:[^\n\\#;]|\\\r?\n)*)/gm;
const PACKED = /^(?:ansible\.module_utils|ansible_collections)(?:\.|$)/;

/**
 * Dotted names that may be modules: of `from a import b` both `a` and `a.b`, since `b` may be either.
 * @param packageName of the file, for relative imports: `ansible_collections.ns.coll.plugins.modules`.
 */
export function importedNames(text: string, packageName: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, origin = '', inBrackets, onLine] of text.matchAll(FROM)) {
    const base = absoluteName(origin, packageName);
    if (base === undefined) continue;
    const found = listed(inBrackets ?? onLine ?? '').map((name) => `${base}.${name}`);
    for (const name of [base, ...found]) names.add(name);
  }
  for (const [, list = ''] of text.matchAll(IMPORT))
    for (const name of listed(list)) names.add(name);
  return new Set([...names].filter((name) => PACKED.test(name)));
}

/** `..module_utils` seen from `a.b.c` is `a.b.module_utils`; undefined above the root. */
function absoluteName(origin: string, packageName: string): string | undefined {
  const dots = /^\.*/.exec(origin)?.[0].length ?? 0;
  if (dots === 0) return origin;
  const parts = packageName.split('.');
  if (dots > parts.length) return undefined;
  const base = parts.slice(0, parts.length - dots + 1);
  return [...base, ...origin.slice(dots).split('.').filter(Boolean)].join('.');
}

/** `a, b as c  # why` → `a`, `b`. */
function listed(names: string): string[] {
  return names
    .replaceAll(/#[^\n]*|\\\r?\n/g, ' ')
    .split(',')
    .map((name) => name.trim().split(/\s+/)[0] ?? '')
    .filter((name) => /^[\w.]+$/.test(name));
}

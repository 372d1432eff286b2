/** A shell pattern of a whole name: `*`, `?`, `[…]`, `[!…]`. */
export function shellPattern(pattern: string): RegExp {
  const source = pattern.replace(/\*|\?|\[(!?)([^\]]+)\]|[\\^$.+(){}|[\]]/g, (all, not, set) => {
    if (all === '*') return '[^]*';
    if (all === '?') return '[^]';
    if (set === undefined) return `\\${all}`;
    return `[${not === '!' ? '^' : ''}${String(set).replaceAll('\\', '\\\\')}]`;
  });
  return new RegExp(`^${source}$`);
}

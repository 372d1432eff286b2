/** `order` of a play: in which order its hosts work. */
export function orderedHosts(hosts: readonly string[], order: string): string[] {
  switch (order) {
    case 'sorted':
      return hosts.toSorted();
    case 'reverse_sorted':
      return hosts.toSorted().reverse();
    case 'reverse_inventory':
      return hosts.toReversed();
    case 'shuffle':
      return shuffled(hosts);
    default:
      return [...hosts];
  }
}

function shuffled(hosts: readonly string[]): string[] {
  const keyed = hosts.map((host) => ({ host, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ host }) => host);
}

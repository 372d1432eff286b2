/** The directory that a copied directory becomes: without a slash at its end, it goes into `dest` by its own name. */
export function treeRoot({ dest }: { readonly dest: string }, source: string): string {
  const base = dest.replace(/(.)\/+$/, '$1');
  return source.endsWith('/') ? base : `${base}/${source.replace(/^.*\//, '')}`;
}

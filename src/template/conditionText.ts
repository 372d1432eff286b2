/** How a condition is better written. */

/** A condition as it is written today: where all of it is one `{{ … }}`, that expression. */
export function withoutBraces(text: string): string {
  const [, inner] = /^\s*\{\{((?:(?!\{\{|\}\}|\{%)[\s\S])*)\}\}\s*$/.exec(text) ?? [];
  return inner === undefined ? 'the condition without braces' : `"${inner.trim()}"`;
}

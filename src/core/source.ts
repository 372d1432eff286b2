/** A place in a text that a user wrote. Lines and columns are 1-based; columns count UTF-16 units. */
export interface Source {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `file:line:column`, the form that editors and terminals turn into a link. */
export function formatSource({ file, line, column }: Source): string {
  return `${file}:${line}:${column}`;
}

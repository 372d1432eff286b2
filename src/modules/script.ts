/**
 * A shell script in a template literal: every backslash is the shell's own, and `\${…}` is the shell's `${…}`.
 * What is interpolated with a bare `${…}` is another piece of script, never a value of a playbook.
 */
export function script(strings: TemplateStringsArray, ...pieces: readonly string[]): string {
  return String.raw(strings, ...pieces).replaceAll('\\${', '${');
}

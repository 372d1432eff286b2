/** What the scripts of modules print: sections with a name each, and commands that they report in three of them. */

/** The parts that follow lines of a record separator and a name, byte for byte. */
export function sectionsOf(output: string): ReadonlyMap<string, string> {
  const parts = output.split('\n\x1e').slice(1);
  return new Map(
    parts.map((part) => {
      const [name = ''] = part.split('\n', 1);
      return [name, part.slice(name.length + 1)];
    }),
  );
}

export function linesOf(text: string | undefined): string[] {
  return (text ?? '').split('\n').filter((line) => line !== '');
}

export interface CommandOutput {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that a script reported under `name`; undefined when it did not run. */
export function commandOutput(
  sections: ReadonlyMap<string, string>,
  name: string,
): CommandOutput | undefined {
  const rc = sections.get(`${name}.rc`);
  if (rc === undefined) return undefined;
  return {
    rc: Number(rc),
    stdout: sections.get(`${name}.stdout`) ?? '',
    stderr: sections.get(`${name}.stderr`) ?? '',
  };
}

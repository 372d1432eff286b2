import pc from 'picocolors';

export type Paint = (text: string) => string;

/** The colours that playbook users know: green ok, yellow changed, red failed, cyan skipped. */
export interface Colors {
  readonly ok: Paint;
  readonly changed: Paint;
  readonly failed: Paint;
  readonly unreachable: Paint;
  readonly skipped: Paint;
  readonly note: Paint;
  readonly diff: Paint;
}

export function colorsFor(hasColors: boolean): Colors {
  const { green, yellow, red, redBright, cyan, magentaBright } = pc.createColors(hasColors);
  const diffLine = (line: string) =>
    line.startsWith('+')
      ? green(line)
      : line.startsWith('-')
        ? red(line)
        : line.startsWith('@')
          ? cyan(line)
          : line;
  return {
    ok: green,
    changed: yellow,
    failed: red,
    unreachable: redBright,
    skipped: cyan,
    note: magentaBright,
    diff: (text) => text.split('\n').map(diffLine).join('\n'),
  };
}

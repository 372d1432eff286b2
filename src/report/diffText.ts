/** Diffs of `--diff` as unified text. */
import { createTwoFilesPatch } from 'diff';
import type { Diff } from '../core/results.ts';
import { neutralised } from '../core/terminalText.ts';

/** Unified diff with three lines of context; data that is no text is compared as indented JSON. */
export function diffText({ before, after, beforeHeader, afterHeader }: Diff): string {
  const from = `before${beforeHeader === undefined ? '' : `: ${beforeHeader}`}`;
  const to = `after${afterHeader === undefined ? '' : `: ${afterHeader}`}`;
  const patch = createTwoFilesPatch(
    from,
    to,
    sideText(before),
    sideText(after),
    undefined,
    undefined,
    {
      context: 3,
    },
  );
  const lines = patch.split('\n').filter((line) => !line.startsWith('====='));
  return neutralised(lines.join('\n'));
}

function sideText(side: unknown): string {
  if (side === undefined || side === null || side === '') return '';
  const text = typeof side === 'string' ? side : JSON.stringify(side, undefined, 4);
  return text.endsWith('\n') ? text : `${text}\n`;
}

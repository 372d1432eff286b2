/** The `#jinja2:` line at the head of a template file, which sets delimiters and white space rules for that file. */

import { usageError } from './python/errors.ts';
import { readLiteral } from './python/literal.ts';
import type { Internal } from './python/types.ts';
import type { SyntaxOptions } from './syntax/tokens.ts';

const HEADER = '#jinja2:';

const NAMES: ReadonlyMap<string, keyof SyntaxOptions> = new Map([
  ['block_start_string', 'blockStart'],
  ['block_end_string', 'blockEnd'],
  ['variable_start_string', 'variableStart'],
  ['variable_end_string', 'variableEnd'],
  ['comment_start_string', 'commentStart'],
  ['comment_end_string', 'commentEnd'],
  ['trim_blocks', 'trimBlocks'],
  ['lstrip_blocks', 'lstripBlocks'],
  ['newline_sequence', 'newline'],
  ['keep_trailing_newline', 'keepTrailingNewline'],
]);

export interface HeadedTemplate {
  readonly syntax: SyntaxOptions;
  /** The text after the header. */
  readonly body: string;
  readonly headerLines: number;
}

/** The options of a `#jinja2: key: value, …` first line over `defaults`, and the text without that line. */
export function headerOptions(text: string, defaults: SyntaxOptions): HeadedTemplate {
  if (!text.startsWith(HEADER)) return { syntax: defaults, body: text, headerLines: 0 };
  const end = text.indexOf('\n');
  const line = text.slice(HEADER.length, end === -1 ? undefined : end);
  return {
    syntax: { ...defaults, ...syntaxOptions(headerEntries(line)) },
    body: end === -1 ? '' : text.slice(end + 1),
    headerLines: 1,
  };
}

/** Options by Jinja's names (`trim_blocks`) as ours. Names we do not know are left out. */
export function syntaxOptions(
  entries: Iterable<readonly [string, Internal]>,
): Partial<SyntaxOptions> {
  const known: [string, Internal][] = [];
  for (const [name, value] of entries) {
    const option = NAMES.get(name);
    if (option !== undefined) known.push([option, value]);
  }
  return Object.fromEntries(known);
}

function headerEntries(line: string): [string, Internal][] {
  return line.split(',').map((pair) => {
    const colon = pair.indexOf(':');
    if (colon === -1) {
      throw usageError(`#jinja2 header: expected "name: value", got "${pair.trim()}"`);
    }
    const text = pair.slice(colon + 1).trim();
    const value = readLiteral(text);
    if (value === undefined) throw usageError(`#jinja2 header: ${text} is no value`, 'quote texts');
    return [pair.slice(0, colon).trim(), value];
  });
}

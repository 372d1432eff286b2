/** Turns the library's syntax errors into ours, with a hint that fits what people get wrong in playbooks. */
import type { YAMLParseError } from 'yaml';
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';

export function syntaxError(error: YAMLParseError, text: string, source: Source): LoadError {
  const line = text.split('\n', source.line)[source.line - 1] ?? '';
  const message = `YAML syntax: ${lowerFirst(error.message)}`;
  return new LoadError(
    source.file.endsWith('.json') ? `${jsonProblem(text)}; ${message}` : message,
    {
      code: 'DROVER_YAML_SYNTAX',
      source,
      hint: hintFor(error.code, line, error.message),
    },
  );
}

const UNQUOTED_TEMPLATE = /(?:^\s*-|:)\s+\{\{/;
const QUOTED_THEN_MORE = /(?:^\s*-|:)\s+(["'])(?:(?!\1).)*\1\s*[^\s#,\]}:]/;
const KEY_WITHOUT_SPACE = /^\s*(?:- )?[A-Za-z_][\w.-]*:[^\s:/]/;

/** Lines first, because the library's code names only where it got stuck. */
function hintFor(code: string, line: string, message: string): string | undefined {
  if (code === 'TAB_AS_INDENT' || /^ *\t/.test(line)) return 'indent with spaces, not with tabs';
  if (UNQUOTED_TEMPLATE.test(line)) {
    return 'a value that begins with "{{" must be quoted as a whole: key: "{{ x }} …"';
  }
  if (message.includes('Missing closing')) return 'a quote is opened here and never closed';
  if (QUOTED_THEN_MORE.test(line)) {
    return 'a value that begins with a quote must end with it; quote the whole value';
  }
  if (KEY_WITHOUT_SPACE.test(line)) return 'put a space after the ":" of a key';
  return Object.hasOwn(HINTS, code) ? HINTS[code] : undefined;
}

const HINTS: Readonly<Record<string, string>> = {
  BAD_SCALAR_START: 'quote a value that begins with @, %, ` or another special character',
  BLOCK_AS_IMPLICIT_KEY: 'quote a value that holds ": ", or indent the line as its neighbours are',
  MISSING_CHAR:
    'a key needs a ":" and a space behind it; is the line indented as its neighbours are?',
  MULTILINE_IMPLICIT_KEY: 'a key needs a ":" and a space behind it',
  BAD_INDENT: 'indent the entries of one list or mapping by the same number of spaces',
  UNEXPECTED_TOKEN: 'is the line indented as its neighbours are?',
  BAD_DQ_ESCAPE: 'write \\\\ for a backslash in double quotes, or use single quotes',
};

/** What is wrong with a file that means to be JSON. */
function jsonProblem(text: string): string {
  try {
    JSON.parse(text);
    return 'not even JSON';
  } catch (error) {
    return `JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

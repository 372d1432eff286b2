/** Filters with regular expressions. */
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { expandReplacement, groupOf, pythonRegex, type RegexFlags } from '../python/regex.ts';
import { str } from '../python/text.ts';
import { type Internal, tupleOf } from '../python/types.ts';
import { flagOf, integerOf, textOf } from './parameters.ts';

export const regexFilters = table<Filter>({
  regex_replace: (value, args) => {
    const [pattern, replacement, ignorecase, multiline, count, mandatory] = bind(
      'regex_replace',
      args,
      'pattern',
      'replacement',
      'ignorecase',
      'multiline',
      'count',
      'mandatory_count',
    );
    const regex = pythonRegex(textOf(pattern), flags(ignorecase, multiline));
    const { text, replaced } = replace(str(value), regex, textOf(replacement), integerOf(count, 0));
    const needed = integerOf(mandatory, 0);
    if (needed > 0 && replaced !== needed) {
      throw usageError(
        `'${textOf(pattern)}' should match ${needed} times, but matches ${replaced} times`,
      );
    }
    return text;
  },
  regex_search: (value, { positional: [pattern, ...groups], keyword }) => {
    const regex = pythonRegex(
      textOf(pattern ?? keyword.get('regex')),
      flags(keyword.get('ignorecase'), keyword.get('multiline')),
    );
    const names = groups.map((group) => groupName(str(group)));
    const match = regex.exec(str(value));
    if (match === null) return null;
    return names.length === 0 ? match[0] : names.map((name) => groupOf(match, name));
  },
  regex_findall: (value, args) => {
    const [pattern, multiline, ignorecase] = bind(
      'regex_findall',
      args,
      'regex',
      'multiline',
      'ignorecase',
    );
    const regex = pythonRegex(textOf(pattern), flags(ignorecase, multiline));
    return [...str(value).matchAll(regex)].map(found);
  },
  regex_escape: (value, args) => {
    const [kind = 'python'] = bind('regex_escape', args, 're_type');
    return escaped(str(value), str(kind));
  },
});

function flags(ignorecase: Internal | undefined, multiline: Internal | undefined): RegexFlags {
  return { ignoreCase: flagOf(ignorecase), multiline: flagOf(multiline) };
}

function replace(
  text: string,
  regex: RegExp,
  template: string,
  limit: number,
): { readonly text: string; readonly replaced: number } {
  let result = '';
  let end = 0;
  let replaced = 0;
  for (const match of text.matchAll(regex)) {
    if (limit > 0 && replaced === limit) break;
    result += text.slice(end, match.index) + expandReplacement(template, match);
    end = match.index + match[0].length;
    replaced++;
  }
  return { text: result + text.slice(end), replaced };
}

/** `\g<name>` or `\1`. */
function groupName(text: string): string {
  const [, name, number] = /^\\(?:g<(\S+)>|(\d+))$/.exec(text) ?? [];
  const group = name ?? number;
  if (group === undefined)
    throw usageError(`regex_search: unknown argument "${text}"`, 'use \\\\1 or \\\\g<name>');
  return group;
}

function found(match: RegExpExecArray): Internal {
  if (match.length === 1) return match[0];
  const groups = match.slice(1).map((group) => group ?? '');
  const [only = ''] = groups;
  return groups.length === 1 ? only : tupleOf(groups);
}

function escaped(text: string, kind: string): string {
  if (kind === 'python') return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
  if (kind === 'posix_basic') return text.replace(/[\][.^$*\\]/g, '\\$&');
  const told =
    kind === 'posix_extended'
      ? `Regex type (${kind}) not yet implemented`
      : `Invalid regex type (${kind})`;
  throw usageError(told, 'python or posix_basic');
}

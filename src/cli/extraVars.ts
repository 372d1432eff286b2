/** `-e`: variables on the command line, as `key=value` words, as JSON or YAML, or `@file`. */
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import { type Node, scalarNode } from '../source/node.ts';
import { parseYaml } from '../source/yaml.ts';

const SOURCE: Source = { file: '--extra-vars', line: 1, column: 1 };

/**
 * All `-e` options merged, later ones winning.
 * @param load variables of a file. @throws LoadError for what is none of the three forms.
 */
export function extraVariables(
  options: readonly string[],
  load: (file: string) => ReadonlyMap<string, Node>,
): ReadonlyMap<string, Node> {
  return new Map(options.flatMap((option) => [...variablesOf(option.trim(), load)]));
}

function variablesOf(
  option: string,
  load: (file: string) => ReadonlyMap<string, Node>,
): Iterable<readonly [string, Node]> {
  if (option === '') return [];
  if (option.startsWith('@')) return load(option.slice(1));
  if (option.startsWith('{') || option.startsWith('[') || /^[\w-]+\s*:/.test(option)) {
    return mappingOf(option);
  }
  return wordsOf(option).map(pairOf);
}

function mappingOf(option: string): [string, Node][] {
  const { content } = parseYaml(option, SOURCE.file);
  if (content.kind !== 'mapping') throw wrongForm(option);
  return content.entries.map(({ key, value }) => [String(key.value), value]);
}

/** Words are split at white space outside of quotes; the quotes go, also inside a word. */
function wordsOf(option: string): string[] {
  const words = option.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|\{\{.*?\}\}|[^\s"'])+/gs) ?? [];
  return words.map((word) =>
    word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/gs, (_, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replace(/\\(.)/gs, '$1'),
    ),
  );
}

function pairOf(word: string): [string, Node] {
  const at = word.indexOf('=');
  if (at <= 0) throw wrongForm(word);
  return [word.slice(0, at), scalarNode(word.slice(at + 1), SOURCE)];
}

function wrongForm(text: string): LoadError {
  return new LoadError(`"${text}" gives no variables`, {
    code: 'DROVER_EXTRA_VARS',
    source: SOURCE,
    hint: 'write key=value, JSON or YAML in quotes, or @file',
  });
}

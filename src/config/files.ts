/** `ansible.cfg` and `drover.yml` → settings as written, with their places. */
import { dirname } from 'node:path';
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import type { FileSystem } from '../source/files.ts';
import type { Node, ScalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, listed, Shapes, textOfScalar } from '../source/shapes.ts';
import { parseYaml } from '../source/yaml.ts';

export interface WrittenSetting {
  /** `[defaults]`, …; undefined in `drover.yml`. */
  readonly section: string | undefined;
  readonly key: string;
  readonly value: string | readonly string[];
  readonly source: Source;
  /** The folder of the file: relative paths start there. */
  readonly baseDir: string;
}

/** @throws LoadError when the file cannot be parsed. */
export function readConfigFile(
  path: string,
  files: FileSystem,
  problems: Problems,
): readonly WrittenSetting[] {
  const text = files.readText(path);
  return /\.ya?ml$/.test(path) ? readYaml(text, path, problems) : readIni(text, path);
}

function readYaml(text: string, file: string, problems: Problems): WrittenSetting[] {
  const { content, warnings } = parseYaml(text, file);
  problems.warnings.push(...warnings);
  if (isNull(content)) return [];
  const mapping = new Shapes(problems).mapping(content, 'a file of settings');
  return (mapping?.entries ?? []).flatMap(({ key, value }) => {
    const written = writtenValue(value);
    const name = String(key.value);
    const baseDir = dirname(file);
    if (written !== undefined) {
      return [{ section: undefined, key: name, value: written, source: value.source, baseDir }];
    }
    new Shapes(problems).wrong(value, `"${name}"`, 'a single value or a list of them');
    return [];
  });
}

function writtenValue(node: Node): string | readonly string[] | undefined {
  const items = listed(node);
  const scalars = items.filter((item): item is ScalarNode => item.kind === 'scalar');
  if (scalars.length < items.length) return undefined;
  const texts = scalars.map(({ value }) => textOfScalar(value));
  return node.kind === 'sequence' ? texts : (texts[0] ?? '');
}

const SECTION = /^\[([^\]]+)\]/;
const ASSIGNMENT = /^([^=:\s][^=:]*?)\s*[=:]\s*(.*)$/;
const INLINE_COMMENT = /(?:^|\s);.*$/;

/** Python's `configparser` format: an indented line continues the value above, `;` begins a comment anywhere. */
function readIni(text: string, file: string): WrittenSetting[] {
  const settings: WrittenSetting[] = [];
  let section: string | undefined;
  for (const [index, written] of text.split(/\r?\n/).entries()) {
    const source = {
      file,
      line: index + 1,
      column: written.length - written.trimStart().length + 1,
    };
    const line = written.replace(INLINE_COMMENT, '').trimEnd();
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const last = settings.at(-1);
    const heading = SECTION.exec(line)?.[1];
    if (/^\s/.test(line) && last !== undefined) {
      settings[settings.length - 1] = { ...last, value: `${last.value}\n${line.trim()}`.trim() };
    } else if (heading !== undefined) section = heading;
    else settings.push(assignment(line.trim(), section, source));
  }
  return settings;
}

/** @throws LoadError for a line outside of a section, or without a value. */
function assignment(line: string, section: string | undefined, source: Source): WrittenSetting {
  const [, key, value] = ASSIGNMENT.exec(line) ?? [];
  if (section !== undefined && key !== undefined && value !== undefined) {
    return { section, key: key.toLowerCase(), value, source, baseDir: dirname(source.file) };
  }
  const message =
    section === undefined ? 'a setting stands before any section' : 'this is no setting';
  throw new LoadError(message, {
    code: 'DROVER_SETTINGS_SYNTAX',
    source,
    hint: 'write "key = value" under a [section]',
  });
}

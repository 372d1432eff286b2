/** INI files as Python's `configparser` reads them: `=` or `:`, continued lines, defaults for all sections. */

import { usageError } from '../python/errors.ts';

export interface IniOptions {
  readonly isCaseSensitive: boolean;
  /** Named in errors. */
  readonly file: string;
}

/** Sections with their keys (in lower case unless told otherwise) and values. @throws TemplateError for a key that stands twice in a section. */
export function readIni(
  text: string,
  { isCaseSensitive, file }: IniOptions,
): Map<string, Map<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let current = new Map<string, string>();
  let lastKey: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const header = /^\[([^\]]+)\]/.exec(line);
    if (header !== null) {
      current = sections.get(header[1] ?? '') ?? new Map();
      sections.set(header[1] ?? '', current);
      lastKey = undefined;
    } else if (/^\s/.test(line) && lastKey !== undefined) {
      current.set(lastKey, `${current.get(lastKey) ?? ''}\n${line.trim()}`);
    } else {
      const [, name = '', value] = /^\s*([^=:]*?)\s*(?:[=:]\s*(.*?)\s*)?$/.exec(line) ?? [];
      lastKey = isCaseSensitive ? name : name.toLowerCase();
      if (current.has(lastKey)) throw usageError(`Duplicate option in '${file}': ${lastKey}`);
      current.set(lastKey, value ?? '');
    }
  }
  return withDefaults(sections);
}

function withDefaults(
  sections: Map<string, Map<string, string>>,
): Map<string, Map<string, string>> {
  const defaults = sections.get('DEFAULT') ?? new Map<string, string>();
  for (const [name, values] of sections) sections.set(name, new Map([...defaults, ...values]));
  return sections;
}

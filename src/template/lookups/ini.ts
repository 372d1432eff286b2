/** INI files as Python's `configparser` reads them: `=` or `:`, continued lines, defaults for all sections. */
import { usageError } from '../python/errors.ts';

/** Values by key; null where a key stands alone. */
export type IniSection = Map<string, string | null>;

export interface IniOptions {
  readonly isCaseSensitive: boolean;
  /** Whether a key may stand alone, without `=`. */
  readonly allowsNoValue: boolean;
  /** Named in errors. */
  readonly file: string;
}

/**
 * Sections with their keys (in lower case unless told otherwise) and values.
 * @throws TemplateError for a key that stands twice in a section, or alone where it may not.
 */
export function readIni(text: string, options: IniOptions): Map<string, IniSection> {
  const sections = new Map<string, IniSection>();
  let current: IniSection = new Map();
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
      lastKey = addOption(current, line, options);
    }
  }
  return withDefaults(sections);
}

/** @returns the key. */
function addOption(
  section: IniSection,
  line: string,
  { isCaseSensitive, allowsNoValue, file }: IniOptions,
): string {
  const [, name = '', value] = /^\s*([^=:]*?)\s*(?:[=:]\s*(.*?)\s*)?$/.exec(line) ?? [];
  const key = isCaseSensitive ? name : name.toLowerCase();
  if (section.has(key)) throw usageError(`Duplicate option in '${file}': ${key}`);
  if (value === undefined && !allowsNoValue)
    throw usageError(`'${file}' has a key without a value: ${name}`, 'set allow_no_value=true');
  section.set(key, value ?? null);
  return key;
}

function withDefaults(sections: Map<string, IniSection>): Map<string, IniSection> {
  const defaults: IniSection = sections.get('DEFAULT') ?? new Map();
  for (const [name, values] of sections) sections.set(name, new Map([...defaults, ...values]));
  return sections;
}

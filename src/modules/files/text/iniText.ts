/** The text of an INI file with options set or removed: lines that nobody asked about stay as they are, byte for byte. */
import { bare, linesOf } from './textEdit.ts';

export interface IniEdit {
  /** Undefined: what stands before the first section. */
  readonly section: string | undefined;
  /** Options that the section has, when several sections carry the same name. */
  readonly sectionHas: readonly OptionValues[];
  /** Undefined: the section itself is added or removed. */
  readonly option: string | undefined;
  /** Wanted lines of the option; undefined stands for the option without `=`. */
  readonly values: readonly (string | undefined)[];
  readonly state: 'present' | 'absent';
  /** Other lines of the same option go. */
  readonly exclusive: boolean;
  readonly noExtraSpaces: boolean;
  /** Lines that differ in spaces only are left alone. */
  readonly ignoreSpaces: boolean;
  /** A commented-out option may become the active one. */
  readonly modifyInactive: boolean;
}

export interface OptionValues {
  readonly option: string;
  readonly values: readonly string[];
}

export interface IniResult {
  readonly text: string;
  /** As users of `ini_file` know it. */
  readonly msg: string;
}

/** A last line gets its newline; in an empty file a blank line comes first, as `ini_file` is known to write it. */
export function editedIni(before: string, edit: IniEdit): IniResult {
  const text = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  const lines = text === '' ? ['\n'] : linesOf(text);
  const place = findSection(lines, edit);
  if (place === undefined) return withNewSection(text, lines, edit);
  const section = lines.slice(place.start, place.end);
  const edited = edit.state === 'absent' ? withoutOption(section, edit) : withOption(section, edit);
  if (edited.msg === 'OK') return { text, msg: 'OK' };
  const all = [...lines.slice(0, place.start), ...edited.lines, ...lines.slice(place.end)];
  return { text: all.join(''), msg: edited.msg };
}

interface Place {
  /** Index of the section's header; of the first line for what has none. */
  readonly start: number;
  readonly end: number;
}

function findSection(lines: readonly string[], edit: IniEdit): Place | undefined {
  const isHeader = (line: string) => line.startsWith('[');
  const endAfter = (from: number) => {
    const next = lines.findIndex((line, index) => index >= from && isHeader(line));
    return next < 0 ? lines.length : next;
  };
  if (edit.section === undefined) return { start: 0, end: endAfter(0) };
  const header = new RegExp(`^\\[\\s*${escaped(edit.section.trim())}\\s*\\]`);
  for (const [start, line] of lines.entries()) {
    if (!header.test(line)) continue;
    const place = { start, end: endAfter(start + 1) };
    if (hasAll(lines.slice(place.start, place.end), edit.sectionHas)) return place;
  }
  return undefined;
}

function hasAll(section: readonly string[], wanted: readonly OptionValues[]): boolean {
  return wanted.every(({ option, values }) => {
    const present = section.map((line) => activeLine(option, line)).filter(isDefined);
    return values.length === 0
      ? present.length > 0
      : values.every((value) => present.some((each) => each.value === value));
  });
}

function withNewSection(text: string, lines: readonly string[], edit: IniEdit): IniResult {
  if (edit.state === 'absent') return { text, msg: 'OK' };
  const required = edit.sectionHas.flatMap(({ option, values }) =>
    values.map((value) => formatted(option, value, edit)),
  );
  const added =
    edit.option === undefined
      ? []
      : edit.values.map((value) => formatted(edit.option ?? '', value, edit));
  const header = `[${edit.section ?? ''}]\n`;
  const msg = added.length > 0 ? 'section and option added' : 'only section added';
  return { text: [...lines, header, ...required, ...added].join(''), msg };
}

interface EditedLines {
  readonly lines: readonly string[];
  readonly msg: string;
}

function withoutOption(section: readonly string[], edit: IniEdit): EditedLines {
  const { option, exclusive, values } = edit;
  if (option === undefined) return { lines: [], msg: 'section removed' };
  const kept = section.filter((line) => {
    const found = activeLine(option, line);
    return found === undefined || !(exclusive || values.includes(found.value));
  });
  return { lines: kept, msg: kept.length === section.length ? 'OK' : 'option changed' };
}

/** A line of the section on its way: one that is settled is not touched again. */
interface Line {
  text: string;
  isSettled: boolean;
}

function withOption(section: readonly string[], edit: IniEdit): EditedLines {
  const { option } = edit;
  if (option === undefined) return { lines: section, msg: 'OK' };
  const lines = section.map((text) => ({ text, isSettled: false }));
  let missing = keepWanted(lines, option, edit);
  let result = lines;
  if (edit.exclusive) {
    missing = replaceOthers(lines, option, missing, edit);
    result = lines.filter(
      ({ text, isSettled }) => isSettled || lineOf(option, text, edit) === undefined,
    );
  }
  const changed = result.length < lines.length || lines.some((line, i) => line.text !== section[i]);
  const added = missing.map((value) => formatted(option, value, edit));
  const texts = result.map(({ text }) => text);
  const msg = added.length > 0 ? 'option added' : changed ? 'option changed' : 'OK';
  const at = insertionPoint(texts);
  return { lines: [...texts.slice(0, at), ...added, ...texts.slice(at)], msg };
}

/** Settles lines that have a wanted value already; gives the values that no line has. */
function keepWanted(lines: readonly Line[], option: string, edit: IniEdit): IniEdit['values'] {
  const missing = [...edit.values];
  for (const line of lines) {
    const found = lineOf(option, line.text, edit);
    if (found === undefined) continue;
    const index = missing.indexOf(found.hasEquals ? found.value : undefined);
    if (index < 0) continue;
    const [value] = missing.splice(index, 1);
    settle(line, formatted(option, value, edit), found, edit);
  }
  return missing;
}

/** Lines with other values take the missing ones, in order. */
function replaceOthers(
  lines: readonly Line[],
  option: string,
  missing: IniEdit['values'],
  edit: IniEdit,
): IniEdit['values'] {
  const rest = [...missing];
  for (const line of lines) {
    if (rest.length === 0) break;
    const found = line.isSettled ? undefined : lineOf(option, line.text, edit);
    if (found !== undefined) settle(line, formatted(option, rest.shift(), edit), found, edit);
  }
  return rest;
}

function settle(line: Line, text: string, found: OptionLine, { ignoreSpaces }: IniEdit): void {
  line.isSettled = true;
  const differsInSpacesOnly = withoutSpaces(line.text) === withoutSpaces(text);
  if (ignoreSpaces && found.isActive && differsInSpacesOnly) return;
  line.text = text;
}

function withoutSpaces(text: string): string {
  return text.replace(/[ \t]*=[ \t]*/, '=').trim();
}

/** After the last line that is neither blank nor a comment; a header counts as one. */
function insertionPoint(lines: readonly string[]): number {
  const index = lines.findLastIndex((line) => !/^[ \t]*([#;].*)?$/.test(bare(line)));
  return index + 1;
}

interface OptionLine {
  readonly isActive: boolean;
  readonly hasEquals: boolean;
  readonly value: string;
}

function lineOf(option: string, line: string, { modifyInactive }: IniEdit): OptionLine | undefined {
  return modifyInactive ? optionLine(option, line) : activeLine(option, line);
}

function activeLine(option: string, line: string): OptionLine | undefined {
  const found = optionLine(option, line);
  return found?.isActive ? found : undefined;
}

function optionLine(option: string, line: string): OptionLine | undefined {
  const pattern = new RegExp(`^[ \\t]*([#;]?)[ \\t]*${escaped(option)}[ \\t]*(=|$)[ \\t]*(.*)`);
  const [all, comment, equals, value = ''] = pattern.exec(bare(line)) ?? [];
  if (all === undefined) return undefined;
  return { isActive: comment === '', hasEquals: equals === '=', value };
}

function formatted(option: string, value: string | undefined, edit: IniEdit): string {
  if (value === undefined) return `${option}\n`;
  return edit.noExtraSpaces ? `${option}=${value}\n` : `${option} = ${value}\n`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}

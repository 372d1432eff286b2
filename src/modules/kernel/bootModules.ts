/** Which modules the kernel loads at boot, and with which parameters: modules-load.d(5) and modprobe.d(5). Pure. */
import { joinLines, textLines } from '../files/keptText.ts';

export interface ConfigFile {
  readonly path: string;
  readonly text: string;
}

export interface BootFiles {
  /** /etc/modules-load.d */
  readonly load: readonly ConfigFile[];
  /** /etc/modprobe.d */
  readonly options: readonly ConfigFile[];
}

export interface BootText {
  readonly path: string;
  /** Undefined when there is no file. */
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * The files as they have to be for a module that is loaded at boot with exactly these parameters, or (undefined) not at
 * all. Old lines are turned into comments.
 */
export function bootTexts(
  name: string,
  files: BootFiles,
  wanted: { readonly parameters: readonly string[] } | undefined,
): BootText[] {
  const changed = [
    ...loadTexts(name, files.load, wanted !== undefined),
    ...optionTexts(name, files.options, wanted?.parameters ?? []),
  ];
  return changed.filter(({ before, after }) => before !== after);
}

function loadTexts(name: string, files: readonly ConfigFile[], isWanted: boolean): BootText[] {
  const isName = (line: string) => withoutComment(line) === name;
  const isListed = files.some(({ text }) => textLines(text).some(isName));
  if (isWanted === isListed) return [];
  if (!isWanted) return files.map((file) => commented(file, isName));
  return [ownFile(files, `/etc/modules-load.d/${name}.conf`, `${name}\n`)];
}

function optionTexts(
  name: string,
  files: readonly ConfigFile[],
  parameters: readonly string[],
): BootText[] {
  const parameterOf = (line: string) => optionLine(line, name);
  const isOption = (line: string) => parameterOf(line) !== undefined;
  const found = files.flatMap(({ text }) => textLines(text).map(parameterOf));
  const current = new Set(found.filter((each) => each !== undefined));
  if (isSameSet(current, new Set(parameters))) return [];
  const old = files.map((file) => commented(file, isOption));
  if (parameters.length === 0) return old;
  const lines = joinLines(parameters.map((parameter) => `options ${name} ${parameter}`));
  const own = ownFile(files, `/etc/modprobe.d/${name}.conf`, lines);
  return [...old.filter(({ path }) => path !== own.path), own];
}

/** `key=value` of `options NAME key=value`. */
function optionLine(line: string, name: string): string | undefined {
  const [keyword, module, parameter, ...more] = withoutComment(line).split(/\s+/);
  const isOne = keyword === 'options' && module === name && more.length === 0;
  return isOne && parameter?.includes('=') === true ? parameter : undefined;
}

function withoutComment(line: string): string {
  return line.replace(/[#;].*$/, '').trim();
}

function commented({ path, text }: ConfigFile, isOld: (line: string) => boolean): BootText {
  const lines = textLines(text);
  if (!lines.some(isOld)) return { path, before: text, after: text };
  const after = joinLines(lines.map((line) => (isOld(line) ? `#${line}` : line)));
  return { path, before: text, after };
}

function ownFile(files: readonly ConfigFile[], path: string, after: string): BootText {
  return { path, before: files.find((file) => file.path === path)?.text, after };
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((each) => b.has(each));
}

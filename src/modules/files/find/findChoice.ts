/** Which of the listed files `find` was asked for. Pure. */
import { ModuleError } from '../../../core/errors.ts';
import { pythonRegex } from '../../../core/pythonRegex.ts';
import { wantedMode } from '../fileMode.ts';
import { shellPattern } from '../shellPattern.ts';
import type { FindParams } from './find.ts';
import type { FoundFile, Listing } from './findProbes.ts';

/** Without `contents` those that may still fail by what is in them. */
export function chosenFiles(
  params: FindParams,
  { files, now }: Listing,
  contents?: ReadonlyMap<string, string>,
): readonly FoundFile[] {
  const hasName = nameFilter(params);
  const hasAge = ageFilter(params, now);
  const hasSize = sizeFilter(params);
  return files.filter(
    (file) =>
      hasKind(params, file) &&
      hasName(nameOf(file)) &&
      hasMode(params, file) &&
      hasAge(file) &&
      hasSize(file) &&
      hasContent(params, contents?.get(file.path)),
  );
}

function nameOf({ path }: FoundFile): string {
  return path.replace(/^.*\//s, '');
}

function hasKind({ file_type: kind }: FindParams, { stat }: FoundFile): boolean {
  return kind === 'any' || stat.type === kind;
}

function nameFilter({ patterns, excludes, hidden, use_regex: isRegex }: FindParams) {
  const compile = (pattern: string) =>
    isRegex ? pythonRegex(pattern, {}, true) : shellPattern(pattern);
  const wanted = patterns.map(compile);
  const unwanted = excludes.map(compile);
  const matches = (expressions: readonly RegExp[], name: string) =>
    expressions.some((expression) => {
      expression.lastIndex = 0;
      return expression.test(name);
    });
  return (name: string): boolean =>
    (hidden || !name.startsWith('.')) &&
    (wanted.length === 0 || matches(wanted, name)) &&
    !matches(unwanted, name);
}

function hasMode({ mode, exact_mode: isExact }: FindParams, { stat }: FoundFile): boolean {
  if (mode === undefined) return true;
  const isDirectory = stat.type === 'directory';
  const wanted = wantedMode(mode, { current: isExact ? stat.mode : 0, isDirectory, umask: 0 });
  return isExact ? stat.mode === wanted : (stat.mode & wanted) !== 0;
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

function ageFilter({ age, age_stamp: stamp }: FindParams, now: number) {
  if (age === undefined) return () => true;
  const limit = amount(age, SECONDS, 'age');
  return ({ stat }: FoundFile): boolean => {
    const time = { atime: stat.accessed, ctime: stat.statusChanged, mtime: stat.modified }[stamp];
    return isBeyond(now - time, limit);
  };
}

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
};

function sizeFilter({ size }: FindParams) {
  if (size === undefined) return () => true;
  const limit = amount(size, BYTES, 'size');
  return ({ stat }: FoundFile): boolean => isBeyond(stat.size, limit);
}

/** At least a positive limit, at most a negative one. */
function isBeyond(value: number, { limit, isUpper }: Limit): boolean {
  return isUpper ? value <= limit : value >= limit;
}

interface Limit {
  readonly limit: number;
  readonly isUpper: boolean;
}

function amount(text: string, units: Readonly<Record<string, number>>, what: string): Limit {
  const match = /^(-?)(\d+)([a-z]?)[a-z]*$/.exec(text.trim().toLowerCase());
  const unit = match?.[3] === '' ? 1 : units[match?.[3] ?? ''];
  if (match === null || unit === undefined) {
    throw new ModuleError(`failed to process ${what}: ${text}`, {
      hint: `write a number and one of ${Object.keys(units).join(', ')}`,
    });
  }
  return { limit: Number(match[2]) * unit, isUpper: match[1] === '-' };
}

function hasContent(
  { contains, read_whole_file: isWhole, file_type: kind }: FindParams,
  content: string | undefined,
): boolean {
  if (contains === undefined || content === undefined || kind !== 'file') return true;
  if (isWhole) return pythonRegex(contains).test(content);
  return content.split('\n').some((line) => pythonRegex(contains, {}, true).test(line));
}

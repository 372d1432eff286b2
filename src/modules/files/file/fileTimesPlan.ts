/** Access and modification times of the `file` module. */
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { FileOperation } from './fileApply.ts';
import type { FileParams } from './fileAttributesPlan.ts';
import type { FileTimes } from './fileTree.ts';

/** `times` undefined: the file is made now, so only explicit times matter. */
export function plannedTimes(
  params: FileParams,
  times: FileTimes | undefined,
  path: string,
): Change<FileOperation>[] {
  const fallback = params.state === 'touch' ? 'now' : 'preserve';
  const asked = [
    {
      which: 'access',
      value: params.access_time,
      format: params.access_time_format,
      now: times?.accessed,
    },
    {
      which: 'modification',
      value: params.modification_time,
      format: params.modification_time_format,
      now: times?.modified,
    },
  ] as const;
  return asked.flatMap(({ which, value = fallback, format, now }) => {
    if (value === 'preserve' || (value === 'now' && times === undefined)) return [];
    const stamp = value === 'now' ? 'now' : touchStamp(value, format);
    if (stamp === now) return [];
    const operation: FileOperation = { type: 'time', path, which, stamp };
    const name = `${which}_time`;
    return [
      {
        what: `${path}: ${name}`,
        before: { path, [name]: now ?? '' },
        after: { path, [name]: stamp },
        operation,
      },
    ];
  });
}

const FIELDS: Readonly<Record<string, { readonly pattern: string; readonly field: keyof Stamp }>> =
  {
    Y: { pattern: '(\\d{4})', field: 'year' },
    m: { pattern: '(\\d{1,2})', field: 'month' },
    d: { pattern: '(\\d{1,2})', field: 'day' },
    H: { pattern: '(\\d{1,2})', field: 'hour' },
    M: { pattern: '(\\d{1,2})', field: 'minute' },
    S: { pattern: '(\\d{1,2})', field: 'second' },
  };

interface Stamp {
  year: string;
  month: string;
  day: string;
  hour: string;
  minute: string;
  second: string;
}

/** A time in a strptime(3) format (`%Y %m %d %H %M %S`) as touch(1) -t takes it. @throws ModuleError */
function touchStamp(text: string, format: string): string {
  const stamp: Stamp = { year: '1900', month: '1', day: '1', hour: '0', minute: '0', second: '0' };
  const fields = [...format.matchAll(/%(.)/g)].map(([, letter = '']) => FIELDS[letter]?.field);
  const pattern = format.replace(/%(.)|([.*+?^${}()|[\]\\])/g, (all, letter: string | undefined) =>
    letter === undefined ? `\\${all}` : (FIELDS[letter]?.pattern ?? '$.'),
  );
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (match === null) {
    throw new ModuleError(`the time "${text}" is not of the format "${format}"`, {
      hint: 'formats know %Y %m %d %H %M %S',
    });
  }
  for (const [index, field] of fields.entries()) if (field) stamp[field] = match[index + 1] ?? '';
  const two = (value: string) => value.padStart(2, '0');
  const { year, month, day, hour, minute, second } = stamp;
  return `${year}${two(month)}${two(day)}${two(hour)}${two(minute)}.${two(second)}`;
}

/** Times as certificates and playbooks write them. */
import { ModuleError } from '../../core/errors.ts';

const RELATIVE = /^([+-])(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/;
const ABSOLUTE = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d))?Z?$/;

/** Seconds that `+1w2d3h4m5s` stands for; undefined for an absolute time. */
export function relativeSeconds(text: string): number | undefined {
  const match = RELATIVE.exec(text.trim());
  if (match === null) return undefined;
  const [, sign, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const total =
    (((Number(weeks) * 7 + Number(days)) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 +
    Number(seconds);
  return sign === '-' ? -total : total;
}

/** `20260102030405Z`, as certificates have it. @throws ModuleError when it is none. */
export function absoluteTime(text: string): string {
  const [, year, month, day, hour, minute, second = '00'] = ABSOLUTE.exec(text.trim()) ?? [];
  if (year !== undefined) return `${year}${month}${day}${hour}${minute}${second}Z`;
  throw new ModuleError(`"${text}" is no time`, {
    hint: 'write 20260102030405Z, or from now on: +10d, -1w2d3h4m5s',
  });
}

/** Milliseconds since 1970. */
export function instantOf(time: string): number {
  const [, year, month, day, hour, minute, second = '00'] = ABSOLUTE.exec(time) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

export function timeText(instant: Date): string {
  return `${instant.toISOString().replaceAll(/[-:T]|\.\d+/g, '')}`;
}

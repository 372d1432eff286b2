/** `strftime` and `strptime` in the C locale. */
import { type Clock, clockOf, instantUs, localTime, pad } from './datetime.ts';
import { valueError } from './errors.ts';
import { repr } from './text.ts';
import { DateTime } from './types.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** The time in a format of C's `strftime`; a directive nobody knows stays as it is. */
export function strftime(time: DateTime, format: string): string {
  const clock = clockOf(time);
  return format.replace(/%(-?)([a-zA-Z%])/g, (whole, flag: string, directive: string) => {
    const text = directiveText(directive, clock, time);
    if (text === undefined) return whole;
    return flag === '-' ? text.replace(/^[0 ]+(?=.)/, '') : text;
  });
}

function directiveText(directive: string, clock: Clock, time: DateTime): string | undefined {
  return (
    dateText(directive, clock) ?? clockText(directive, clock, time) ?? zoneText(directive, time)
  );
}

function dateText(directive: string, clock: Clock): string | undefined {
  const { year, month, day, weekday } = clock;
  switch (directive) {
    case 'Y':
      return String(year);
    case 'y':
      return pad(year % 100);
    case 'C':
      return pad(Math.floor(year / 100));
    case 'm':
      return pad(month);
    case 'd':
      return pad(day);
    case 'e':
      return String(day).padStart(2);
    case 'j':
      return pad(dayOfYear(clock), 3);
    case 'a':
      return DAYS[weekday]?.slice(0, 3);
    case 'A':
      return DAYS[weekday];
    case 'b':
    case 'h':
      return MONTHS[month - 1]?.slice(0, 3);
    case 'B':
      return MONTHS[month - 1];
    case 'F':
      return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
    case 'D':
    case 'x':
      return `${pad(month)}/${pad(day)}/${pad(year % 100)}`;
    default:
      return weekText(directive, clock);
  }
}

function weekText(directive: string, clock: Clock): string | undefined {
  switch (directive) {
    case 'u':
      return String(clock.weekday || 7);
    case 'w':
      return String(clock.weekday);
    case 'U':
      return pad(Math.floor((dayOfYear(clock) + 6 - clock.weekday) / 7));
    case 'W':
      return pad(Math.floor((dayOfYear(clock) + 6 - ((clock.weekday + 6) % 7)) / 7));
    case 'V':
      return pad(isoWeek(clock).week);
    case 'G':
      return String(isoWeek(clock).year);
    default:
      return undefined;
  }
}

function clockText(directive: string, clock: Clock, time: DateTime): string | undefined {
  const { hour, minute, second } = clock;
  switch (directive) {
    case 'H':
      return pad(hour);
    case 'I':
      return pad(hour % 12 || 12);
    case 'M':
      return pad(minute);
    case 'S':
      return pad(second);
    case 'f':
      return pad(time.microsecond, 6);
    case 'p':
      return hour < 12 ? 'AM' : 'PM';
    case 'T':
    case 'X':
      return `${pad(hour)}:${pad(minute)}:${pad(second)}`;
    case 'R':
      return `${pad(hour)}:${pad(minute)}`;
    case 'r':
      return `${pad(hour % 12 || 12)}:${pad(minute)}:${pad(second)} ${hour < 12 ? 'AM' : 'PM'}`;
    case 'c':
      return strftime(time, '%a %b %e %H:%M:%S %Y');
    default:
      return undefined;
  }
}

function zoneText(directive: string, time: DateTime): string | undefined {
  switch (directive) {
    case 'z':
      return time.offsetMinutes === undefined ? '' : zone(time.offsetMinutes);
    case 'Z':
      return time.offsetMinutes === 0 ? 'UTC' : '';
    case 's':
      return String(Math.floor(instantUs(time) / 1_000_000));
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case '%':
      return '%';
    default:
      return undefined;
  }
}

function zone(offset: number): string {
  const size = Math.abs(offset);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}${pad(size % 60)}`;
}

function dayOfYear({ year, month, day }: Clock): number {
  return Math.round((Date.UTC(year, month - 1, day) - Date.UTC(year, 0, 0)) / 86_400_000);
}

/** ISO 8601: the week of the year's first Thursday is the first. */
function isoWeek(clock: Clock): { readonly week: number; readonly year: number } {
  const thursday = new Date(Date.UTC(clock.year, clock.month - 1, clock.day));
  thursday.setUTCDate(thursday.getUTCDate() + 4 - (clock.weekday || 7));
  const year = thursday.getUTCFullYear();
  const days = (thursday.getTime() - Date.UTC(year, 0, 1)) / 86_400_000;
  return { week: Math.floor(days / 7) + 1, year };
}

const FIELDS: Readonly<Record<string, string>> = {
  Y: '(?<Y>\\d{4})',
  y: '(?<y>\\d{2})',
  m: '(?<m>1[0-2]|0?[1-9])',
  d: '(?<d>3[01]|[12]\\d|0?[1-9]| [1-9])',
  e: '(?<d>3[01]|[12]\\d|0?[1-9]| [1-9])',
  H: '(?<H>2[0-3]|[01]?\\d)',
  I: '(?<I>1[0-2]|0?[1-9])',
  M: '(?<M>[0-5]?\\d)',
  S: '(?<S>6[01]|[0-5]?\\d)',
  f: '(?<f>\\d{1,6})',
  j: '(?<j>\\d{1,3})',
  p: '(?<p>AM|PM)',
  z: '(?<z>Z|[+-]\\d{2}:?\\d{2})',
  Z: '(?:UTC|GMT|[A-Z]{3,4})?',
  a: `(?:${DAYS.map((day) => day.slice(0, 3)).join('|')})`,
  A: `(?:${DAYS.join('|')})`,
  b: `(?<b>${MONTHS.map((month) => month.slice(0, 3)).join('|')})`,
  h: `(?<b>${MONTHS.map((month) => month.slice(0, 3)).join('|')})`,
  B: `(?<B>${MONTHS.join('|')})`,
  '%': '%',
};

const COMPOSED: Readonly<Record<string, string>> = {
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  D: '%m/%d/%y',
  c: '%a %b %e %H:%M:%S %Y',
};

/** `datetime.strptime`. @throws TemplateError when the text does not have the format. */
export function strptime(text: string, format: string): DateTime {
  const whole = format.replace(/%([FTRDc])/g, (_, name: string) => COMPOSED[name] ?? '');
  const match = new RegExp(`^${formatPattern(whole)}$`, 'i').exec(text);
  if (match?.groups === undefined && match === null) {
    throw valueError(`time data ${repr(text)} does not match format ${repr(format)}`);
  }
  return timeOf(match?.groups ?? {});
}

function formatPattern(format: string): string {
  return format.replace(/%(.)|\s+|[^%\s]/g, (part, directive: string | undefined) => {
    if (directive === undefined)
      return /\s/.test(part) ? '\\s+' : part.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');
    const field = FIELDS[directive];
    if (field === undefined)
      throw valueError(`'${directive}' is a bad directive in format ${repr(format)}`);
    return field;
  });
}

function timeOf(fields: Readonly<Record<string, string>>): DateTime {
  const number = (name: string, fallback: number): number => Number(fields[name] ?? fallback);
  const shortYear = number('y', 0);
  const year =
    fields['y'] === undefined ? number('Y', 1900) : shortYear + (shortYear < 69 ? 2000 : 1900);
  const micro = Number((fields['f'] ?? '0').padEnd(6, '0'));
  const wall = Date.UTC(
    year,
    monthOf(fields) - 1,
    1,
    hourOf(fields),
    number('M', 0),
    number('S', 0),
  );
  const date = new Date(wall);
  date.setUTCFullYear(year);
  date.setUTCDate(fields['j'] === undefined ? number('d', 1) : number('j', 1));
  if (fields['j'] === undefined && date.getUTCMonth() !== monthOf(fields) - 1) {
    throw valueError('day is out of range for month');
  }
  return new DateTime(date.getTime(), micro, offsetOf(fields['z']));
}

function monthOf(fields: Readonly<Record<string, string>>): number {
  const name = (fields['B'] ?? fields['b'])?.toLowerCase();
  if (name === undefined) return Number(fields['m'] ?? 1);
  return MONTHS.findIndex((month) => month.toLowerCase().startsWith(name)) + 1;
}

function hourOf(fields: Readonly<Record<string, string>>): number {
  if (fields['I'] === undefined) return Number(fields['H'] ?? 0);
  return (Number(fields['I']) % 12) + (fields['p']?.toUpperCase() === 'PM' ? 12 : 0);
}

function offsetOf(zoneName: string | undefined): number | undefined {
  if (zoneName === undefined) return undefined;
  if (zoneName === 'Z') return 0;
  const [, sign, hours, minutes] = /([+-])(\d{2}):?(\d{2})/.exec(zoneName) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** The local time of a number of seconds since the epoch, or UTC. */
export function timeOfEpoch(seconds: number, isUtc: boolean): DateTime {
  const date = new Date(seconds * 1000);
  return isUtc
    ? new DateTime(date.getTime(), date.getUTCMilliseconds() * 1000, 0)
    : localTime(date);
}

/** Python's `datetime` and `timedelta` as far as templates use them. */
import { DateTime, TimeDelta } from './types.ts';

const DAY_US = 86_400_000_000;

/** Fields of the wall clock. `weekday` is 0 for Sunday. */
export interface Clock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

export function clockOf(time: DateTime): Clock {
  const date = new Date(time.wallMs);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
  };
}

/** The local wall-clock time of an instant, naive as Python's `datetime.now()`. */
export function localTime(date: Date): DateTime {
  const wallMs = date.getTime() - date.getTimezoneOffset() * 60_000;
  return new DateTime(wallMs, date.getMilliseconds() * 1000);
}

export function utcTime(date: Date, offsetMinutes?: number): DateTime {
  return new DateTime(date.getTime(), date.getUTCMilliseconds() * 1000, offsetMinutes);
}

export function dateTimeText(time: DateTime, separator = ' '): string {
  const { year, month, day, hour, minute, second } = clockOf(time);
  const date = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  const fraction = time.microsecond === 0 ? '' : `.${pad(time.microsecond, 6)}`;
  return `${date}${separator}${pad(hour)}:${pad(minute)}:${pad(second)}${fraction}${offsetText(time)}`;
}

function offsetText({ offsetMinutes }: DateTime): string {
  if (offsetMinutes === undefined) return '';
  const size = Math.abs(offsetMinutes);
  return `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

export function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0');
}

/** Microseconds since the epoch, comparable among naive or among aware times. */
export function instantUs(time: DateTime): number {
  return time.wallMs * 1000 + time.microsecond - (time.offsetMinutes ?? 0) * 60_000_000;
}

export function subtractTimes(left: DateTime, right: DateTime): TimeDelta {
  return new TimeDelta(instantUs(left) - instantUs(right));
}

export function addDelta(time: DateTime, delta: TimeDelta): DateTime {
  const total = time.wallMs * 1000 + time.microsecond + delta.microseconds;
  const microsecond = ((total % 1_000_000) + 1_000_000) % 1_000_000;
  return new DateTime((total - microsecond) / 1000, microsecond, time.offsetMinutes);
}

export function daysOf(delta: TimeDelta): number {
  return Math.floor(delta.microseconds / DAY_US);
}

/** Seconds within the day, as `timedelta.seconds`. */
export function secondsOf(delta: TimeDelta): number {
  return Math.floor((delta.microseconds - daysOf(delta) * DAY_US) / 1_000_000);
}

export function timeDeltaText(delta: TimeDelta): string {
  const days = daysOf(delta);
  const seconds = secondsOf(delta);
  const micro = delta.microseconds - days * DAY_US - seconds * 1_000_000;
  const clock = `${Math.floor(seconds / 3600)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  const fraction = micro === 0 ? '' : `.${pad(micro, 6)}`;
  const prefix = days === 0 ? '' : `${days} day${Math.abs(days) === 1 ? '' : 's'}, `;
  return `${prefix}${clock}${fraction}`;
}

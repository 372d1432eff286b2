/** The attributes and methods of `datetime` and `timedelta`. */
import { bind } from '../arguments.ts';
import { clockOf, dateTimeText, daysOf, instantUs, secondsOf } from './datetime.ts';
import { textArgument } from './method.ts';
import { strftime } from './strftime.ts';
import {
  type Arguments,
  Callable,
  type DateTime,
  float,
  type Internal,
  type TimeDelta,
} from './types.ts';

export function dateTimeMember(time: DateTime, name: string): Internal | undefined {
  const clock = clockOf(time);
  const method = (call: (args: Arguments) => Internal) => new Callable(name, call);
  switch (name) {
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
    case 'minute':
    case 'second':
      return clock[name];
    case 'microsecond':
      return time.microsecond;
    case 'tzinfo':
      return time.offsetMinutes === undefined ? null : dateTimeText(time).slice(-6);
    case 'strftime':
      return method(({ positional: [format] }) => strftime(time, textArgument(format, name)));
    case 'isoformat':
      return method((args) => {
        const [separator = 'T'] = bind(name, args, 'sep', 'timespec');
        return dateTimeText(time, textArgument(separator, name));
      });
    case 'timestamp':
      return method(() => float(timestamp(time)));
    case 'weekday':
      return method(() => (clock.weekday + 6) % 7);
    case 'isoweekday':
      return method(() => clock.weekday || 7);
    default:
      return undefined;
  }
}

/** Seconds since the epoch; a naive time is taken as local. */
export function timestamp(time: DateTime): number {
  if (time.offsetMinutes !== undefined) return instantUs(time) / 1_000_000;
  const { year, month, day, hour, minute, second } = clockOf(time);
  return (
    new Date(year, month - 1, day, hour, minute, second).getTime() / 1000 +
    time.microsecond / 1_000_000
  );
}

export function timeDeltaMember(delta: TimeDelta, name: string): Internal | undefined {
  switch (name) {
    case 'days':
      return daysOf(delta);
    case 'seconds':
      return secondsOf(delta);
    case 'microseconds':
      return ((delta.microseconds % 1_000_000) + 1_000_000) % 1_000_000;
    case 'total_seconds':
      return new Callable(name, () => float(delta.microseconds / 1_000_000));
    default:
      return undefined;
  }
}

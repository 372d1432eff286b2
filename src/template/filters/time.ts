/** Filters on dates and times. */
import { bind } from '../arguments.ts';
import { type Filter, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { strftime, strptime, timeOfEpoch } from '../python/strftime.ts';
import { str } from '../python/text.ts';
import { DateTime } from '../python/types.ts';
import { flagOf, textOf } from './parameters.ts';
import { toFloat } from './values.ts';

export const timeFilters = table<Filter>({
  to_datetime: (value, args) => {
    const [format] = bind('to_datetime', args, 'format');
    return strptime(str(value), textOf(format, '%Y-%m-%d %H:%M:%S'));
  },
  /** `'%Y' | strftime(second=epoch)`: the format is what is filtered. */
  strftime: (value, args, { host }) => {
    const [second, utc] = bind('strftime', args, 'second', 'utc');
    if (second instanceof DateTime) return strftime(second, str(value));
    const given =
      second === undefined || second === null ? host.now().getTime() / 1000 : toFloat(second);
    if (given === undefined) throw usageError(`Invalid value for epoch value (${textOf(second)})`);
    return strftime(timeOfEpoch(Number(given), flagOf(utc)), str(value));
  },
});

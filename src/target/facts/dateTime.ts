import { type FactFamily, firstLine } from './family.ts';

/** The host's clock, in its own time zone and in UTC. */
export const dateTime: FactFamily = {
  name: 'date_time',
  aliases: [],
  isMinimal: true,
  // A date in January and one in July tell the names of standard and summer time on either hemisphere; UTC has one name.
  script: `
now=$(date '+%Y|%m|%d|%H|%M|%S|%A|%w|%W|%s|%N|%Z|%z')
at now; echo "$now"
case $now in *'|UTC|'*) return;; esac
at zones; for day in 1767268800 1782907200; do date -d "@$day" '+%z %Z' 2>/dev/null; done`,
  parse(section) {
    const fields = firstLine(section('now')).split('|');
    const [
      year,
      month,
      day,
      hour,
      minute,
      second,
      weekday,
      weekdayNumber,
      week,
      epoch,
      nanos,
      zone,
      offset,
    ] = fields;
    const micros = /^\d{9}$/.test(nanos ?? '') ? (nanos ?? '').slice(0, 6) : '000000';
    const utc = new Date(Number(epoch) * 1000).toISOString().slice(0, 19);
    const compact = utc.replace(/[-:]/g, '');
    return {
      date_time: {
        year,
        month,
        weekday,
        weekday_number: weekdayNumber,
        weeknumber: week,
        day,
        hour,
        minute,
        second,
        epoch,
        epoch_int: epoch,
        date: `${year}-${month}-${day}`,
        time: `${hour}:${minute}:${second}`,
        iso8601_micro: `${utc}.${micros}Z`,
        iso8601: `${utc}Z`,
        iso8601_basic: `${localCompact(fields)}${micros}`,
        iso8601_basic_short: localCompact(fields),
        tz: zone,
        tz_dst: summerZone(section('zones')) ?? zone,
        tz_offset: offset,
      },
    };
    function localCompact([y, mo, d, h, mi, s]: readonly (string | undefined)[]): string {
      return y === undefined ? compact : `${y}${mo}${d}T${h}${mi}${s}`;
    }
  },
};

/** The zone's name when its offset is largest. */
function summerZone(zones: string): string | undefined {
  const named = [...zones.matchAll(/^([+-]\d+) (\S+)$/gm)].map(([, offset, name]) => ({
    offset: Number(offset),
    name,
  }));
  return named.sort((a, b) => b.offset - a.offset)[0]?.name;
}

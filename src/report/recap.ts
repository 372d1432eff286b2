/** The recap: one line for each host, in the columns that scripts grep for. */
import type { HostStats } from '../core/events.ts';
import { neutralised } from '../core/terminalText.ts';
import type { Colors } from './colors.ts';

const COLUMNS = [
  'ok',
  'changed',
  'unreachable',
  'failed',
  'skipped',
  'rescued',
  'ignored',
] as const;
const HOST_WIDTH = 26;
const COUNT_WIDTH = 4;

/** Hosts sorted by name. */
export function recapLines(hosts: Readonly<Record<string, HostStats>>, colors: Colors): string[] {
  const names = Object.keys(hosts).sort();
  return names.flatMap((host) => {
    const stats = hosts[host];
    return stats === undefined ? [] : [recapLine(host, stats, colors)];
  });
}

function recapLine(host: string, stats: HostStats, colors: Colors): string {
  const counts = COLUMNS.map((column) => {
    const text = `${column}=${String(stats[column]).padEnd(COUNT_WIDTH)}`;
    return stats[column] > 0 ? paintOf(column, colors)(text) : text;
  });
  return `${hostPaint(stats, colors)(neutralised(host).padEnd(HOST_WIDTH))} : ${counts.join(' ')}`;
}

function hostPaint(stats: HostStats, colors: Colors): (text: string) => string {
  if (stats.failed > 0 || stats.unreachable > 0) return colors.failed;
  return stats.changed > 0 ? colors.changed : colors.ok;
}

function paintOf(column: (typeof COLUMNS)[number], colors: Colors): (text: string) => string {
  switch (column) {
    case 'ok':
    case 'rescued':
      return colors.ok;
    case 'changed':
      return colors.changed;
    case 'failed':
      return colors.failed;
    case 'unreachable':
      return colors.unreachable;
    case 'skipped':
      return colors.skipped;
    case 'ignored':
      return colors.note;
    default:
      return column satisfies never;
  }
}

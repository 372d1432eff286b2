/** `web[01:10:2].example.org:2222` → hosts and a port, as inventories write them. */
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';

export interface HostRange {
  readonly hosts: readonly string[];
  readonly port?: number;
}

const BRACKETED_PORT = /^\[((?:[^[\]]|\[[^\]]*\])+)\]:(\d+)$/;
const PORT = /^((?:[^:[\]]|\[[^\]]*\])+):(\d+)$/;
const RANGE = /^(.*?)\[([^[\]]*:[^[\]]*)\](.*)$/;

/** @throws LoadError for a range that makes no sense. */
export function expandHosts(pattern: string, source?: Source): HostRange {
  const [, address, port] = BRACKETED_PORT.exec(pattern) ?? PORT.exec(pattern) ?? [];
  const hosts = expandRanges(address ?? pattern, source);
  return port === undefined ? { hosts } : { hosts, port: Number(port) };
}

/** Several ranges give every combination, the first one changing slowest. */
function expandRanges(text: string, source: Source | undefined): string[] {
  const [whole, head, range, tail] = RANGE.exec(text) ?? [];
  if (whole === undefined || head === undefined || range === undefined || tail === undefined) {
    return [text];
  }
  const rest = expandRanges(tail, source);
  return membersOf(range, source).flatMap((member) => rest.map((end) => head + member + end));
}

function membersOf(range: string, source: Source | undefined): string[] {
  const [first = '', last = '', step = '1', ...more] = range.split(':');
  const isValidStep = /^[1-9]\d*$/.test(step) && more.length === 0;
  const from = first === '' ? '0' : first;
  const members = isValidStep ? sequence(from, last, Number(step)) : undefined;
  if (members !== undefined) return members;
  throw new LoadError(`"[${range}]" is no range of hosts`, {
    code: 'DROVER_HOST_RANGE',
    source,
    hint: 'write [1:9], [01:09], [a:f] or with a step [0:100:10]',
  });
}

function sequence(first: string, last: string, step: number): string[] | undefined {
  if (/^\d+$/.test(first) && /^\d+$/.test(last)) return numbers(first, last, step);
  if (/^[a-zA-Z]$/.test(first) && /^[a-zA-Z]$/.test(last)) return letters(first, last, step);
  return undefined;
}

/** Leading zeros are kept: `01` to `10` are two digits each. */
function numbers(first: string, last: string, step: number): string[] | undefined {
  const isPadded = first.length > 1 && first.startsWith('0');
  if (isPadded && first.length !== last.length) return undefined;
  const [from, to] = [Number(first), Number(last)];
  if (from > to) return undefined;
  const width = isPadded ? first.length : 0;
  const count = Math.floor((to - from) / step) + 1;
  return Array.from({ length: count }, (_, index) =>
    String(from + index * step).padStart(width, '0'),
  );
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

function letters(first: string, last: string, step: number): string[] | undefined {
  const [from, to] = [LETTERS.indexOf(first), LETTERS.indexOf(last)];
  if (from > to) return undefined;
  return [...LETTERS.slice(from, to + 1)].filter((_, index) => index % step === 0);
}

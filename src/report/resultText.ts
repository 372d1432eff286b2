/** One result as text, in the familiar form: a JSON object behind `=>`, and what a program said as lines below it. */
import type { ResultData } from '../core/results.ts';
import { neutralised } from '../core/terminalText.ts';

/** Keys that say nothing to a reader, or say again what other keys say. */
const NOISE = new Set([
  'failed',
  'unreachable',
  'stdout_lines',
  'stderr_lines',
  'diff',
  'invocation',
  'exception',
  'source',
]);
const STREAMS = ['stdout', 'stderr'] as const;

/** @param indent spaces for a JSON object over several lines; absent: one line. Keys are sorted. */
export function jsonText(data: ResultData, indent?: number): string {
  const sorted: unknown = JSON.parse(JSON.stringify(data, sortedKeys));
  return neutralised(
    indent === undefined ? oneLine(sorted) : JSON.stringify(sorted, undefined, indent),
  );
}

/** A failure on one line, followed by what the program wrote, line by line. */
export function failureText(data: ResultData): string {
  const streams = STREAMS.filter((name) => isLong(data[name]));
  const shown = Object.fromEntries(
    Object.entries(data).filter(
      ([key]) => !NOISE.has(key) && !streams.some((name) => name === key),
    ),
  );
  const blocks = streams.map((name) => `\n  ${name}:\n${indented(String(data[name]))}`);
  return `${jsonText(shown)}${blocks.join('')}`;
}

/** A result for `-v` and `debug`. */
export function fullText(data: ResultData, indent?: number): string {
  const shown = Object.entries(data).filter(([key]) => key !== 'diff' && key !== 'failed');
  return jsonText(Object.fromEntries(shown), indent);
}

/** JSON with a space after commas and colons, as scripts that read this output know it. */
function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${oneLine(item)}`,
  );
  return `{${entries.join(', ')}}`;
}

function isLong(stream: unknown): boolean {
  return typeof stream === 'string' && stream.trim().includes('\n');
}

function indented(text: string): string {
  return neutralised(text.trimEnd())
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Map) return Object.fromEntries(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Quantities as playbooks write them and as the Engine counts them. */
import { ModuleError } from '../../core/errors.ts';

const POWERS: Readonly<Record<string, number>> = {
  '': 0,
  K: 1,
  M: 2,
  G: 3,
  T: 4,
  P: 5,
  E: 6,
  Z: 7,
  Y: 8,
};

/** `512M`, `1g`, `64MiB`, `1048576` in bytes; units are powers of 1024. @throws ModuleError */
export function bytes(text: string, option: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGTPEZY]?)(?:i?B)?\s*$/i.exec(text);
  if (match === null) {
    throw new ModuleError(`${option}: "${text}" is no size`, { hint: 'write e.g. 512M or 2G' });
  }
  const [, amount, unit = ''] = match;
  return Math.round(Number(amount) * 1024 ** (POWERS[unit.toUpperCase()] ?? 0));
}

const NANOSECONDS: Readonly<Record<string, number>> = {
  us: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** `1m30s`, `500ms`, `5s` in nanoseconds, as health checks take them. @throws ModuleError */
export function nanoseconds(text: string, option: string): number {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(us|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text.trim()) {
    if (text.trim() === '0') return 0;
    throw new ModuleError(`${option}: "${text}" is no duration`, {
      hint: 'write e.g. 30s or 1m30s',
    });
  }
  return parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (NANOSECONDS[unit ?? ''] ?? 0),
    0,
  );
}

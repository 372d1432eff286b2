/**
 * JMESPath on values: the library's data are plain objects, ours come back with their order and types. It is loaded when a filter first asks:
 * few runs do.
 */
import { createRequire } from 'node:module';
import type { JSONValue } from '@metrichor/jmespath';
import { fromPlain, keyText, toPlain } from '../../core/values.ts';
import { toValue } from '../evaluate/boundary.ts';
import type { Internal } from '../python/types.ts';

const load = createRequire(import.meta.url);

export class JmesPathError extends Error {}

/** What the expression selects. @throws JmesPathError when it is no expression, or does not fit the data. */
export function search(value: Internal, expression: string): Internal {
  try {
    const { search: query }: typeof import('@metrichor/jmespath') = load('@metrichor/jmespath');
    return fromPlain(query(plain(value), expression));
  } catch (error) {
    throw new JmesPathError(error instanceof Error ? error.message : String(error));
  }
}

function plain(value: Internal): JSONValue {
  return json(toPlain(toValue(value)));
}

/** The data as the library types it. */
function json(data: unknown): JSONValue {
  if (data === null || typeof data === 'string' || typeof data === 'boolean') return data;
  if (typeof data === 'number' || typeof data === 'bigint') return Number(data);
  if (Array.isArray(data)) return data.map(json);
  if (typeof data !== 'object') return null;
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [keyText(key), json(item)]));
}

/** JSON as the API carries it, and readers that never throw: a field of the wrong type reads as absent. */
export type Json = null | boolean | number | string | readonly Json[] | Fields;
export type Fields = { readonly [name: string]: Json };

export function asText(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function asFields(value: Json | undefined): Fields | undefined {
  return isFields(value) ? value : undefined;
}

export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

/** The text values of a map, as labels and environments are. Numbers and booleans become text. */
export function asTextMap(value: Json | undefined): Record<string, string> {
  const entries = Object.entries(asFields(value) ?? {});
  return Object.fromEntries(entries.map(([key, item]) => [key, item === null ? '' : String(item)]));
}

function isFields(value: Json | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses a text that should hold one JSON object; undefined when it does not. */
export function parseFields(text: string): Fields | undefined {
  try {
    const value: Json = JSON.parse(text);
    return asFields(value);
  } catch {
    return undefined;
  }
}

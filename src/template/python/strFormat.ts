/** Python's `str.format`: fields with attributes, elements, conversions and format specifications. */
import { undefinedError, usageError, valueError } from './errors.ts';
import { formatValue } from './formatSpec.ts';
import { repr, str } from './text.ts';
import { type Arguments, type Internal, Undefined } from './types.ts';

/** How fields reach into values; handed in because attribute access itself offers `format`. */
export interface Access {
  readonly attributeOf: (value: Internal, name: string) => Internal;
  readonly elementOf: (value: Internal, key: Internal) => Internal;
}

/** `template.format(*positional, **keyword)`. */
export function strFormat(template: string, args: Arguments, access: Access): string {
  return new Formatter(args, access).format(template, 2);
}

class Formatter {
  readonly #args: Arguments;
  readonly #access: Access;
  #nextIndex = 0;

  constructor(args: Arguments, access: Access) {
    this.#args = args;
    this.#access = access;
  }

  format(template: string, depth: number): string {
    if (depth < 0) throw valueError('Max string recursion exceeded');
    let result = '';
    for (let at = 0; at < template.length; at++) {
      const char = template.charAt(at);
      if (char !== '{' && char !== '}') {
        result += char;
      } else if (template.charAt(at + 1) === char) {
        result += char;
        at++;
      } else if (char === '}') {
        throw valueError("Single '}' encountered in format string");
      } else {
        const end = fieldEnd(template, at);
        result += this.#field(template.slice(at + 1, end), depth);
        at = end;
      }
    }
    return result;
  }

  #field(field: string, depth: number): string {
    const match = /^([^:![\].]*)((?:\.[^.[\]:!]+|\[[^\]]*\])*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(
      field,
    );
    if (match === null) throw valueError(`invalid replacement field {${field}}`);
    const [, name = '', path = '', conversion, spec = ''] = match;
    const value = this.#value(name, path);
    if (value instanceof Undefined) throw undefinedError(value);
    const converted =
      conversion === undefined ? value : conversion === 's' ? str(value) : repr(value);
    return formatValue(converted, this.format(spec, depth - 1));
  }

  #value(name: string, path: string): Internal {
    let value = this.#argument(name);
    for (const [, attribute, element] of path.matchAll(/\.([^.[\]]+)|\[([^\]]*)\]/g)) {
      if (attribute !== undefined) value = this.#access.attributeOf(value, attribute);
      else value = this.#access.elementOf(value, elementKey(element ?? ''));
    }
    return value;
  }

  #argument(name: string): Internal {
    const key = name === '' ? String(this.#nextIndex++) : name;
    if (!/^\d+$/.test(key)) {
      const value = this.#args.keyword.get(key);
      if (value === undefined) throw usageError(`no value for {${key}} in format string`);
      return value;
    }
    const value = this.#args.positional[Number(key)];
    if (value === undefined) {
      throw usageError(`Replacement index ${key} out of range for positional args tuple`);
    }
    return value;
  }
}

function fieldEnd(template: string, start: number): number {
  let depth = 0;
  for (let at = start; at < template.length; at++) {
    if (template.charAt(at) === '{') depth++;
    if (template.charAt(at) === '}' && --depth === 0) return at;
  }
  throw valueError("expected '}' before end of string");
}

function elementKey(text: string): Internal {
  return /^\d+$/.test(text) ? Number(text) : text;
}

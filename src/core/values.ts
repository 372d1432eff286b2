/**
 * The data that playbooks speak of, with Python's distinctions that JavaScript lacks: dicts keep their order and take
 * keys of any scalar type (`Map`), integers are exact (`bigint` beyond 2^53), and 1.0 is not 1 (`Float`).
 */
export type Value = Scalar | Value[] | Dict;
export type Scalar = null | boolean | number | bigint | string | Float | Uint8Array | Date;
export type Dict = Map<Value, Value>;

/** A Python float whose value is integral (1.0, 1e3). Every other float is a plain non-integral `number`. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
  valueOf(): number {
    return this.value;
  }
}

/** A Python tuple: a list in every way but its text form and its immutability. */
export class Tuple extends Array<Value> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

export function isDict(value: unknown): value is Dict {
  return value instanceof Map;
}

/** JSON-like data (module results, parsed JSON) as a `Value`. Keys keep the object's order; `undefined` members are left out. */
export function fromPlain(plain: unknown): Value {
  if (plain === null || plain === undefined) return null;
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (plain instanceof Map) {
    return new Map([...plain].map(([key, value]) => [fromPlain(key), fromPlain(value)]));
  }
  if (isScalarObject(plain)) return plain;
  if (typeof plain === 'object') return dictOf(plain);
  if (typeof plain === 'function' || typeof plain === 'symbol') return String(plain);
  return plain as Scalar;
}

function isScalarObject(plain: unknown): plain is Float | Uint8Array | Date {
  return plain instanceof Float || plain instanceof Uint8Array || plain instanceof Date;
}

function dictOf(plain: object): Dict {
  const dict = new Map<Value, Value>();
  for (const [key, value] of Object.entries(plain)) {
    if (value !== undefined) dict.set(key, fromPlain(value));
  }
  return dict;
}

/**
 * A `Value` as JSON-like data: dicts become objects (keys as text), `Float` a number, bytes and dates text.
 * What a `bigint` holds beyond 2^53 stays a `bigint`.
 */
export function toPlain(value: Value): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [keyText(key), toPlain(item)]));
  }
  if (value instanceof Float) return value.value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof Date) return value.toISOString();
  return value;
}

/** How JSON writes a dict's key that is no string: as `json.dumps` does (`true`, `null`, `1`). */
export function keyText(key: Value): string {
  return typeof key === 'string' ? key : String(key instanceof Float ? `${key.value}.0` : key);
}

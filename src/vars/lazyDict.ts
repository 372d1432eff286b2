/** A dict whose values are computed when read. To templates it is a `Map` like any other, but reading one key costs one key. */
import type { Value } from '../core/values.ts';

export class LazyDict extends Map<Value, Value> {
  readonly #keys: () => Iterable<string>;
  readonly #compute: (key: string) => Value | undefined;

  constructor(keys: () => Iterable<string>, compute: (key: string) => Value | undefined) {
    super();
    this.#keys = keys;
    this.#compute = compute;
  }

  override get(key: Value): Value | undefined {
    if (super.has(key)) return super.get(key);
    const value = typeof key === 'string' ? this.#compute(key) : undefined;
    if (value !== undefined) super.set(key, value);
    return value;
  }

  override has(key: Value): boolean {
    if (super.has(key) || typeof key !== 'string') return super.has(key);
    for (const known of this.#keys()) if (known === key) return true;
    return false;
  }

  override get size(): number {
    return [...this.#keys()].length;
  }

  override *keys(): MapIterator<Value> {
    yield* this.#keys();
  }

  override *values(): MapIterator<Value> {
    for (const [, value] of this.entries()) yield value;
  }

  override *entries(): MapIterator<[Value, Value]> {
    for (const key of this.#keys()) yield [key, this.get(key) ?? null];
  }

  override [Symbol.iterator](): MapIterator<[Value, Value]> {
    return this.entries();
  }

  override forEach(visit: (value: Value, key: Value, map: Map<Value, Value>) => void): void {
    for (const [key, value] of this.entries()) visit(value, key, this);
  }
}

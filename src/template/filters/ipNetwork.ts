/** An address with its network, of either version, as numbers. */
import { Address4, Address6 } from 'ip-address';

export interface Network {
  readonly version: 4 | 6;
  /** Bits of an address: 32 or 128. */
  readonly bits: number;
  readonly address: bigint;
  readonly prefix: number;
  /** Whether the text named a prefix or mask. */
  readonly hasPrefix: boolean;
  /** Network and broadcast (or last) address. */
  readonly first: bigint;
  readonly last: bigint;
  /** The addresses that hosts can have. */
  readonly firstUsable: bigint;
  readonly lastUsable: bigint;
  /** An address of this version as text, with `/prefix` when given. */
  text(address: bigint, prefix?: number): string;
}

/** The network of `10.0.0.1/24`, `10.0.0.1/255.255.255.0`, `fe80::1/64` or a number; undefined when it is none. */
export function parseNetwork(value: string | number | bigint): Network | undefined {
  if (typeof value !== 'string') return fromNumber(BigInt(value));
  const [addressText = '', prefixText] = value.trim().split('/');
  const version = Address4.isValid(addressText) ? 4 : Address6.isValid(addressText) ? 6 : undefined;
  if (version === undefined) return undefined;
  const address =
    version === 4 ? new Address4(addressText).bigInt() : new Address6(addressText).bigInt();
  const prefix = prefixText === undefined ? undefined : prefixOf(prefixText, version);
  if (prefixText !== undefined && prefix === undefined) return undefined;
  return networkOf(version, address, prefix);
}

function fromNumber(value: bigint): Network | undefined {
  if (value < 0n || value >= 1n << 128n) return undefined;
  return networkOf(value < 1n << 32n ? 4 : 6, value, undefined);
}

function prefixOf(text: string, version: 4 | 6): number | undefined {
  if (/^\d+$/.test(text))
    return Number(text) <= (version === 4 ? 32 : 128) ? Number(text) : undefined;
  if (version !== 4 || !Address4.isValid(text)) return undefined;
  const bits = new Address4(text).bigInt().toString(2).padStart(32, '0');
  if (/^1*0*$/.test(bits)) return bits.replaceAll('0', '').length;
  return /^0*1*$/.test(bits) ? bits.replaceAll('1', '').length : undefined;
}

function networkOf(version: 4 | 6, address: bigint, given: number | undefined): Network {
  const bits = version === 4 ? 32 : 128;
  const prefix = given ?? bits;
  const size = 1n << BigInt(bits - prefix);
  const first = address - (address % size);
  const last = first + size - 1n;
  const hasEdges = size > 2n;
  return {
    version,
    bits,
    address,
    prefix,
    hasPrefix: given !== undefined,
    first,
    last,
    firstUsable: hasEdges ? first + 1n : first,
    lastUsable: hasEdges && version === 4 ? last - 1n : last,
    text: (number, length) =>
      `${addressText(version, number)}${length === undefined ? '' : `/${length}`}`,
  };
}

function addressText(version: 4 | 6, address: bigint): string {
  if (version === 4) return Address4.fromBigInt(address).correctForm();
  return Address6.fromBigInt(address).correctForm();
}

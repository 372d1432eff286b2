/** Checksums as `get_url` takes them: `sha256:<hex>`, or `sha256:<URL of a checksum file>`. */
import { ModuleError } from '../../core/errors.ts';

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export interface Checksum {
  readonly algorithm: Algorithm;
  /** Hex digits in lower case, or the address of a file that lists them. */
  readonly value: string;
  readonly isUrl: boolean;
}

/** @throws ModuleError when it has another form. */
export function parseChecksum(text: string | undefined): Checksum | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const [, name = '', value = ''] = /^\s*([^:\s]+)\s*:\s*(\S+)\s*$/.exec(text) ?? [];
  const algorithm = ALGORITHMS.find((each) => each === name.toLowerCase());
  if (algorithm === undefined) {
    throw new ModuleError(`the checksum "${text}" does not have the form ALGORITHM:DIGEST`, {
      hint: `algorithms: ${ALGORITHMS.join(', ')}`,
    });
  }
  const isUrl = /^(https?|file):\/\//.test(value);
  if (!isUrl && !/^[0-9a-fA-F]+$/.test(value)) {
    throw new ModuleError(`the checksum "${text}" holds no hexadecimal digest`);
  }
  return { algorithm, value: isUrl ? value : value.toLowerCase(), isUrl };
}

/**
 * The digest of `file` in a checksum file: `DIGEST  NAME`, `DIGEST *./NAME`, BSD's `SHA256 (NAME) = DIGEST`, or one digest alone.
 * @throws ModuleError when there is none.
 */
export function digestFor(list: string, file: string, source: string): string {
  const lines = list.split('\n').filter((line) => line.trim() !== '');
  for (const line of lines) {
    const [, digest, name] = /^\s*([0-9a-fA-F]{32,128})\s+\*?(?:\.\/)?(.*?)\s*$/.exec(line) ?? [];
    if (digest !== undefined && (name === file || name?.endsWith(`/${file}`)))
      return digest.toLowerCase();
    const [, bsdName, bsdDigest] = /^\w+ \((?:\.\/)?(.*)\) = ([0-9a-fA-F]+)\s*$/.exec(line) ?? [];
    if (bsdDigest !== undefined && bsdName === file) return bsdDigest.toLowerCase();
  }
  const [only = ''] = lines;
  if (lines.length === 1 && /^\s*[0-9a-fA-F]{32,128}\s*$/.test(only))
    return only.trim().toLowerCase();
  throw new ModuleError(`the checksum file ${source} has no entry for "${file}"`);
}

/** The body of a `uri` request, from what the playbook wrote. */
import { randomBytes } from 'node:crypto';
import { basename } from 'node:path';
import { ModuleError } from '../../core/errors.ts';
import { isDict, toPlain, type Value } from '../../core/values.ts';

/** The type of a body of which nothing else is known: roles write forms as text and count on it. */
export const FORM = 'application/x-www-form-urlencoded';

export const JSON_TYPE = 'application/json';

export type BodyFormat = 'raw' | 'json' | 'form-urlencoded' | 'form-multipart';

export interface Body {
  readonly content: Buffer;
  readonly contentType: string;
}

/** Reads a file that a multipart part names. */
export type ReadFile = (name: string) => Promise<Buffer>;

/** @throws ModuleError when the value does not fit the format. */
export async function requestBody(
  value: Value,
  format: BodyFormat,
  readFile: ReadFile,
): Promise<Body> {
  switch (format) {
    case 'raw':
      return { content: rawContent(value), contentType: FORM };
    case 'json':
      return { content: jsonContent(value), contentType: JSON_TYPE };
    case 'form-urlencoded':
      return {
        content: Buffer.from(formText(value)),
        contentType: FORM,
      };
    case 'form-multipart':
      return multipart(value, readFile);
  }
}

/** Text and bytes as they are; data as JSON, since templates turn JSON text into data. */
function rawContent(value: Value): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(toPlain(value)));
}

/** A text is taken to be JSON already. */
function jsonContent(value: Value): Buffer {
  return Buffer.from(
    typeof value === 'string' ? value : JSON.stringify(toPlain(value), exactIntegers),
  );
}

function exactIntegers(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** A dict, or a list of pairs; a value that is a list gives its key several times. */
export function formText(value: Value): string {
  if (typeof value === 'string') return value;
  const pairs = isDict(value) ? [...value] : pairsOf(value);
  const parameters = new URLSearchParams();
  for (const [key, item] of pairs) {
    for (const each of Array.isArray(item) ? item : [item])
      parameters.append(plainText(key), plainText(each));
  }
  return parameters.toString();
}

function pairsOf(value: Value): [Value, Value][] {
  if (!Array.isArray(value)) throw wrongBody('form-urlencoded', 'a dict or a list of pairs');
  return value.map((pair) => {
    if (Array.isArray(pair) && pair.length === 2) return [pair[0] ?? null, pair[1] ?? null];
    throw wrongPair(pair);
  });
}

function wrongPair(pair: Value): ModuleError {
  const isShort = (Array.isArray(pair) ? pair : plainText(pair)).length < 2;
  const problem = `${isShort ? 'not enough' : 'too many'} values to unpack`;
  return new ModuleError(`failed to parse body as form_urlencoded: ${problem}`, {
    hint: 'write a dict, or a list of pairs',
  });
}

function plainText(value: Value): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const plain = toPlain(value);
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
}

async function multipart(value: Value, readFile: ReadFile): Promise<Body> {
  if (!isDict(value)) throw wrongBody('form-multipart', 'a dict');
  const boundary = `drover-${randomBytes(16).toString('hex')}`;
  const parts = await Promise.all(
    [...value].map(([name, part]) => multipartPart(plainText(name), part, readFile)),
  );
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n`),
    part,
    Buffer.from('\r\n'),
  ]);
  return {
    content: Buffer.concat([...pieces, Buffer.from(`--${boundary}--\r\n`)]),
    contentType: `multipart/form-data; boundary=${boundary}`,
  };
}

/** A text, or a dict of `filename`, `content`, `mime_type`: RFC 7578. */
async function multipartPart(name: string, part: Value, readFile: ReadFile): Promise<Buffer> {
  if (!isDict(part)) {
    if (typeof part !== 'string') throw wrongPart(name, part);
    return formPart([`name="${escapeName(name)}"`], 'text/plain', Buffer.from(part));
  }
  const filename = part.get('filename');
  const given = part.get('content');
  if (typeof filename !== 'string' && given === undefined) {
    throw new ModuleError(`the part "${name}" of the body needs "filename" or "content"`);
  }
  const content = given === undefined ? await readFile(String(filename)) : rawContent(given);
  const type = plainText(part.get('mime_type') ?? 'application/octet-stream');
  const names = [
    `name="${escapeName(name)}"`,
    ...(typeof filename === 'string' ? [`filename="${escapeName(basename(filename))}"`] : []),
  ];
  return formPart(names, type, content);
}

function formPart(names: readonly string[], type: string, content: Buffer): Buffer {
  const disposition = ['form-data', ...names].join('; ');
  const head = `Content-Disposition: ${disposition}\r\nContent-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content]);
}

function wrongPart(name: string, part: Value): ModuleError {
  const found = `value must be a string, or mapping, cannot be type ${pythonType(part)}`;
  return new ModuleError(`failed to parse body as form-multipart: ${found}`, {
    hint: `put the value of "${name}" in quotes`,
  });
}

/** As Python calls the types that no part may have. */
function pythonType(value: Value): string {
  if (value === null) return 'NoneType';
  if (typeof value === 'boolean') return 'bool';
  if (Array.isArray(value)) return 'list';
  const isInteger = typeof value === 'bigint' || Number.isInteger(value);
  return isInteger ? 'int' : 'float';
}

function escapeName(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function wrongBody(format: BodyFormat, wanted: string): ModuleError {
  return new ModuleError(`"body_format: ${format}" needs "body" to be ${wanted}`);
}

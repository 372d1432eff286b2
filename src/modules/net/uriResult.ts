/** An HTTP answer as the return keys that playbooks know. */
import type { ResultData } from '../../core/results.ts';

/** Headers as return keys: `Content-Type` becomes `content_type`. */
export function headerData(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.replaceAll('-', '_'), value]),
  );
}

/** `cookies` by name and `cookies_string`, from Set-Cookie headers; the last one of a name counts. */
export function cookieData(setCookies: readonly string[]) {
  const cookies = Object.fromEntries(
    setCookies
      .map((line) => line.split(';', 1)[0] ?? '')
      .map((pair) => [
        pair.slice(0, pair.indexOf('=')).trim(),
        pair.slice(pair.indexOf('=') + 1).trim(),
      ]),
  );
  const text = Object.entries(cookies).map(([name, value]) => `${name}=${value}`);
  return { cookies, cookies_string: text.join('; ') };
}

const CENSORED = '********';

/** The data of a result without the password of the request, which servers like to repeat: neither in texts nor in names of JSON. */
export function withoutPassword(data: ResultData, password: string | undefined): ResultData {
  if (password === undefined || password === '') return data;
  const entries = Object.entries(data).map(([key, value]) => [key, censored(value, password)]);
  return Object.fromEntries(entries);
}

function censored(value: unknown, password: string): unknown {
  if (typeof value === 'string') return value.replaceAll(password, CENSORED);
  if (Array.isArray(value)) return value.map((item) => censored(item, password));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]) => [
    key.replaceAll(password, CENSORED),
    censored(item, password),
  ]);
  return Object.fromEntries(entries);
}

/** The data of a JSON answer; undefined when its type is another, or it is not valid. */
export function jsonOf(content: Buffer, headers: Readonly<Record<string, string>>): unknown {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (!/json|javascript/i.test(type.split('/')[1] ?? '')) return undefined;
  try {
    return JSON.parse(textOf(content, headers));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The answer as text, in the charset that it names. */
export function textOf(content: Buffer, headers: Readonly<Record<string, string>>): string {
  const charset = /charset="?([\w-]+)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(content);
  } catch (error) {
    if (error instanceof RangeError) return content.toString('utf8');
    throw error;
  }
}

/** The forms in which a secret comes by in outputs: as it is, line by line, quoted, escaped and encoded. */

/** In characters. Shorter values ("1", "no", "yes") would blank out half of every output; they are not redacted by value. */
const MIN_LENGTH = 4;
/** Of a line of a longer secret: a bracket or a word is not what is secret in it. */
const MIN_LINE_LENGTH = 8;
/** In bytes, of secrets that are also found in the middle of longer base64 and as hex. */
const MIN_ENCODED_BYTES = 6;

/** Empty when the text is too short to be told from anything else. */
export function spellingsOf(text: string): ReadonlySet<string> {
  const trimmed = text.trim();
  if (trimmed.length < MIN_LENGTH) return new Set();
  const forms = [text, trimmed, ...longLines(trimmed)];
  return new Set([
    ...forms.flatMap(escaped),
    ...[text, trimmed, ...jsonForms(trimmed)].flatMap(encoded),
  ]);
}

/** What `stdout_lines`, indented blocks and diffs show of a secret of several lines. */
function longLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r]/).map((line) => line.trim());
  return lines.length === 1 ? [] : lines.filter((line) => line.length >= MIN_LINE_LENGTH);
}

/** In quotes of shells, JSON, Python, URLs and HTML; JSON also around those of shells, and around JSON. */
function escaped(text: string): string[] {
  const quoted = [text, ...shellForms(text), ...jsonForms(text)];
  return [
    ...quoted,
    ...quoted.flatMap(jsonForms),
    pythonForm(text),
    htmlForm(text),
    ...urlForms(text),
  ];
}

/** Inside single quotes, as our own `quote` and Python's `shlex.quote` leave them, and after backslashes. */
function shellForms(text: string): string[] {
  return [
    text.replaceAll("'", `'\\''`),
    text.replaceAll("'", `'"'"'`),
    text.replace(/[^\w@%+=:,./\n-]/g, '\\$&'),
    text.replace(/["$`\\]/g, '\\$&'),
  ];
}

function jsonForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  return [json, json.replace(/[^\0-\x7f]/g, unicodeEscape)];
}

/** In `'…'` as `repr` writes texts. */
function pythonForm(text: string): string {
  const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return text.replace(/[\\'\n\r\t]/g, (character) => named[character] ?? `\\${character}`);
}

function htmlForm(text: string): string {
  const named: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
  return text.replace(
    /[&<>"']/g,
    (character) => named[character] ?? `&#${character.charCodeAt(0)};`,
  );
}

function unicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** By RFC 3986 as JavaScript has it and strictly, as browsers send forms; `/` kept as Python does, `+` for a blank. */
function urlForms(text: string): string[] {
  const loose = encodeURIComponent(Buffer.from(text).toString());
  const strict = loose.replace(/[!'()*]/g, percentEncoded);
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const forms = [loose, strict, form].flatMap((each) => [each, each.replaceAll('%2F', '/')]);
  return forms
    .flatMap((each) => [each, each.replaceAll('%20', '+')])
    .flatMap((each) => [each, each.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

function percentEncoded(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function encoded(text: string): string[] {
  const bytes = Buffer.from(text);
  const base64 = bytes.toString('base64');
  const whole = [base64, base64.replace(/=+$/, '')];
  if (bytes.length < MIN_ENCODED_BYTES) return whole.flatMap(withUrlSafe);
  const hex = bytes.toString('hex');
  return [...[...whole, ...innerBase64(bytes)].flatMap(withUrlSafe), hex, hex.toUpperCase()];
}

/**
 * What base64 of a longer text that has `bytes` in it shows of them, for each of the three ways they can fall
 * (`user:password` of HTTP's basic authentication): the digits that depend on no neighbour.
 */
function innerBase64(bytes: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const digits = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64');
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor(((shift + bytes.length) * 8) / 6);
    return digits.slice(first, last);
  });
}

function withUrlSafe(base64: string): string[] {
  return [base64, base64.replaceAll('+', '-').replaceAll('/', '_')];
}

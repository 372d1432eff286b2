/** XML as text: its tokens, how it tells its encoding, and how values are escaped. Nothing here knows the tree. */

const LEAF = String.raw`<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>`;
const TAG = `<(?:[^"'<>]|"[^"]*"|'[^']*')*>`;
const SUBSET = String.raw`\[(?:<!--[\s\S]*?-->|[^\]"']|"[^"]*"|'[^']*')*\]\s*`;
const DOCTYPE = String.raw`<!DOCTYPE(?:[^\["'<>]|"[^"]*"|'[^']*')*(?:${SUBSET})?>`;

export interface Parts {
  /** What stands before the root element: declaration, comments, document type. */
  readonly prolog: string;
  /** Of the root element: tags, texts, comments, sections of CDATA, instructions. */
  readonly tokens: readonly string[];
  readonly epilog: string;
}

/** @param text well-formed */
export function partsOf(text: string): Parts {
  const around = String.raw`(?:\s+|${LEAF}|${DOCTYPE})*`;
  const prolog = new RegExp(String.raw`^\uFEFF?${around}`).exec(text)?.[0] ?? '';
  const tokens = tokensOf(text.slice(prolog.length));
  const last = tokens.findLastIndex((token) => /^<[^!?]/.test(token));
  return {
    prolog,
    tokens: tokens.slice(0, last + 1),
    epilog: tokens.slice(last + 1).join(''),
  };
}

function tokensOf(text: string): string[] {
  return text.match(new RegExp(`${LEAF}|${TAG}|[^<]+`, 'g')) ?? [];
}

/** What is not well-formed, and the parser takes all the same: ampersands and ends of CDATA in texts. */
export function isFlawed(text: string): string | undefined {
  const { tokens } = partsOf(text);
  for (const token of tokens) {
    const isMarkup = token.startsWith('<!') || token.startsWith('<?');
    if (isMarkup) continue;
    if (/&(?!#\d+;|#x[\da-fA-F]+;|[\p{L}_:][\p{L}\p{N}_:.-]*;)/u.test(token)) {
      return `an ampersand that begins no entity: ${token.trim()}`;
    }
    if (!token.startsWith('<') && token.includes(']]>')) return `"]]>" in a text: ${token.trim()}`;
  }
  return undefined;
}

export interface RawAttribute {
  readonly name: string;
  /** Blanks before it, its name, the equals sign with blanks around: all but the value. */
  readonly lead: string;
  /** With its quotes. */
  readonly value: string;
}

export interface RawTag {
  /** `<` and the name. */
  readonly open: string;
  readonly attributes: readonly RawAttribute[];
  /** What follows the last attribute: blanks, a slash, `>`. */
  readonly close: string;
}

export function rawTag(tag: string): RawTag {
  const open = /^<[^\s/>]+/.exec(tag)?.[0] ?? '';
  const rest = tag.slice(open.length);
  const found = [...rest.matchAll(/(\s+([^\s=]+)\s*=\s*)("[^"]*"|'[^']*')/g)];
  const attributes = found.map(([, lead = '', name = '', value = '']) => ({ name, lead, value }));
  const length = attributes.reduce((sum, { lead, value }) => sum + lead.length + value.length, 0);
  return { open, attributes, close: rest.slice(length) };
}

export interface XmlText {
  readonly text: string;
  /** Whether the bytes are the text in UTF-8, so that what is not touched can stay. */
  readonly isUtf8: boolean;
}

/** A document's text, by its byte order mark or by the encoding that it names. @throws Error for bytes that are none of it */
export function decoded(bytes: Buffer): XmlText {
  const label = encodingOf(bytes);
  if (/^(iso-8859-1|latin-?1|us-ascii|ascii)$/i.test(label)) {
    return { text: bytes.toString('latin1'), isUtf8: false };
  }
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  const text = decoder.decode(bytes);
  return decoder.encoding === 'utf-8'
    ? { text, isUtf8: true }
    : { text: text.replace(/^\uFEFF/, ''), isUtf8: false };
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  const start = bytes.subarray(0, 256).toString('latin1');
  return /^(?:\xEF\xBB\xBF)?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)/.exec(start)?.[1] ?? 'utf-8';
}

/** The declaration of a document that is written in UTF-8 from now on. */
export function declaredUtf8(prolog: string): string {
  return prolog.replace(/^(<\?xml[^>]*?encoding\s*=\s*["'])[\w.-]+/, '$1UTF-8');
}

export function escapedText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => TEXT_ESCAPES[character] ?? character);
}

export function quotedAttribute(value: string): string {
  const escaped = value.replace(/[&<>"\r\n\t]/g, (each) => ATTRIBUTE_ESCAPES[each] ?? each);
  return `"${escaped}"`;
}

const TEXT_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '&#13;',
};
const ATTRIBUTE_ESCAPES: Readonly<Record<string, string>> = {
  ...TEXT_ESCAPES,
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** @throws Error for a character that no XML document may hold */
export function checkedText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  if (/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(text)) {
    throw new Error(`a text for XML may not hold control characters: ${JSON.stringify(text)}`);
  }
  return text;
}

/** How each node of a parsed document was written, so that what nobody touches keeps its bytes. */
import { type Document, ELEMENT, type Element, type Node } from './dom.ts';
import { type Parts, partsOf, type RawTag, rawTag } from './markup.ts';

export interface ElementSource {
  readonly tag: RawTag;
  /** Empty for `<a/>`. */
  readonly endTag: string;
  /** It had no content. */
  readonly isEmpty: boolean;
  /** Values by qualified name, as they were read. */
  readonly values: ReadonlyMap<string, string>;
}

export interface LeafSource {
  readonly raw: string;
  /** As it was read. */
  readonly value: string | null;
}

export interface Sources {
  readonly parts: Parts;
  readonly elements: ReadonlyMap<Node, ElementSource>;
  readonly leaves: ReadonlyMap<Node, LeafSource>;
}

/** @param text what `document` was parsed from */
export function sourcesOf(document: Document, text: string): Sources {
  const parts = partsOf(text);
  const elements = new Map<Node, ElementSource>();
  const leaves = new Map<Node, LeafSource>();
  let at = 0;
  const next = (): string => {
    const token = parts.tokens[at];
    if (token === undefined) throw new Error('a document has a token for each of its nodes');
    at += 1;
    return token;
  };
  const visit = (node: Node): void => {
    const raw = next();
    if (!isElement(node)) {
      leaves.set(node, { raw, value: node.nodeValue });
      return;
    }
    for (const child of node.childNodes) visit(child);
    const endTag = raw.endsWith('/>') ? '' : next();
    const isEmpty = node.childNodes.length === 0;
    elements.set(node, { tag: rawTag(raw), endTag, isEmpty, values: attributeValues(node) });
  };
  if (document.documentElement !== null) visit(document.documentElement);
  return { parts, elements, leaves };
}

function attributeValues(element: Element): ReadonlyMap<string, string> {
  return new Map([...element.attributes].map(({ name, value }) => [name, value]));
}

export function isElement(node: Node | null | undefined): node is Element {
  return node?.nodeType === ELEMENT;
}

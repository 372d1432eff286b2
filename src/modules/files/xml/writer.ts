/**
 * Trees as texts: with the bytes they were read from, or as libxml2 writes them (declaration, double quotes, `<a/>`), with or
 * without indentation.
 */
import {
  type Attr,
  CDATA,
  COMMENT,
  DOCTYPE,
  type Document,
  type Element,
  INSTRUCTION,
  type Node,
  TEXT,
} from './dom.ts';
import { declaredUtf8, escapedText, quotedAttribute, type RawTag } from './markup.ts';
import { type ElementSource, isElement, type Sources } from './sources.ts';

const DECLARATION = `<?xml version='1.0' encoding='UTF-8'?>\n`;

/** The document with its own bytes wherever it is as it was read. */
export function keptText(document: Document, sources: Sources, isUtf8: boolean): string {
  const { prolog, epilog } = sources.parts;
  const root = document.documentElement;
  const content = root === null ? '' : nodeText(root, sources);
  return `${isUtf8 ? prolog : declaredUtf8(prolog)}${content}${epilog}`;
}

/** The whole document anew. */
export function plainText(document: Document): string {
  const nodes = [...document.childNodes].filter((node) => !isDeclaration(node));
  const text = (node: Node) => `${nodeText(node)}${node.nodeType === DOCTYPE ? '\n' : ''}`;
  return `${DECLARATION}${nodes.map(text).join('')}`;
}

/** The whole document anew, an element a line. Blanks of the document should be gone before (`withoutBlanks`). */
export function prettyText(document: Document): string {
  const nodes = [...document.childNodes].filter((node) => !isDeclaration(node));
  return `${DECLARATION}${nodes.map((node) => `${indented(node, 0)}\n`).join('')}`;
}

function isDeclaration(node: Node): boolean {
  const isText = node.nodeType === TEXT;
  return isText || (node.nodeType === INSTRUCTION && node.nodeName.toLowerCase() === 'xml');
}

/** Without what follows it. */
export function nodeText(node: Node, sources?: Sources): string {
  if (!isElement(node)) return leafText(node, sources);
  const content = [...node.childNodes].map((child) => nodeText(child, sources)).join('');
  return elementText(node, content, sources?.elements.get(node));
}

/** An element with texts in it keeps its content on one line: blanks would be texts of it. */
function indented(node: Node, depth: number): string {
  if (!isElement(node)) return leafText(node);
  const children = [...node.childNodes];
  const isMixed = children.some(({ nodeType }) => nodeType === TEXT || nodeType === CDATA);
  if (isMixed || children.length === 0) return nodeText(node);
  const line = (child: Node) => `\n${'  '.repeat(depth + 1)}${indented(child, depth + 1)}`;
  return elementText(node, `${children.map(line).join('')}\n${'  '.repeat(depth)}`);
}

function elementText(element: Element, content: string, source?: ElementSource): string {
  const start = startTag(element, source);
  const hadEndTag = source !== undefined && source.endTag !== '';
  const keepsPair = hadEndTag && source.isEmpty;
  if (element.childNodes.length === 0 && !keepsPair) return start.replace(/\s*\/?>$/, closed);
  const end = hadEndTag ? source.endTag : `</${element.tagName}>`;
  return `${start.replace(/\s*\/>$/, '>')}${content}${end}`;
}

/** The end of a tag for an element without content. */
function closed(end: string): string {
  return end.endsWith('/>') ? end : '/>';
}

function startTag(element: Element, source?: ElementSource): string {
  const { open, attributes: raw, close } = source?.tag ?? newTag(element);
  const kept = raw.map(({ name, lead, value }) => {
    const now = element.getAttribute(name);
    if (now === null) return '';
    return `${lead}${now === source?.values.get(name) ? value : quotedAttribute(now)}`;
  });
  const added = [...element.attributes].filter(({ name }) => source?.values.has(name) !== true);
  const namespaces = added.filter(isNamespace).map(newAttribute);
  const others = added.filter((attribute) => !isNamespace(attribute)).map(newAttribute);
  const place = raw.findLastIndex(isNamespace) + 1;
  return [open, ...kept.toSpliced(place, 0, ...namespaces), ...others, close].join('');
}

function newTag({ tagName }: Element): RawTag {
  return { open: `<${tagName}`, attributes: [], close: '>' };
}

function newAttribute({ name, value }: Attr): string {
  return ` ${name}=${quotedAttribute(value)}`;
}

/** Declarations of namespaces stand before other attributes. */
function isNamespace({ name }: { readonly name: string }): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:');
}

function leafText(node: Node, sources?: Sources): string {
  const source = sources?.leaves.get(node);
  const value = node.nodeValue ?? '';
  if (source !== undefined && source.value === node.nodeValue) return source.raw;
  switch (node.nodeType) {
    case CDATA:
      return `<![CDATA[${value}]]>`;
    case COMMENT:
      return `<!--${value}-->`;
    case INSTRUCTION:
      return `<?${node.nodeName}${value === '' ? '' : ` ${value}`}?>`;
    case DOCTYPE:
      return String(node);
    default:
      return escapedText(value);
  }
}

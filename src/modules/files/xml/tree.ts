/** Changes of a tree, with the rules that lxml has: what follows an element up to the next one goes with it. */
import {
  CDATA,
  COMMENT,
  type Document,
  type Element,
  INSTRUCTION,
  type Node,
  TEXT,
} from './dom.ts';
import { checkedText } from './markup.ts';
import { isElement } from './sources.ts';

/** Elements, and the comments and instructions that count as such. */
export function isElementLike(node: Node | null | undefined): node is Node {
  return isElement(node) || node?.nodeType === COMMENT || node?.nodeType === INSTRUCTION;
}

function isTextual({ nodeType }: Node): boolean {
  return nodeType === TEXT || nodeType === CDATA;
}

/** The text before the first child; null when there is none. */
export function textOf(element: Element): string | null {
  const texts = leadingTexts(element);
  return texts.length === 0 ? null : texts.map(({ nodeValue }) => nodeValue ?? '').join('');
}

function leadingTexts(element: Element): Node[] {
  const children = [...element.childNodes];
  const end = children.findIndex((child) => !isTextual(child));
  return end < 0 ? children : children.slice(0, end);
}

/** Replaces the text before the first child. An empty text leaves start and end tag. */
export function setText(element: Element, text: string): void {
  for (const node of leadingTexts(element)) element.removeChild(node);
  const node = ownerOf(element).createTextNode(checkedText(text));
  element.insertBefore(node, element.firstChild);
}

export function ownerOf(node: Node): Document {
  if (node.ownerDocument === null) throw new Error('a node in a tree has a document');
  return node.ownerDocument;
}

/** Takes the text after it away too. */
export function removeNode(node: Node): void {
  const after = siblingsAfter(node);
  const end = after.findIndex((sibling) => !isTextual(sibling));
  const tail = end < 0 ? after : after.slice(0, end);
  for (const gone of [...tail, node]) node.parentNode?.removeChild(gone);
}

/** The next element, comment or instruction beside it. */
export function nextElementLike(node: Node): Node | null {
  return siblingsAfter(node).find(isElementLike) ?? null;
}

function siblingsAfter(node: Node): Node[] {
  const siblings = [...(node.parentNode?.childNodes ?? [])];
  return siblings.slice(siblings.indexOf(node) + 1);
}

/**
 * Takes away the blank texts that only lay a document out, by libxml2's rule: not the only content of an element, not
 * beside other texts, not under `xml:space="preserve"`.
 */
export function withoutBlanks(element: Element): void {
  const space = element.getAttribute('xml:space');
  if (space === 'preserve') return;
  const children = [...element.childNodes];
  let last: Node | undefined;
  for (const [index, child] of children.entries()) {
    const isOnly = last === undefined && index === children.length - 1;
    const first = element.firstChild === child ? undefined : element.firstChild;
    const isBeside = last?.nodeType === TEXT || first?.nodeType === TEXT;
    if (child.nodeValue === '' || (isBlank(child) && !isOnly && !isBeside)) {
      element.removeChild(child);
      continue;
    }
    if (isElement(child)) withoutBlanks(child);
    last = child;
  }
}

function isBlank(node: Node): boolean {
  return node.nodeType === TEXT && /^[ \t\r\n]*$/.test(node.nodeValue ?? '');
}

/** Sections of CDATA become texts. */
export function withoutCdata(node: Node): void {
  for (const child of [...node.childNodes]) {
    if (child.nodeType === CDATA) {
      node.replaceChild(ownerOf(child).createTextNode(child.nodeValue ?? ''), child);
    } else withoutCdata(child);
  }
}

/** What XPath expressions select, as the module asks it. A relative one starts at the root element. */
import {
  ATTRIBUTE,
  type Attr,
  CDATA,
  type Document,
  type Element,
  INSTRUCTION,
  type Namespaces,
  type Node,
  type Selection,
  selected,
  TEXT,
} from './dom.ts';
import { isElement } from './sources.ts';
import { isElementLike } from './tree.ts';

/** None for an expression that comes to a number, a text or a truth. */
export function nodesAt(context: Node, xpath: string, namespaces: Namespaces): readonly Node[] {
  const selection = selectionAt(context, xpath, namespaces);
  return typeof selection === 'object' ? selection : [];
}

export function selectionAt(context: Node, xpath: string, namespaces: Namespaces): Selection {
  return selected(xpath, rootOf(context) ?? context, namespaces);
}

export function elementsAt(context: Node, xpath: string, namespaces: Namespaces): Element[] {
  return nodesAt(context, xpath, namespaces).filter(isElement);
}

/** Whether the first of what is selected is an element, a comment or an instruction. */
export function isNodeAt(context: Node, xpath: string, namespaces: Namespaces): boolean {
  return isElementLike(nodesAt(context, xpath, namespaces)[0]);
}

function rootOf(node: Node): Element | null {
  return isDocument(node) ? node.documentElement : null;
}

function isDocument(node: Node): node is Document {
  return 'documentElement' in node;
}

/** The path that leads to a node, with numbers where siblings have the same name. */
export function pathOf(node: Node): string {
  const parent = isAttribute(node) ? node.ownerElement : node.parentNode;
  const above = parent === null || isDocument(parent) ? '' : pathOf(parent);
  return `${above}/${stepOf(node)}${position(node)}`;
}

export function isAttribute(node: Node): node is Attr {
  return node.nodeType === ATTRIBUTE;
}

function stepOf(node: Node): string {
  if (isElement(node)) return isUnprefixed(node) ? '*' : node.tagName;
  if (isAttribute(node)) return `@${node.nodeName}`;
  if (node.nodeType === TEXT || node.nodeType === CDATA) return 'text()';
  if (node.nodeType === INSTRUCTION) return `processing-instruction('${node.nodeName}')`;
  return 'comment()';
}

/** In a default namespace: XPath has no name for it. */
function isUnprefixed(element: Element): boolean {
  return element.namespaceURI !== null && element.prefix === null;
}

function position(node: Node): string {
  const siblings = isAttribute(node) ? [] : [...(node.parentNode?.childNodes ?? [])];
  const alike = siblings.filter((sibling) => isAlike(node, sibling));
  return alike.length < 2 ? '' : `[${alike.indexOf(node) + 1}]`;
}

function isAlike(node: Node, sibling: Node): boolean {
  if (!isElement(node)) return stepOf(sibling) === stepOf(node);
  return isElement(sibling) && (isUnprefixed(node) || sibling.tagName === node.tagName);
}

/** Names in namespaces: as playbooks write them (`p:name`, `{uri}name`), and the prefixes that they get in a document. */
import type { Element, Namespaces, Node } from './dom.ts';
import { isElement } from './sources.ts';
import { ownerOf } from './tree.ts';

export interface Name {
  /** Null outside all namespaces. */
  readonly uri: string | null;
  readonly local: string;
  /** The prefix to take where the document has none for the namespace; empty for the default namespace. */
  readonly prefix?: string | undefined;
}

const XMLNS = 'http://www.w3.org/2000/xmlns/';
const XML = 'http://www.w3.org/XML/1998/namespace';

/** `p:name`, with the prefixes of the task. @throws Error for an unknown prefix */
export function prefixedName(text: string, namespaces: Namespaces): Name {
  const [prefix = '', local] = text.split(/:(.*)/s);
  if (local === undefined) return clarkName(text);
  const uri = prefix === 'xml' ? XML : namespaces[prefix];
  if (uri === undefined) throw new Error(`the prefix ${prefix} is not among the namespaces`);
  return { uri, local: checkedName(local) };
}

/** `{uri}name` or `name`. */
export function clarkName(text: string): Name {
  const [, uri, local = text] = /^\{([^}]*)\}(.*)$/s.exec(text) ?? [];
  return { uri: uri === undefined || uri === '' ? null : uri, local: checkedName(local) };
}

function checkedName(name: string): string {
  if (/^[\p{L}_][\p{L}\p{N}_.·-]*$/u.test(name)) return name;
  throw new Error(`Invalid tag name '${name}'`);
}

export function nameOf({ namespaceURI, localName, prefix }: NamedNode): Name {
  return { uri: namespaceURI, local: localName ?? '', prefix: prefix ?? '' };
}

interface NamedNode {
  readonly namespaceURI: string | null;
  readonly localName: string | null;
  readonly prefix: string | null;
}

/** As results show names: `{uri}name`. */
export function shownName({ namespaceURI, localName }: NamedNode): string {
  return namespaceURI === null ? (localName ?? '') : `{${namespaceURI}}${localName}`;
}

export function isNamespaceDeclaration(attribute: NamedNode): boolean {
  return attribute.namespaceURI === XMLNS;
}

/** Prefixes that the element itself binds, with their URIs; the empty one is of the default namespace. */
export function declarations(element: Element): (readonly [string, string])[] {
  return [...element.attributes]
    .filter(isNamespaceDeclaration)
    .map(({ prefix, localName, value }) => [prefix === null ? '' : (localName ?? ''), value]);
}

export function setAttribute(element: Element, name: Name, value: string): void {
  if (name.uri === null) {
    element.setAttribute(name.local, value);
    return;
  }
  const existing = element.getAttributeNodeNS(name.uri, name.local);
  const qualified = existing?.name ?? `${attributePrefix(element, name)}:${name.local}`;
  element.setAttributeNS(name.uri, qualified, value);
}

/** A new child of `parent`, before `before` or as the last. It is named by the prefixes that `parent` knows. */
export function insertElement(parent: Element, name: Name, before: Node | null): Element {
  const document = ownerOf(parent);
  if (name.uri === null) {
    return insert(parent, document.createElementNS(null, name.local), before);
  }
  const known = knownPrefix(parent, name.uri, true);
  const prefix = known ?? name.prefix ?? freePrefix(parent);
  const qualified = prefix === '' ? name.local : `${prefix}:${name.local}`;
  const element = insert(parent, document.createElementNS(name.uri, qualified), before);
  if (known === undefined) declare(element, prefix, name.uri);
  return element;
}

/** Gives `element` a prefix for a namespace that has none where it stands. */
export function addNamespace(element: Element, prefix: string, uri: string): void {
  const isNew = knownPrefix(element, uri, true) === undefined;
  if (isNew && element.getAttribute(declarationOf(prefix)) === null) declare(element, prefix, uri);
}

function insert(parent: Element, child: Element, before: Node | null): Element {
  parent.insertBefore(child, before);
  return child;
}

/** The prefix by which `element` knows the namespace, declared on it when there is none. */
function attributePrefix(element: Element, { uri, prefix }: Name): string {
  const known = knownPrefix(element, uri ?? '', false);
  if (known !== undefined) return known;
  const isFree = (prefix ?? '') !== '' && boundUri(element, prefix ?? '') === undefined;
  const chosen = isFree ? (prefix ?? '') : freePrefix(element);
  declare(element, chosen, uri ?? '');
  return chosen;
}

function declare(element: Element, prefix: string, uri: string): void {
  element.setAttributeNS(XMLNS, declarationOf(prefix), uri);
}

function declarationOf(prefix: string): string {
  return prefix === '' ? 'xmlns' : `xmlns:${prefix}`;
}

/** The nearest prefix of the namespace; the empty one, for the default namespace, only where it is taken. */
function knownPrefix(from: Element, uri: string, takesDefault: boolean): string | undefined {
  if (uri === XML) return 'xml';
  for (const element of withAncestors(from)) {
    for (const [prefix, bound] of declarations(element)) {
      const isUsable = takesDefault || prefix !== '';
      if (bound === uri && isUsable && boundUri(from, prefix) === uri) return prefix;
    }
  }
  return undefined;
}

function boundUri(from: Element, prefix: string): string | undefined {
  const name = declarationOf(prefix);
  for (const element of withAncestors(from)) {
    const uri = element.getAttribute(name);
    if (uri !== null) return uri;
  }
  return undefined;
}

function freePrefix(from: Element): string {
  let number = 0;
  while (boundUri(from, `ns${number}`) !== undefined) number += 1;
  return `ns${number}`;
}

function* withAncestors(element: Element): Generator<Element> {
  for (let node: Node | null = element; isElement(node); node = node.parentNode) yield node;
}

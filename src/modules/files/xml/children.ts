/** The children that a task asks for, as plain data, and how they come into a document. */
import { isDict, type Value } from '../../../core/values.ts';
import { type Element, type Node, parsed } from './dom.ts';
import { checkedText } from './markup.ts';
import {
  addNamespace,
  clarkName,
  declarations,
  insertElement,
  isNamespaceDeclaration,
  type Name,
  nameOf,
  setAttribute,
} from './names.ts';
import { isElement } from './sources.ts';
import { ownerOf } from './tree.ts';

export interface NewElement {
  readonly name: Name;
  /** Prefixes that it brings along, with their URIs. */
  readonly namespaces?: readonly (readonly [string, string])[];
  readonly attributes: readonly (readonly [Name, string])[];
  /** Texts, elements, and other nodes that are copied as they are. */
  readonly content: readonly (string | NewElement | Node)[];
}

/** @throws Error that says what is no child */
export function newElements(children: readonly Value[], inputType: 'xml' | 'yaml'): NewElement[] {
  return children.map((child) => (inputType === 'xml' ? parsedChild(child) : childOf(child)));
}

function parsedChild(child: Value): NewElement {
  try {
    const root = parsed(String(child)).documentElement;
    if (root === null) throw new Error('it has no element');
    return copyOf(root);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Error while parsing child element: ${reason}`, { cause: error });
  }
}

function copyOf(element: Element): NewElement {
  const attributes = [...element.attributes].filter((each) => !isNamespaceDeclaration(each));
  return {
    name: nameOf(element),
    namespaces: declarations(element),
    attributes: attributes.map((each) => [nameOf(each), each.value]),
    content: [...element.childNodes].map((node) => (isElement(node) ? copyOf(node) : node)),
  };
}

/** `name`, `{ name: text }`, `{ name: { attribute: value, _: [children] } }`. */
function childOf(child: Value): NewElement {
  if (typeof child === 'string') return { name: clarkName(child), attributes: [], content: [] };
  if (!isDict(child))
    throw new Error('Invalid child type. Children must be either strings or hashes.');
  const [entry, ...more] = child;
  if (entry === undefined || more.length > 0) {
    throw new Error('Can only create children from hashes with one key');
  }
  const [key, value] = entry;
  const name = clarkName(scalarText(key));
  if (isDict(value)) return { name, ...attributesAndChildren(value) };
  return { name, attributes: [], content: value === null ? [] : [scalarText(value)] };
}

function attributesAndChildren(dict: ReadonlyMap<Value, Value>): Omit<NewElement, 'name'> {
  const attributes: [Name, string][] = [];
  let content: NewElement[] = [];
  for (const [key, value] of dict) {
    if (key !== '_') attributes.push([clarkName(scalarText(key)), scalarText(value)]);
    else if (Array.isArray(value)) content = value.map(childOf);
    else if (value !== null) throw new Error('Invalid children type, must be list.');
  }
  return { attributes, content };
}

/** As Python prints a scalar. */
function scalarText(value: Value): string {
  if (value === null || Array.isArray(value) || isDict(value)) {
    throw new Error('a name or value of a child is no text');
  }
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value);
}

/** Puts them into `parent`, before `before` or at its end. Gives the new elements. */
export function insertChildren(
  parent: Element,
  children: readonly NewElement[],
  before: Node | null = null,
): Element[] {
  return children.map(({ name, namespaces = [], attributes, content }) => {
    const element = insertElement(parent, name, before);
    for (const [prefix, uri] of namespaces) addNamespace(element, prefix, uri);
    for (const [attribute, value] of attributes) {
      setAttribute(element, attribute, checkedText(value));
    }
    for (const part of content) insertContent(element, part);
    return element;
  });
}

function insertContent(element: Element, part: NewElement['content'][number]): void {
  const document = ownerOf(element);
  if (typeof part === 'string') element.appendChild(document.createTextNode(checkedText(part)));
  else if ('content' in part) insertChildren(element, [part]);
  else element.appendChild(document.importNode(part, true));
}

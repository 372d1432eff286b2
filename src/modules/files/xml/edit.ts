/** What the module does to a document, as a pure function from its bytes and the parameters to the new text and the result. */
import type { ResultData } from '../../../core/results.ts';
import { insertChildren, newElements } from './children.ts';
import { type Document, type Element, type Node, parsed } from './dom.ts';
import { decoded } from './markup.ts';
import { isNamespaceDeclaration, prefixedName, setAttribute, shownName } from './names.ts';
import type { XmlParams } from './params.ts';
import { elementsAt, isAttribute, isNodeAt, nodesAt, pathOf, selectionAt } from './selection.ts';
import { isElement, type Sources, sourcesOf } from './sources.ts';
import { spawn } from './spawn.ts';
import {
  isElementLike,
  nextElementLike,
  removeNode,
  setText,
  textOf,
  withoutBlanks,
  withoutCdata,
} from './tree.ts';
import { keptText, nodeText, plainText, prettyText } from './writer.ts';

export interface Edited {
  /** The text from now on; undefined when the document says the same as before, whatever its blanks. */
  readonly after: string | undefined;
  /** The document written anew, as `xmlstring` is returned. */
  readonly written: string;
  readonly data: ResultData;
}

interface Work {
  readonly params: XmlParams;
  readonly document: Document;
}

/** @throws Error that says what cannot be done */
export function editXml(params: XmlParams, content: Buffer): Edited {
  const { text, isUtf8, document } = read(params, content);
  const sources = sourcesOf(document, text);
  if (params.pretty_print && document.documentElement !== null) {
    withoutBlanks(document.documentElement);
  }
  if (params.strip_cdata_tags) withoutCdata(document);
  const before = meaning(document);
  const data = carriedOut({ params, document });
  const after = textAfter(params, document, sources, isUtf8);
  const isReformatting = data === undefined;
  const isChanged = isReformatting ? after !== text : meaning(document) !== before;
  return {
    after: isChanged ? after : undefined,
    written: params.pretty_print ? prettyText(document) : plainText(document),
    data: isReformatting ? {} : { actions: actionsOf(params), ...data },
  };
}

function read({ path }: XmlParams, content: Buffer) {
  try {
    const { text, isUtf8 } = decoded(content);
    return { text, isUtf8, document: parsed(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Error while parsing document: ${path ?? 'xml_string'} (${reason})`, {
      cause: error,
    });
  }
}

function textAfter(
  { pretty_print: isPretty }: XmlParams,
  document: Document,
  sources: Sources,
  isUtf8: boolean,
): string {
  return isPretty ? prettyText(document) : keptText(document, sources, isUtf8);
}

function actionsOf({ xpath, namespaces, state }: XmlParams): ResultData {
  return { xpath: xpath ?? null, namespaces, state };
}

/** What two documents must share to be the same: neither blanks between elements nor CDATA count. */
function meaning(document: Document): string {
  const root = document.documentElement?.cloneNode(true);
  if (!isElement(root)) return '';
  withoutBlanks(root);
  withoutCdata(root);
  return nodeText(root);
}

/** Return keys; undefined when the document is only to be written anew. */
function carriedOut(work: Work): ResultData | undefined {
  const { params } = work;
  const { xpath } = params;
  if (xpath === undefined || xpath === null) {
    if (params.state === 'present' && params.pretty_print) return undefined;
    throw new Error("Don't know what to do: there is neither xpath nor pretty_print");
  }
  const action = { ...work, xpath };
  if (params.print_match) return matches(action);
  if (params.count) return count(action);
  if (params.content !== undefined) return contents(action, params.content);
  return edited(action);
}

interface Action extends Work {
  readonly xpath: string;
}

function edited(action: Action): ResultData {
  const { set_children: wanted, add_children: added, value, state } = action.params;
  if (state === 'absent') remove(action);
  else if (wanted !== undefined) setChildren(action, wanted);
  else if (added !== undefined && added.length > 0) addChildren(action, added);
  else if (value !== undefined && value !== null) setValue(action, value);
  else ensure(action);
  return {};
}

function matches({ document, xpath, params: { namespaces } }: Action): ResultData {
  const paths = nodesAt(document, xpath, namespaces).map(pathOf);
  const shown = `[${paths.map((path) => JSON.stringify(path)).join(', ')}]`;
  return { matches: paths, msg: `selector '${xpath}' match: ${shown}` };
}

/** The path may stand anywhere in the document. */
function count({ document, xpath, params: { namespaces } }: Action): ResultData {
  const hits = selectionAt(document, `count(/${xpath})`, namespaces);
  return { count: hits, msg: `found ${hits} nodes` };
}

function contents(action: Action, kind: 'attribute' | 'text'): ResultData {
  const { document, xpath, params } = action;
  if (!isNodeAt(document, xpath, params.namespaces)) throw notANode(xpath);
  const elements = elementsAt(document, xpath, params.namespaces);
  const found = elements.map((element) => ({
    [shownName(element)]: kind === 'text' ? textOf(element) : attributesOf(element),
  }));
  return { count: found.length, matches: found, msg: found.length };
}

function attributesOf(element: Element): Readonly<Record<string, string>> {
  const attributes = [...element.attributes].filter((each) => !isNamespaceDeclaration(each));
  return Object.fromEntries(attributes.map((each) => [shownName(each), each.value]));
}

function notANode(xpath: string): Error {
  return new Error(`Xpath ${xpath} does not reference a node!`);
}

function remove({ document, xpath, params: { namespaces } }: Action): void {
  for (const node of nodesAt(document, xpath, namespaces)) {
    if (isAttribute(node)) node.ownerElement?.removeAttributeNode(node);
    else if (isElementLike(node) && isElement(node.parentNode)) removeNode(node);
    else
      throw new Error(
        `Couldn't delete xpath target: ${xpath}: it is neither an attribute nor below the root element`,
      );
  }
}

function setChildren({ document, xpath, params }: Action, wanted: Children): void {
  const children = newElements(wanted, params.input_type);
  const parents = elementsAt(document, xpath, params.namespaces);
  for (const parent of parents) {
    for (const child of [...parent.childNodes].filter(isElementLike)) removeNode(child);
  }
  const last = parents.at(-1);
  if (last !== undefined) insertChildren(last, children);
}

type Children = NonNullable<XmlParams['add_children']>;

function addChildren({ document, xpath, params }: Action, added: Children): void {
  const selection = nodesAt(document, xpath, params.namespaces);
  if (!isElementLike(selection[0])) return;
  const children = newElements(added, params.input_type);
  const { insertbefore: isBefore, insertafter: isAfter } = params;
  if (isBefore || isAfter) {
    const beside = isBefore ? selection[0] : (selection.at(-1) ?? selection[0]);
    insertBeside(beside, children, isBefore);
    return;
  }
  const last = selection.filter(isElement).at(-1);
  if (last !== undefined) insertChildren(last, children);
}

function insertBeside(node: Node, children: ReturnType<typeof newElements>, isBefore: boolean) {
  const parent = node.parentNode;
  if (!isElement(parent)) throw new Error('nothing can stand beside the root element');
  insertChildren(parent, children, isBefore ? node : nextElementLike(node));
}

function setValue({ document, xpath, params }: Action, value: string): void {
  const { namespaces, attribute } = params;
  if (!isNodeAt(document, xpath, namespaces)) spawned(document, xpath, namespaces);
  if (!isNodeAt(document, xpath, namespaces)) throw notANode(xpath);
  for (const element of elementsAt(document, xpath, namespaces)) {
    if (attribute === undefined || attribute === null || attribute === '') {
      if (textOf(element) !== value) setText(element, value);
    } else setAttribute(element, prefixedName(attribute, namespaces), value);
  }
}

/** A comparison (`/a/b/text()='x'`) is there when it is true. */
function ensure({ document, xpath, params: { namespaces } }: Action): void {
  const isTrue = selectionAt(document, xpath, namespaces) === true;
  if (!isTrue && !isNodeAt(document, xpath, namespaces)) spawned(document, xpath, namespaces);
}

function spawned(document: Document, xpath: string, namespaces: XmlParams['namespaces']): void {
  try {
    spawn(document, xpath, namespaces);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const root = document.documentElement;
    const isBare = root?.namespaceURI !== null && !xpath.includes(':');
    const hint = isBare ? '; the document has namespaces, and the expression no prefix' : '';
    throw new Error(`Xpath ${xpath} causes a failure: ${reason}${hint}`, { cause: error });
  }
}

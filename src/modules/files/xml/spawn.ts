/**
 * Makes what a simple XPath expression names and the document lacks: the path is taken apart from its end, step by step, until
 * something of it is there.
 */
import { insertChildren } from './children.ts';
import type { Element, Namespaces, Node } from './dom.ts';
import { prefixedName, setAttribute } from './names.ts';
import { elementsAt, isNodeAt } from './selection.ts';
import { setText, textOf } from './tree.ts';

const NAME = String.raw`(?:[\p{L}_-][\p{L}\p{N}_.-]*:)?[\p{L}_-][\p{L}\p{N}_.-]*`;
const QUOTED = `(?:'(?<single>.*)'|"(?<double>.*)")`;

/** The last step of a path that can be made: `/name`, `/name/text()='x'`, `/@name`, `/@name='x'`, `/name[this and that]`, `/text()='x'`. */
type LastStep = { readonly parent: string } & (
  | { readonly type: 'element'; readonly name: string; readonly text?: string | undefined }
  | { readonly type: 'conditions'; readonly name: string; readonly conditions: readonly string[] }
  | { readonly type: 'attribute'; readonly name: string; readonly value: string }
  | { readonly type: 'text'; readonly text: string }
);

const ELEMENT = new RegExp(`^(?<parent>.*)/(?<name>${NAME})$`, 'su');
const ELEMENT_TEXT = new RegExp(`^(?<parent>.*)/(?<name>${NAME})/text\\(\\)=${QUOTED}$`, 'su');
const ATTRIBUTE = new RegExp(`^(?<parent>.*)/@(?<name>${NAME})(?:=${QUOTED})?$`, 'su');
const CONDITIONS = new RegExp(`^(?<parent>.*)/(?<name>${NAME})\\[(?<inner>.*)\\]$`, 'su');
const OWN_TEXT = new RegExp(`^(?<parent>.*)/text\\(\\)=${QUOTED}$`, 'su');

/** Undefined for what is no such path. */
export function lastStep(xpath: string): LastStep | undefined {
  const match = (pattern: RegExp) => pattern.exec(xpath.trim())?.groups;
  const element = match(ELEMENT) ?? match(ELEMENT_TEXT);
  if (element !== undefined) {
    return { ...named(element), type: 'element', text: quotedOf(element) };
  }
  const attribute = match(ATTRIBUTE);
  if (attribute !== undefined) {
    return { ...named(attribute), type: 'attribute', value: quotedOf(attribute) ?? '' };
  }
  const conditions = match(CONDITIONS);
  if (conditions !== undefined) {
    const parts = (conditions['inner'] ?? '').split(' and ').map((part) => part.trim());
    return { ...named(conditions), type: 'conditions', conditions: parts };
  }
  const own = match(OWN_TEXT);
  return own && { parent: own['parent'] ?? '', type: 'text', text: quotedOf(own) ?? '' };
}

type Groups = Readonly<Record<string, string | undefined>>;

function named({ parent = '', name = '' }: Groups): { parent: string; name: string } {
  return { parent, name };
}

function quotedOf({ single, double }: Groups): string | undefined {
  return single ?? double;
}

/** @throws Error when the path is not simple enough, or starts beside the root element */
export function spawn(context: Node, xpath: string, namespaces: Namespaces): void {
  const step = lastStep(xpath);
  if (step === undefined || step.parent === '') {
    throw new Error(`Can't process Xpath ${xpath} in order to spawn nodes!`);
  }
  if (!isNodeAt(context, step.parent, namespaces)) spawn(context, step.parent, namespaces);
  const parents = elementsAt(context, step.parent, namespaces);
  const [last] = parents.slice(-1);
  if (last === undefined) return;
  switch (step.type) {
    case 'element':
      makeElement(last, step, namespaces);
      return;
    case 'conditions':
      makeWithConditions(last, step, namespaces);
      return;
    case 'attribute':
      for (const parent of parents) makeAttribute(parent, step, namespaces);
      return;
    case 'text':
      for (const parent of parents) if (textOf(parent) !== step.text) setText(parent, step.text);
      return;
    default:
      step satisfies never;
  }
}

type StepOf<T extends LastStep['type']> = Extract<LastStep, { readonly type: T }>;

function makeElement(parent: Element, { name, text }: StepOf<'element'>, namespaces: Namespaces) {
  const content = text === undefined || text === '' ? [] : [text];
  insertChildren(parent, [{ name: prefixedName(name, namespaces), attributes: [], content }]);
}

function makeWithConditions(
  parent: Element,
  { name, conditions }: StepOf<'conditions'>,
  namespaces: Namespaces,
): void {
  const child = { name: prefixedName(name, namespaces), attributes: [], content: [] };
  const [element] = insertChildren(parent, [child]);
  if (element === undefined) return;
  for (const condition of conditions) spawn(element, `./${condition}`, namespaces);
}

function makeAttribute(element: Element, step: StepOf<'attribute'>, namespaces: Namespaces): void {
  setAttribute(element, prefixedName(step.name, namespaces), step.value);
}

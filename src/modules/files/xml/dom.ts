/** The door to the libraries for XML: a strict parser that makes a tree, and XPath 1.0 over it. Loaded by the first task that needs it. */
import { DOMParser, type Document, type Node } from '@xmldom/xmldom';
import { useNamespaces } from 'xpath';
import { isFlawed } from './markup.ts';

export type { Attr, CharacterData, Document, Element, Node } from '@xmldom/xmldom';

/** Prefixes of an XPath expression with their URIs. */
export type Namespaces = Readonly<Record<string, string>>;

/** What an expression comes to: nodes in document order, or a plain value. */
export type Selection = readonly Node[] | string | number | boolean;

/** As `Node.nodeType` tells it. */
export const ELEMENT = 1;
export const ATTRIBUTE = 2;
export const TEXT = 3;
export const CDATA = 4;
export const INSTRUCTION = 7;
export const COMMENT = 8;
export const DOCTYPE = 10;

/** @throws Error that says what is wrong with the text, also where the library would only warn */
export function parsed(text: string): Document {
  const flaw = isFlawed(text);
  if (flaw !== undefined) throw new Error(flaw);
  const onError = (_level: string, message: string) => {
    throw new Error(message);
  };
  try {
    return new DOMParser({ onError }).parseFromString(text.replace(/^\uFEFF/, ''), 'text/xml');
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
}

/** The library wraps what `onError` throws. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner = error.cause instanceof Error ? error.cause : error;
  return inner.message.replace(/^Reporting \w+ "(.*)" caused .*$/s, '$1').replace(/\n.*/s, '');
}

/** @throws Error when the expression is none, or has a prefix without a namespace */
export function selected(expression: string, context: Node, namespaces: Namespaces): Selection {
  // Its types speak of a browser's nodes; the library takes any that have the same properties.
  const evaluate: Evaluate = useNamespaces({ ...namespaces }) as unknown as Evaluate;
  try {
    return evaluate(expression, context) ?? [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const kind = reason === 'XPath parse error' ? 'Syntax' : 'Evaluation';
    throw new Error(`${kind} error in xpath expression: ${expression} (${reason})`, {
      cause: error,
    });
  }
}

type Evaluate = (expression: string, node: Node) => Selection | null;

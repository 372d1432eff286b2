/** What is secret in the clear text of an encrypted file: each value, where it is YAML, and the whole. */
import { LoadError } from '../../core/errors.ts';
import { isSecretName } from '../../core/secretNames.ts';
import type { Node } from '../../source/node.ts';
import { parseYaml } from '../../source/yaml.ts';

/** In characters. What has no secret's name ("production", "5432") is only taken for one from here on. */
const MIN_LENGTH = 8;
const TEMPLATE = /\{\{.*?\}\}|\{%.*?%\}/s;

/** @param text of a file of variables, or of any other */
export function secretsInClearText(text: string, file: string): readonly string[] {
  const content = contentOf(text, file);
  const isOneText = content === undefined || content.kind === 'scalar';
  return isOneText ? [text] : [...valuesIn(content, false)];
}

/** Undefined for what is no YAML: a key, a certificate, a program. */
function contentOf(text: string, file: string): Node | undefined {
  try {
    return parseYaml(text, file).content;
  } catch (error) {
    if (error instanceof LoadError) return undefined;
    throw error;
  }
}

function* valuesIn(node: Node, isNamed: boolean): Iterable<string> {
  switch (node.kind) {
    case 'scalar': {
      const parts = String(node.value).split(TEMPLATE);
      yield* parts.filter((part) => isNamed || part.length >= MIN_LENGTH);
      break;
    }
    case 'sequence':
      for (const item of node.items) yield* valuesIn(item, isNamed);
      break;
    case 'mapping':
      for (const { key, value } of node.entries) {
        yield* valuesIn(value, isNamed || isSecretName(String(key.value)));
      }
      break;
    case 'data':
      break;
    default:
      node satisfies never;
  }
}

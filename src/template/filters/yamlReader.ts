/** YAML texts of templates → values. */
import { LoadError } from '../../core/errors.ts';
import type { Value } from '../../core/values.ts';
import type { Node } from '../../source/node.ts';
import { parseYaml, parseYamlDocuments } from '../../source/yaml.ts';
import { valueError } from '../python/errors.ts';

const NAME = '<text>';

/** The one document of the text. @throws TemplateError when it is no YAML. */
export function readYaml(text: string): Value {
  return guarded(() => plainValue(parseYaml(text, NAME, { duplicateKeys: 'ignore' }).content));
}

export function readYamlDocuments(text: string): Value[] {
  return guarded(() =>
    parseYamlDocuments(text, NAME, { duplicateKeys: 'ignore' }).content.map(plainValue),
  );
}

function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof LoadError)) throw error;
    const at =
      error.source === undefined
        ? ''
        : ` (line ${error.source.line}, column ${error.source.column})`;
    throw valueError(`${error.message}${at}`);
  }
}

/** The data of a node: what it holds is no template. */
function plainValue(node: Node): Value {
  if (node.kind === 'data' || node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map(plainValue);
  return new Map(node.entries.map(({ key, value }) => [key.value, plainValue(value)]));
}

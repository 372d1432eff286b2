import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { entryOf, type ScalarNode } from '../../../src/source/node.ts';
import { positionInScalar } from '../../../src/source/position.ts';
import { parseYaml } from '../../../src/source/yaml.ts';

function scalar(text: string): ScalarNode {
  const node = parseYaml(text, 'f').content;
  const found = node.kind === 'mapping' ? entryOf(node, 'a') : undefined;
  if (found?.kind !== 'scalar') throw new Error('no scalar "a"');
  return found;
}

/** What stands in the text where the value's `word` is said to be. */
function found(text: string, word: string): string | undefined {
  const node = scalar(text);
  const { line, column } = positionInScalar(node, String(node.value).indexOf(word));
  return text.split('\n')[line - 1]?.slice(column - 1, column - 1 + word.length);
}

describe('positionInScalar', () => {
  test.each([
    ['plain', 'a: x {{ y }}\n'],
    ['plain over lines', 'a: x z\n  and\n\n  {{ y }} z\n'],
    ['single', "a: 'it''s {{ y }}'\n"],
    ['double', 'a: "\\"\\t\\x41\\u00e9\\U0001F600 {{ y }}"\n'],
    ['double over lines', 'a: "x \\\n    z\n   {{ y }}"\n'],
    ['literal', 'a: |\n  x\n\n    z {{ y }}\n'],
    ['literal with an indicator', 'a: |2-\n   x {{ y }}\n'],
    ['folded', 'a: >-\n  x\n  z\n\n  {{ y }}\n'],
  ])('%s', (_, text) => {
    expect(found(text, '{{ y }}')).toBe('{{ y }}');
  });

  test('any text in any style leads back to its characters', () => {
    const styles = ['PLAIN', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9 .,\n{}|']{1,60}$/),
        fc.constantFrom(...styles),
        (value, style) => {
          const text = stringify({ a: value }, { defaultStringType: style, lineWidth: 20 });
          const node = scalar(text);
          const written = String(node.value);
          for (const [offset, character] of [...written].entries()) {
            if (/[\s"\\]/.test(character)) continue;
            const { line, column } = positionInScalar(node, offset);
            expect(text.split('\n')[line - 1]?.[column - 1]).toBe(character);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

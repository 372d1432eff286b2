import { describe, expect, test } from 'vitest';
import { promptedValue } from '../../../../src/engine/plays/prompts.ts';
import type { MappingNode } from '../../../../src/source/node.ts';
import { parseYaml } from '../../../../src/source/yaml.ts';

interface Asked {
  readonly value: unknown;
  /** Prompts and what was said, in order. */
  readonly shown: readonly string[];
  readonly secrets: readonly string[];
}

/** Answers one entry of `vars_prompt` with `answers`, then with nothing. */
async function ask(entry: string, ...answers: readonly string[]): Promise<Asked> {
  const shown: string[] = [];
  const secrets: string[] = [];
  const left = [...answers];
  const value = await promptedValue(mapping(entry), {
    prompt: async (text, { echo }) => {
      shown.push(echo ? `${text}(echo)` : text);
      return left.shift();
    },
    hash: (text, scheme) => `${scheme}:${text}`,
    addSecret: (text) => secrets.push(text),
    say: (text) => shown.push(text),
  });
  return { value, shown, secrets };
}

function mapping(text: string): MappingNode {
  const { content } = parseYaml(text, '/p/site.yml');
  if (content.kind !== 'mapping') throw new Error('not a mapping');
  return content;
}

describe('promptedValue', () => {
  test('two answers that differ are asked for again', async () => {
    const entry = '{name: version, confirm: yes, private: no}';
    expect(await ask(entry, '1', '2', '3', '3')).toEqual({
      value: '3',
      shown: [
        'version: (echo)',
        'confirm version: (echo)',
        '***** VALUES ENTERED DO NOT MATCH ****',
        'version: (echo)',
        'confirm version: (echo)',
      ],
      secrets: [],
    });
  });

  test('its words may use variables', async () => {
    const shown: string[] = [];
    const services = {
      prompt: async (text: string) => void shown.push(text),
      hash: () => null,
      addSecret: () => undefined,
      say: () => undefined,
    };
    const entry = mapping('{name: x, prompt: "{{ words }}"}');
    await promptedValue(entry, services, (node) =>
      node.kind === 'scalar' && node.value === '{{ words }}' ? 'Which one' : 'x',
    );
    expect(shown).toEqual(['Which one: ']);
  });

  test('with nobody to answer a confirmation is not waited for', async () => {
    expect(await ask('{name: version, confirm: yes, default: "7"}')).toEqual({
      value: '7',
      shown: ['version [hidden]: '],
      secrets: [],
    });
  });

  test.each([
    ['{name: version}', []],
    ['{name: db_password}', ['abc']],
    ['{name: db_password, private: no}', []],
    ['{name: version, private: yes}', ['abc']],
    ['{name: login, encrypt: sha512_crypt}', ['abc']],
  ])('what %s makes secret', async (entry, secrets) => {
    expect((await ask(entry, 'abc')).secrets).toEqual(secrets);
  });
});

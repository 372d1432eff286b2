/** `docs/cli.md` has every command and every flag, with the words of `--help`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command, type Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/commands.ts';

const PAGE = readFileSync(resolve(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
const SHARED = sectionOf('Flags that several commands share');

function sectionOf(heading: string): string {
  const [, ...rest] = PAGE.split(`\n## ${heading}\n`);
  return rest.join('').split('\n## ')[0] ?? '';
}

const defined = await Promise.all(
  Object.entries(COMMANDS).map(async ([name, { summary, load }]) => {
    const command = new Command(name).description(summary);
    const define = await load();
    define(command, { world: {} as never, exit: () => undefined });
    return command;
  }),
);

function rowOf({ flags, description, argChoices, defaultValue }: Option): string {
  const choices = argChoices === undefined ? '' : ` (${argChoices.join(', ')})`;
  const fallback = defaultValue === undefined || defaultValue === 0 ? '' : ` [${defaultValue}]`;
  return `| \`${flags}\` | ${description}${choices}${fallback} |`;
}

describe('docs/cli.md', () => {
  it.each(defined.map((command) => ({ name: command.name(), command })))(
    'tells all of drover $name',
    ({ name, command }) => {
      const section = sectionOf(`drover ${name}`) + SHARED;
      const flags = [command, ...command.commands].flatMap(({ options }) => options);
      const rows = flags.filter(({ hidden }) => !hidden).map(rowOf);
      expect(rows.filter((row) => !section.includes(row))).toEqual([]);
      const inner = command.commands.map((each) => `\`drover ${name} ${each.name()}`);
      expect(inner.filter((each) => !section.includes(each))).toEqual([]);
    },
  );

  it('links every command from its table', () => {
    const links = defined.map(
      (command) => `[\`drover ${command.name()}\`](#drover-${command.name()})`,
    );
    expect(links.filter((link) => !PAGE.includes(link))).toEqual([]);
  });
});

/** Loads playbooks from memory for tests, and shows what came out as short lines. */
import type { ContentCheck } from '../../../src/playbook/contentCheck.ts';
import { type LoadedPlaybooks, PlaybookLoader } from '../../../src/playbook/loader.ts';
import type { Item, Play } from '../../../src/playbook/model.ts';
import type { StaticEvaluate } from '../../../src/playbook/session.ts';
import { memoryFiles } from '../../support/memoryFiles.ts';
import { plainNode, plainNodes } from '../../support/plainNode.ts';

/** `{{ name }}` of a variable that is no template itself. */
export const evaluateName: StaticEvaluate = (node, variables) => {
  const text = node.kind === 'scalar' ? String(node.value) : '';
  return text.replace(/\{\{ (\w+) \}\}/g, (_, name: string) => {
    const found = variables.get(name);
    if (found === undefined) throw new Error(`"${name}" is undefined`);
    return String(plainNode(found));
  });
};

export function loaderOf(files: Readonly<Record<string, string>>, check?: ContentCheck) {
  const rolesPath = ['/shared/roles'];
  const options = { files: memoryFiles(files), cwd: '/p', evaluate: evaluateName, rolesPath };
  return new PlaybookLoader({
    ...options,
    collectionsPath: ['/collections'],
    ...(check === undefined ? {} : { check }),
  });
}

/** Loads `/p/site.yml`. */
export function load(
  files: Readonly<Record<string, string>>,
  check?: ContentCheck,
): Promise<LoadedPlaybooks> {
  return loaderOf(files, check).loadPlaybooks(['site.yml']);
}

/** The one play of `/p/site.yml`. @throws when it has errors. */
export async function loadPlay(files: Readonly<Record<string, string>>): Promise<Play> {
  const { playbooks, errors } = await load(files);
  const play = playbooks[0]?.plays[0];
  if (errors[0] !== undefined || play === undefined) throw errors[0] ?? new Error('no play');
  return play;
}

/** Tasks of a play given as the YAML of its `tasks:`. */
export async function loadTaskLines(
  tasks: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const text = `- hosts: all\n  tasks:\n${tasks.replace(/^/gm, '    ')}`;
  return lines((await loadPlay({ '/p/site.yml': text, ...files })).tasks.block);
}

export function errorLines({ errors }: LoadedPlaybooks): string[] {
  return errors.map(({ message, source, hint }) => {
    const place = source === undefined ? '' : `${source.file}:${source.line}:${source.column}: `;
    return `${place}${message}${hint === undefined ? '' : ` (${hint})`}`;
  });
}

/** One line for each item, indented by depth. */
export function lines(items: readonly Item[], indent = ''): string[] {
  return items.flatMap((item) =>
    item.kind === 'task' ? [indent + taskLine(item)] : blockLines(item, indent),
  );
}

function taskLine(task: Extract<Item, { kind: 'task' }>): string {
  const { named, freeForm, template } = task.arguments;
  const parts = [
    task.module,
    ...(freeForm === undefined ? [] : [JSON.stringify(freeForm.value)]),
    ...(named.entries.length === 0 ? [] : [JSON.stringify(plainNode(named))]),
    ...(template === undefined ? [] : [`template ${JSON.stringify(template.value)}`]),
    ...Object.keys(task.keywords).map((key) => `+${key}`),
  ];
  return parts.join(' ');
}

function blockLines(block: Extract<Item, { kind: 'block' }>, indent: string): string[] {
  const what = block.role === undefined ? (block.file ?? '') : block.role.role.path;
  const params =
    block.role === undefined || block.role.params.size === 0
      ? ''
      : JSON.stringify(plainNodes(block.role.params));
  const keywords = Object.keys(block.keywords).map((key) => `+${key}`);
  const head = [`${block.origin}:`, what, params, ...keywords]
    .filter((part) => part !== '')
    .join(' ');
  const inner = `${indent}  `;
  const section = (name: string, items: readonly Item[]) =>
    items.length === 0 ? [] : [`${indent} ${name}`, ...lines(items, inner)];
  const handlers = section('handlers', block.role?.handlers ?? []);
  return [
    indent + head,
    ...lines(block.block, inner),
    ...section('rescue', block.rescue),
    ...section('always', block.always),
    ...handlers,
  ];
}

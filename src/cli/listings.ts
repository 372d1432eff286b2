/** `--list-hosts`, `--list-tasks`, `--list-tags`: what a run would touch, in the layout that scripts know. */
import { isSelectedByTags, type TagSelection } from '../engine/plays/tags.ts';
import type { Item, Keywords, Play, Playbook, Task } from '../playbook/model.ts';
import { enclosingBlocks, roleOf } from '../playbook/searchPath.ts';
import type { Node } from '../source/node.ts';

export interface ListingOptions {
  readonly hosts: boolean;
  readonly tasks: boolean;
  readonly tags: boolean;
  readonly selection: TagSelection;
  readonly match: (play: Play) => readonly string[];
}

export function listing(playbooks: readonly Playbook[], options: ListingOptions): string {
  return playbooks.map((playbook) => playbookListing(playbook, options)).join('');
}

function playbookListing({ file, plays }: Playbook, options: ListingOptions): string {
  const parts = plays.map((play, index) => playListing(play, index + 1, options));
  return `\nplaybook: ${file}\n${parts.join('')}`;
}

function playListing(play: Play, number: number, options: ListingOptions): string {
  const pattern = textOf(play.hosts);
  const name = play.name === undefined ? pattern : textOf(play.name);
  const lines = [
    `\n  play #${number} (${pattern}): ${name}\tTAGS: [${tagsOf(play.keywords).join(',')}]`,
  ];
  if (options.hosts) lines.push(...hostLines(pattern, options.match(play)));
  if (options.tasks)
    lines.push('    tasks:', ...selectedTasks(play, options).map((task) => taskLine(task, play)));
  if (options.tags) lines.push(`      TASK TAGS: [${taskTags(play, options).join(', ')}]`);
  return `${lines.join('\n')}\n`;
}

function hostLines(pattern: string, hosts: readonly string[]): string[] {
  const patterns = pattern.split(/[,;]/).map((part) => `'${part.trim()}'`);
  return [
    `    pattern: [${patterns.join(', ')}]`,
    `    hosts (${hosts.length}):`,
    ...hosts.map((host) => `      ${host}`),
  ];
}

function taskLine(task: Task, play: Play): string {
  const role = roleOf(task)?.role.name;
  const name = task.name === undefined ? task.module : textOf(task.name);
  const label = role === undefined ? name : `${role} : ${name}`;
  return `      ${label}\tTAGS: [${allTags(task, play).join(', ')}]`;
}

function selectedTasks(play: Play, { selection }: ListingOptions): Task[] {
  const sections = [play.preTasks, play.roles, play.tasks, play.postTasks];
  const tasks = sections.flatMap(tasksIn).filter((task) => !isFlush(task));
  return tasks.filter((task) => isSelectedByTags(allTags(task, play), selection));
}

function taskTags(play: Play, options: ListingOptions): string[] {
  const tags = selectedTasks(play, options).flatMap((task) => allTags(task, play));
  return [...new Set(tags)].sort();
}

function tasksIn(item: Item): Task[] {
  if (item.kind === 'task') return [item];
  return [...item.block, ...item.rescue, ...item.always].flatMap(tasksIn);
}

function isFlush(task: Task): boolean {
  return /(^|\.)meta$/.test(task.module);
}

function allTags(task: Task, play: Play): string[] {
  const holders: Keywords[] = [play.keywords, task.keywords];
  for (const block of enclosingBlocks(task)) holders.push(block.keywords);
  return [...new Set(holders.flatMap(tagsOf))].sort();
}

function tagsOf({ tags }: Keywords): string[] {
  return (tags ?? []).flatMap((node) => textOf(node).split(','));
}

function textOf(node: Node): string {
  if (node.kind === 'sequence') return node.items.map(textOf).join(',');
  return node.kind === 'scalar' ? String(node.value) : '';
}

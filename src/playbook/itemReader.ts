/** A list of tasks → items: tasks, blocks, and what static imports bring in their place. */
import { LoadError } from '../core/errors.ts';
import type { Source } from '../core/source.ts';
import type { MappingEntry, MappingNode, Node, ScalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, Shapes, textOfScalar } from '../source/shapes.ts';
import { shortName } from './actions.ts';
import {
  BLOCK_KEYWORDS,
  type KeywordDraft,
  keyName,
  readKeyword,
  reportUnknownKey,
} from './keywords.ts';
import type { Block, Item, Task } from './model.ts';
import type { RoleRequest } from './roleRequest.ts';
import { roleRequestOf } from './roleRequest.ts';
import { includeCandidates } from './searchPath.ts';
import { type ItemPlace, libraryPlace, type Session, staticText } from './session.ts';
import { modernInclude, readTask } from './taskReader.ts';

/** A block whose lists are still being filled: children need it as their parent. */
export type OpenBlock = Omit<Block, 'block' | 'rescue' | 'always'> & {
  readonly block: Item[];
  readonly rescue: Item[];
  readonly always: Item[];
};

export type UseRole = (request: RoleRequest, place: ItemPlace) => Block | undefined;

const SECTIONS = ['block', 'rescue', 'always'] as const;

export class ItemReader {
  readonly #session: Session;
  readonly #useRole: UseRole;

  constructor(session: Session, useRole: UseRole) {
    this.#session = session;
    this.#useRole = useRole;
  }

  /** @param what names the list in an error: `"tasks"`. */
  readList(node: Node, what: string, place: ItemPlace): Item[] {
    const { problems } = this.#session;
    if (isNull(node)) return [];
    if (node.kind !== 'sequence') {
      const hint = 'begin each task with "- "';
      new Shapes(problems).wrong(node, what, 'a list of tasks', hint);
      return [];
    }
    return node.items.flatMap((item) => problems.attempt(() => this.#readItem(item, place)) ?? []);
  }

  /** The items of a file of tasks. @throws LoadError when the file cannot be read. */
  readFile(file: string, place: ItemPlace): Item[] {
    const node = this.#session.documents.read(file, this.#session.problems);
    return this.readList(node, 'a file of tasks', {
      ...place,
      openFiles: [...place.openFiles, file],
    });
  }

  #readItem(node: Node, place: ItemPlace): Item | undefined {
    const mapping = new Shapes(this.#session.problems).mapping(node, 'a task');
    if (mapping === undefined) return undefined;
    const isBlock = mapping.entries.some(({ key }) => key.value === 'block');
    return isBlock ? this.#readBlock(mapping, place) : this.#readTask(mapping, place);
  }

  #readBlock(mapping: MappingNode, place: ItemPlace): Block {
    if (place.isHandler) rejectNesting(mapping, place.parent);
    const keywords: KeywordDraft = {};
    const name = this.#blockKeywords(mapping, keywords);
    const block = openBlock('block', keywords, place.parent, mapping.source, name);
    const inner = { ...place, parent: block };
    for (const { key, value } of mapping.entries) {
      const section = SECTIONS.find((each) => each === key.value);
      if (section !== undefined)
        block[section].push(...this.readList(value, `"${section}"`, inner));
    }
    return block;
  }

  #blockKeywords(mapping: MappingNode, keywords: KeywordDraft): ScalarNode | undefined {
    const { problems } = this.#session;
    let name: ScalarNode | undefined;
    for (const entry of mapping.entries) {
      const key = keyName(entry.key);
      if (SECTIONS.some((section) => section === key)) continue;
      if (key === 'name') name = scalarOrNothing(entry, new Shapes(problems));
      else if (!readKeyword(BLOCK_KEYWORDS, entry, keywords, problems)) {
        const known = ['name', ...SECTIONS, ...Object.keys(BLOCK_KEYWORDS)];
        reportUnknownKey(entry.key, 'a block', known, problems);
      }
    }
    return name;
  }

  #readTask(mapping: MappingNode, place: ItemPlace): Item | undefined {
    const { problems, check, playbookDir } = this.#session;
    const library = libraryPlace(place.parent, mapping.source.file, playbookDir);
    const task = readTask(mapping, {
      ...(place.parent === undefined ? {} : { parent: place.parent }),
      isHandler: place.isHandler,
      knowsModule: (name) => check?.hasModule(name, library),
      problems,
    });
    if (task === undefined) return undefined;
    if (task.isHandler) checkAsHandler(task, problems);
    // The variables of `include:` win like those of a dynamic include, also where it is known before the run.
    const origin = shortName(task.module) === 'include' ? 'include' : 'import';
    return this.#expand(modernInclude(task, problems), place, origin);
  }

  #expand(task: Task, place: ItemPlace, origin: 'import' | 'include'): Item | undefined {
    switch (shortName(task.module)) {
      case 'import_tasks':
        return this.#importTasks(task, place, origin);
      case 'import_role':
        return this.#importRole(task, place);
      default:
        return task;
    }
  }

  #importTasks(task: Task, place: ItemPlace, origin: 'import' | 'include'): Block {
    rejectLoop(task, 'include_tasks');
    const file = this.#importedFile(task, place);
    const { keywords, source, name } = task;
    const block: OpenBlock = { ...openBlock(origin, keywords, place.parent, source, name), file };
    block.block.push(...this.readFile(file, { ...place, parent: block }));
    return block;
  }

  #importedFile(task: Task, place: ItemPlace): string {
    const name = fileArgument(task);
    if (name === undefined) throw missingFile(task);
    const advice = 'use "include_tasks", which looks for the file when the task runs';
    const text = staticText(name, place.parent, this.#session, advice);
    const candidates = includeCandidates(text, task, this.#session.playbookDir);
    const file = candidates.find((path) => this.#session.files.kind(path) === 'file');
    if (file === undefined) throw notFound(text, name, candidates);
    if (!place.openFiles.includes(file)) return file;
    throw new LoadError(`"${file}" imports itself`, {
      code: 'DROVER_IMPORT_CYCLE',
      source: name.source,
      hint: 'use "include_tasks" with a condition that ends it',
    });
  }

  #importRole(task: Task, place: ItemPlace): Block | undefined {
    rejectLoop(task, 'include_role');
    const advice = 'use "include_role", which looks for the role when the task runs';
    const textOf = (node: ScalarNode) => staticText(node, place.parent, this.#session, advice);
    return this.#useRole(roleRequestOf(task, textOf, this.#session.problems), place);
  }
}

export function openBlock(
  origin: Block['origin'],
  keywords: Block['keywords'],
  parent: Block | undefined,
  source: Block['source'],
  name?: ScalarNode,
): OpenBlock {
  return {
    kind: 'block',
    origin,
    ...(name === undefined ? {} : { name }),
    keywords,
    block: [],
    rescue: [],
    always: [],
    ...(parent === undefined ? {} : { parent }),
    source,
  };
}

/** The file that `import_tasks`/`include_tasks` names: its text, or `file:`. */
export function fileArgument({ arguments: { named, freeForm } }: Task): ScalarNode | undefined {
  if (freeForm !== undefined) return freeForm;
  const file = named.entries.find(({ key }) => key.value === 'file')?.value;
  return file?.kind === 'scalar' ? file : undefined;
}

/** A list of handlers may hold blocks, as a task list does, but these hold tasks alone. */
function rejectNesting({ source }: MappingNode, parent: Block | undefined): void {
  if (parent?.origin !== 'block') return;
  throw notAHandler('Using a block as a handler is not supported.', source);
}

/** A role may hold a handler that nothing notifies: what fails only when it runs is told, and refused then. */
function checkAsHandler(task: Task, problems: Problems): void {
  const { module, moduleSource } = task;
  const name = shortName(module);
  if (name === 'include_role' || name === 'import_role') {
    throw notAHandler(`Using '${name}' as a handler is not supported.`, moduleSource);
  }
  const { freeForm } = task.arguments;
  if (name !== 'meta' || freeForm?.kind !== 'scalar') return;
  if (textOfScalar(freeForm.value).trim() !== 'flush_handlers') return;
  const { message, source, hint } = flushAsHandler(task);
  problems.warn(message, source, hint);
}

/** What a `flush_handlers` that is itself a handler ends the run with. */
export function flushAsHandler({ arguments: { freeForm }, source }: Task): LoadError {
  return notAHandler('flush_handlers cannot be used as a handler', freeForm?.source ?? source);
}

function notAHandler(message: string, source: Source): LoadError {
  const hint = 'let the handler be a task, or include a file of tasks';
  return new LoadError(message, { code: 'DROVER_NOT_A_HANDLER', source, hint });
}

function rejectLoop(task: Task, dynamic: string): void {
  if (task.keywords.loop === undefined) return;
  throw new LoadError(`"${task.module}" takes no loop`, {
    code: 'DROVER_IMPORT_LOOP',
    source: task.keywords.loop.source,
    hint: `use "${dynamic}" instead`,
  });
}

function missingFile(task: Task): LoadError {
  return new LoadError(`"${task.module}" names no file`, {
    code: 'DROVER_IMPORT_FILE',
    source: task.moduleSource,
    hint: `write "${task.module}: file.yml"`,
  });
}

function notFound(text: string, name: ScalarNode, candidates: readonly string[]): LoadError {
  return new LoadError(`no file "${text}" to import`, {
    code: 'DROVER_FILE_NOT_FOUND',
    source: name.source,
    hint: `looked for ${candidates.join(', ')}`,
  });
}

function scalarOrNothing({ value }: MappingEntry, shapes: Shapes): ScalarNode | undefined {
  return isNull(value) ? undefined : shapes.scalar(value, '"name"');
}

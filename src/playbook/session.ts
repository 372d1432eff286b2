/** What the readers of one load share. */
import { dirname } from 'node:path';
import { LoadError } from '../core/errors.ts';
import type { Value } from '../core/values.ts';
import type { Documents } from '../source/documents.ts';
import type { FileSystem } from '../source/files.ts';
import { dataNode, type Node, type ScalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isTemplate, textOfScalar } from '../source/shapes.ts';
import type { ContentCheck } from './contentCheck.ts';
import type { Block, Item, Variables } from './model.ts';
import { enclosingBlocks, roleOf, type SearchPlace } from './searchPath.ts';

/** Evaluates what an import must know at load. @throws TemplateError when it needs more than that. */
export type StaticEvaluate = (node: Node, variables: Variables) => Value;

export interface Session {
  readonly files: FileSystem;
  readonly documents: Documents;
  readonly problems: Problems;
  readonly evaluate: StaticEvaluate;
  readonly check: ContentCheck | undefined;
  /** The folder of the playbook file that is being read. */
  readonly playbookDir: string;
  /** Variables of the play. */
  readonly playVariables: Variables;
  readonly playCollections: readonly string[];
}

/** Where an item stands: its block, and the files that static imports opened on the way to it. */
export interface ItemPlace {
  readonly parent: Block | undefined;
  readonly isHandler: boolean;
  readonly openFiles: readonly string[];
}

/** The text of a value that an import needs now. @throws LoadError when it depends on what is known only at run time. */
export function staticText(
  node: ScalarNode,
  parent: Block | undefined,
  session: Session,
  advice: string,
): string {
  if (!isTemplate(node)) return textOfScalar(node.value);
  try {
    const value = session.evaluate(node, staticVariables(parent, session));
    return typeof value === 'string' ? value : String(value);
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    throw new LoadError(`this must be known before the run: ${cause.message}`, {
      code: 'DROVER_STATIC_TEMPLATE',
      source: node.source,
      hint: advice,
      cause,
    });
  }
}

/** Variables known at load where `parent` stands, in the order of their precedence. */
export function staticVariables(parent: Block | undefined, session: Session): Variables {
  const blocks = parent === undefined ? [] : [parent, ...enclosingBlocks(parent)].reverse();
  const roles = blocks.flatMap(({ role }) => role ?? []);
  const layers: readonly Variables[] = [
    ...roles.map((role) => role.defaults),
    session.playVariables,
    ...roles.map((role) => role.vars),
    ...blocks.map(({ keywords }) => keywords.vars ?? new Map()),
    ...roles.map((role) => role.params),
    magicVariables(parent, session),
  ];
  return new Map(layers.flatMap((layer) => [...layer]));
}

function magicVariables(parent: Block | undefined, { playbookDir }: Session): Variables {
  const source = { file: playbookDir, line: 1, column: 1 };
  const magic = new Map<string, Node>([['playbook_dir', dataNode(playbookDir, source)]]);
  const role = parent === undefined ? undefined : roleOf(parent)?.role;
  if (role !== undefined) {
    magic.set('role_path', dataNode(role.path, source));
    magic.set('role_name', dataNode(role.name, source));
  }
  return magic;
}

/** Where the library of modules may be for an item in `file` under `parent`. */
export function libraryPlace(
  parent: Block | undefined,
  file: string,
  playbookDir: string,
): SearchPlace {
  const blocks: readonly Item[] = parent === undefined ? [] : [parent, ...enclosingBlocks(parent)];
  const dirs = blocks.flatMap((block) =>
    block.kind === 'block' && block.role !== undefined ? [block.role.role.path] : [],
  );
  return { roleDirs: [...new Set(dirs)], taskDir: dirname(file), playbookDir };
}

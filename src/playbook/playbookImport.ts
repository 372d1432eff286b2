/** `import_playbook`: which entry is one, and which file it names. */
import { dirname, isAbsolute, join } from 'node:path';
import { LoadError } from '../core/errors.ts';
import { type MappingNode, type Node, scalarNode } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, Shapes } from '../source/shapes.ts';
import { type Session, staticText } from './session.ts';

const IMPORT_KEYS = ['import_playbook', 'ansible.builtin.import_playbook', 'include'];

/** The file of an `import_playbook` entry; undefined when the entry is a play. */
export function importOf(mapping: MappingNode, problems: Problems): Node | undefined {
  const entry = mapping.entries.find(({ key }) => IMPORT_KEYS.includes(String(key.value)));
  if (entry === undefined) return undefined;
  if (entry.key.value === 'include') {
    const hint = 'write "import_playbook" instead';
    problems.deprecate('"include" is an old spelling', entry.key.source, hint);
  }
  if (!isNull(entry.value)) return entry.value;
  throw new LoadError('"import_playbook" names no file', {
    code: 'DROVER_IMPORT_FILE',
    source: entry.key.source,
  });
}

/**
 * The file that `target`, written in `file`, names.
 * @param collectionsPath configured folders that hold `ansible_collections/`. @throws LoadError when there is none.
 */
export function importedPlaybook(
  target: Node,
  file: string,
  session: Session,
  collectionsPath: readonly string[],
): string {
  const scalar = new Shapes(session.problems).scalar(target, '"import_playbook"');
  const written = scalar ?? scalarNode('', target.source);
  const advice = 'give the variable with -e, or write the name';
  const name = staticText(written, undefined, session, advice);
  const path = isAbsolute(name) ? name : join(dirname(file), name);
  const roots = [join(dirname(file), 'collections'), ...collectionsPath];
  const found = [path, ...collectionPlaybooks(name, roots)].find(
    (candidate) => session.files.kind(candidate) === 'file',
  );
  if (found !== undefined) return found;
  throw new LoadError(`no playbook "${name}"`, {
    code: 'DROVER_FILE_NOT_FOUND',
    source: target.source,
    hint: `looked for ${path}`,
  });
}

/** `ns.coll.name` is `playbooks/name.yml` of an installed collection. */
function collectionPlaybooks(name: string, roots: readonly string[]): string[] {
  const [, space, set, last] = /^(\w+)\.(\w+)\.(\w+)$/.exec(name) ?? [];
  if (space === undefined || set === undefined) return [];
  return roots.flatMap((root) =>
    ['.yml', '.yaml'].map((ending) =>
      join(root, 'ansible_collections', space, set, 'playbooks', `${last}${ending}`),
    ),
  );
}

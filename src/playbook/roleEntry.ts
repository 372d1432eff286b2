/** An entry of `roles:` or of a role's `dependencies:`: a name, or a mapping with keywords and parameters. */
import { basename } from 'node:path';
import type { MappingEntry, MappingNode, Node } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isNull, Shapes, textOfScalar } from '../source/shapes.ts';
import { type KeywordDraft, keyName, ROLE_KEYWORDS, readKeyword } from './keywords.ts';
import type { RoleEntry } from './model.ts';

const NAME_KEYS = ['role', 'name', 'src'];
/** What requirement files write into dependencies; says where to get the role, not how to run it. */
const GALAXY_KEYS = new Set(['version', 'scm']);

/** @returns undefined after noting what is wrong. */
export function readRoleEntry(node: Node, problems: Problems): RoleEntry | undefined {
  if (node.kind === 'mapping') return mappingEntry(node, problems);
  const name = new Shapes(problems).text(node, 'a role');
  if (name === undefined) return undefined;
  const params = new Map<string, Node>();
  return { name: name.trim(), params, keywords: {}, source: node.source };
}

function mappingEntry(mapping: MappingNode, problems: Problems): RoleEntry | undefined {
  const nameEntry = nameOf(mapping);
  if (nameEntry === undefined || isNull(nameEntry.value)) {
    const hint = 'add "role:" with its name';
    problems.error('DROVER_ROLE_NAME', 'this role has no name', mapping.source, hint);
    return undefined;
  }
  const name = new Shapes(problems).text(nameEntry.value, 'the name of a role');
  if (name === undefined) return undefined;
  const keywords: KeywordDraft = {};
  const params = paramsOf(mapping, keywords, problems);
  return {
    name: nameEntry.key.value === 'src' ? nameFromSource(name) : name.trim(),
    params,
    keywords,
    source: nameEntry.value.source,
  };
}

function nameOf({ entries }: MappingNode): MappingEntry | undefined {
  for (const wanted of NAME_KEYS) {
    const entry = entries.find(({ key }) => key.value === wanted);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** `https://host/ansible-role-x.git` → `ansible-role-x`. */
function nameFromSource(source: string): string {
  return basename(source).replace(/\.git$|\.tar\.gz$/, '');
}

/** Everything that is no keyword is a parameter. */
function paramsOf({ entries }: MappingNode, keywords: KeywordDraft, problems: Problems) {
  const isGalaxy = entries.some(({ key }) => key.value === 'src');
  const params = new Map<string, Node>();
  for (const entry of entries) {
    const name =
      typeof entry.key.value === 'string' ? keyName(entry.key) : textOfScalar(entry.key.value);
    if (NAME_KEYS.includes(name) || (isGalaxy && GALAXY_KEYS.has(name))) continue;
    if (!readKeyword(ROLE_KEYWORDS, entry, keywords, problems)) params.set(name, entry.value);
  }
  return params;
}

/** Keywords that have other names today. They work, and are told. */
import type { MappingEntry } from '../source/node.ts';
import type { Problems } from '../source/problems.ts';
import { isTemplate, Shapes, textOfScalar } from '../source/shapes.ts';
import type { KeywordDraft, KeywordTable } from './keywords.ts';
import { TRUE_WORD, unfit } from './keywordValues.ts';

/** @param table the keywords of today. @returns whether it was an old one. */
export function readOldKeyword(
  table: KeywordTable,
  entry: MappingEntry,
  draft: KeywordDraft,
  problems: Problems,
): boolean {
  const name = String(entry.key.value);
  if (name === 'always_run') return readAlwaysRun(draft, entry, problems);
  const old = Object.hasOwn(OLD_BECOME, name) ? OLD_BECOME[name] : undefined;
  if (old !== undefined) readOldBecome(old, table, draft, entry, problems);
  return old !== undefined;
}

/** Spellings of privilege escalation before `become`, and what took their place. */
export const OLD_BECOME: Readonly<Record<string, { key: string; method?: 'su' }>> = {
  sudo: { key: 'become' },
  sudo_user: { key: 'become_user' },
  sudo_exe: { key: 'become_exe' },
  sudo_flags: { key: 'become_flags' },
  su: { key: 'become', method: 'su' },
  su_user: { key: 'become_user', method: 'su' },
  su_exe: { key: 'become_exe', method: 'su' },
  su_flags: { key: 'become_flags', method: 'su' },
};

function readOldBecome(
  { key, method }: { key: string; method?: 'su' },
  table: KeywordTable,
  draft: KeywordDraft,
  entry: MappingEntry,
  problems: Problems,
): void {
  const suffix = method === undefined ? '' : ' with "become_method: su"';
  problems.deprecate(
    `"${entry.key.value}" is an old spelling`,
    entry.key.source,
    `write "${key}"${suffix} instead`,
  );
  table[key]?.(draft, entry, problems);
  if (method !== undefined) draft.becomeMethod ??= { ...entry.key, value: method };
}

/** `always_run` is `check_mode` turned around; it went with ansible-core 2.10. @returns true: it is a keyword. */
function readAlwaysRun(draft: KeywordDraft, entry: MappingEntry, problems: Problems): true {
  const { key, value } = entry;
  problems.deprecate(
    '"always_run" is an old spelling',
    key.source,
    'write "check_mode: false" instead',
  );
  if (value.kind !== 'scalar' || isTemplate(value) || unfit(value, 'boolean') !== undefined) {
    new Shapes(problems).wrong(value, '"always_run"', 'yes or no');
  } else if (TRUE_WORD.test(textOfScalar(value.value)))
    draft.checkMode ??= { ...value, value: false };
  return true;
}

/** What a dynamic include hands to the tasks it brings: its `vars`, and the keywords under `apply:`. */
import { entryOf } from '../source/node.ts';
import { Problems } from '../source/problems.ts';
import { Shapes } from '../source/shapes.ts';
import { BLOCK_KEYWORDS, type KeywordDraft, readKeyword, reportUnknownKey } from './keywords.ts';
import type { Keywords, Task } from './model.ts';

/** Other keywords of an include hold for the include alone. @throws LoadError for an unknown keyword under `apply`. */
export function includedKeywords(task: Task): Keywords {
  const { vars } = task.keywords;
  const apply = entryOf(task.arguments.named, 'apply');
  const draft: KeywordDraft = {};
  const problems = new Problems();
  const mapping = apply === undefined ? undefined : new Shapes(problems).mapping(apply, '"apply"');
  for (const entry of mapping?.entries ?? []) {
    if (!readKeyword(BLOCK_KEYWORDS, entry, draft, problems)) {
      reportUnknownKey(entry.key, '"apply"', Object.keys(BLOCK_KEYWORDS), problems);
    }
  }
  problems.throwIfAny();
  const merged = new Map([...(draft.vars ?? []), ...(vars ?? [])]);
  return merged.size === 0 ? draft : { ...draft, vars: merged };
}

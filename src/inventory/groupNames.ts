/** Names of groups as variables of templates could have them: what to do with other characters (`force_valid_group_names`). */
import type { Problems } from '../source/problems.ts';

/** `never` and `always` replace them and warn; `ignore` and `silently` do the same without a word. */
export type GroupNamePolicy = 'never' | 'always' | 'ignore' | 'silently';

/** What a name of a Python variable cannot hold, a digit in front included. */
const INVALID = /^\p{Nd}|[^\p{L}\p{N}_]/gu;

/** The name with `_` for what no variable's name may hold. */
export function safeGroupName(name: string): string {
  return name.replace(INVALID, '_');
}

/** The names that an inventory gives its groups, under one policy. */
export class GroupNames {
  readonly #policy: GroupNamePolicy;
  readonly #invalid = new Set<string>();

  constructor(policy: GroupNamePolicy) {
    this.#policy = policy;
  }

  /** The name that the group gets. */
  of(written: string): string {
    const safe = safeGroupName(written);
    if (safe !== written) this.#invalid.add(written);
    return this.#policy === 'always' || this.#policy === 'silently' ? safe : written;
  }

  /** One warning for all names met so far, unless the policy is a quiet one. */
  warn(problems: Problems): void {
    if (this.#invalid.size === 0) return;
    const names = [...this.#invalid].join(', ');
    const found = 'Invalid characters were found in group names';
    if (this.#policy === 'always') problems.warn(`${found} and automatically replaced: ${names}`);
    else if (this.#policy === 'never')
      problems.warn(`${found} but not replaced: ${names}`, undefined, HINT);
  }
}

const HINT =
  'templates reach such a group only as groups["name"]; force_valid_group_names in ansible.cfg replaces or ignores them';

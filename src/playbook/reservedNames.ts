/** Names that variables had better not have: `vars: {tags: …}` reads as a keyword and is none. */
import { BLOCK_KEYWORDS, TASK_KEYWORDS } from './keywords.ts';
import { PLAY_KEYS } from './playReader.ts';

const KEYWORDS: ReadonlySet<string> = new Set([
  ...PLAY_KEYS,
  ...Object.keys(BLOCK_KEYWORDS),
  ...Object.keys(TASK_KEYWORDS),
]);

/** Whether `name` is a keyword of plays, blocks or tasks. `vars` is not counted: it is a variable of the language itself. */
export function isKeyword(name: string): boolean {
  return name !== 'vars' && KEYWORDS.has(name);
}

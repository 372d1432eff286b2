/** File modes: the forms that playbooks write them in, and what they make of an existing mode. */
import { ModuleError } from '../../core/errors.ts';

export interface ModeContext {
  /** Permission bits now (12 bits). */
  readonly current: number;
  readonly isDirectory: boolean;
  /** Applies to clauses without a `who`, as in chmod(1). */
  readonly umask: number;
}

const READ_WRITE_EXECUTE = 0o7;
const SHIFTS = { u: 6, g: 3, o: 0 } as const;
type Who = keyof typeof SHIFTS;

/**
 * The bits that `mode` asks for: octal (`0644`, `644`) or symbolic (`u=rwX,g+s,o-w`).
 * @throws ModuleError when it is neither.
 */
export function wantedMode(mode: string, context: ModeContext): number {
  const text = mode.trim();
  if (/^0?o?[0-7]{1,4}$/.test(text)) return Number.parseInt(text.replace('o', ''), 8);
  return text
    .split(',')
    .reduce(
      (current, clause) => applyClause(clause.trim(), { ...context, current }),
      context.current,
    );
}

/** `0644`: four octal digits, as results show modes. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

function applyClause(clause: string, context: ModeContext): number {
  const match = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause);
  if (match === null) {
    throw new ModuleError(`mode must be octal or symbolic, not "${clause}"`, {
      hint: "write it in quotes, such as '0644' or 'u=rw,g=r'",
    });
  }
  const [, users = '', actions = ''] = match;
  const mask = users === '' ? 0o7777 & ~context.umask : 0o7777;
  let { current } = context;
  for (const [, operator = '', permissions = ''] of actions.matchAll(/([-+=])([rwxXstugo]*)/g)) {
    for (const who of whoOf(users)) {
      const bits = bitsOf(permissions, who, { ...context, current }) & mask;
      current = combined(current, bits, operator, who);
    }
  }
  return current;
}

function whoOf(users: string): readonly Who[] {
  if (users === '' || users.includes('a')) return ['u', 'g', 'o'];
  return (['u', 'g', 'o'] as const).filter((who) => users.includes(who));
}

/** The bits of one class of users that `permissions` names; setuid, setgid and sticky belong to u, g and o. */
function bitsOf(permissions: string, who: Who, { current, isDirectory }: ModeContext): number {
  let plain = 0;
  let special = 0;
  for (const letter of permissions) {
    if (letter === 'r') plain |= 4;
    if (letter === 'w') plain |= 2;
    if (letter === 'x' || (letter === 'X' && (isDirectory || (current & 0o111) !== 0))) plain |= 1;
    if (letter === 's') special |= { u: 0o4000, g: 0o2000, o: 0 }[who];
    if (letter === 't') special |= who === 'o' ? 0o1000 : 0;
    if (letter === 'u' || letter === 'g' || letter === 'o') {
      plain |= (current >> SHIFTS[letter]) & READ_WRITE_EXECUTE;
    }
  }
  return (plain << SHIFTS[who]) | special;
}

function combined(current: number, bits: number, operator: string, who: Who): number {
  if (operator === '+') return current | bits;
  if (operator === '-') return current & ~bits;
  const special = { u: 0o4000, g: 0o2000, o: 0o1000 }[who];
  return (current & ~((READ_WRITE_EXECUTE << SHIFTS[who]) | special)) | bits;
}

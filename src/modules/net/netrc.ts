/** Logins from the `.netrc` of a host (man 5 netrc), which `uri` and `get_url` use where the task names none. */
import type { Credentials } from './login.ts';

/** Prints the file that `NETRC` names, or the one of the home folder, as one `netrc` line: its newlines become carriage returns. */
export const NETRC_SHELL = `
netrc=\${NETRC:-$HOME/.netrc}
[ ! -f "$netrc" ] || [ ! -r "$netrc" ] || { printf 'netrc\\t'; tr '\\n' '\\r' <"$netrc"; echo; }
`;

/** @param text what \`NETRC_SHELL\` printed. */
export function netrcLogin(text: string, url: string): Credentials | undefined {
  const host = new URL(url).hostname;
  const entries = entriesOf(text);
  return (
    entries.find(({ machine }) => machine === host) ??
    entries.find(({ machine }) => machine === undefined)
  )?.login;
}

interface Entry {
  /** Undefined for the default. */
  readonly machine: string | undefined;
  /** Undefined when the entry lacks the user or the password. */
  readonly login: Credentials | undefined;
}

const MACRO = /(^|[\r\n])macdef[\s\S]*?(?:[\r\n]{2}|$)/g;
const COMMENT = /(^|[\r\n])\s*#[^\r\n]*/g;
const WORD = /"((?:[^"\\]|\\.)*)"|(\S+)/g;

function entriesOf(text: string): readonly Entry[] {
  const content = text.replace(COMMENT, '$1').replace(MACRO, '$1');
  const words = [...content.matchAll(WORD)].map(([, quoted, plain]) =>
    quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1'),
  );
  const entries: { machine: string | undefined; fields: Map<string, string> }[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const [key = '', value = ''] = words.slice(i, i + 2);
    if (key === 'machine') entries.push({ machine: value, fields: new Map() });
    else if (key === 'default') {
      entries.push({ machine: undefined, fields: new Map() });
      i -= 1;
    } else entries.at(-1)?.fields.set(key === 'user' ? 'login' : key, value);
  }
  return entries.map(({ machine, fields }) => ({ machine, login: loginOf(fields) }));
}

function loginOf(fields: ReadonlyMap<string, string>): Credentials | undefined {
  const [user, password] = [fields.get('login'), fields.get('password')];
  return user === undefined || password === undefined ? undefined : { user, password };
}

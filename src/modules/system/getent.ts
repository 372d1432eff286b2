/** `getent`: entries of the host's databases (passwd, group, hosts, services, …) as facts. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import { defineResource } from '../module.ts';
import { boolean, text } from '../params.ts';
import { script } from '../script.ts';

const params = z.strictObject({
  database: text().describe('The database, as in `passwd`.'),
  key: text().optional().describe('The one entry; without it all of them.'),
  split: text()
    .optional()
    .describe('What separates fields. Default: a colon for accounts, else blanks.'),
  fail_key: boolean().default(true).describe('Fail when the key is not there.'),
  service: text().optional().describe('The name service to ask, in place of all.'),
});
type Params = z.output<typeof params>;

/** Without getent, the files themselves. */
const ASK = script`
export LC_ALL=C
database=$1 service=$2
shift 2
if command -v getent >/dev/null; then
  set -- "$database" "$@"
  case $* in -* | *' -'*) set -- -- "$@" ;; esac # musl's knows no --
  [ -z "$service" ] || set -- -s "$service" "$@"
  getent "$@" </dev/null
elif [ ! -r "/etc/$database" ]; then exit 1
elif [ $# -eq 0 ]; then grep -v '^#' "/etc/$database"
else awk -F: -v key="$1" '$1 == key || $3 == key { print; found = 1 } END { exit found ? 0 : 2 }' "/etc/$database"
fi`;

const COLON = new Set(['passwd', 'shadow', 'group', 'gshadow']);

const PROBLEMS: Readonly<Record<number, string>> = {
  1: 'missing arguments, or the database is unknown',
  2: 'the database has no such key',
  3: 'the database cannot be listed',
};

type Entry = readonly string[] | readonly (readonly string[])[] | null;

export const getent = defineResource({
  name: 'getent',
  summary: 'Read entries of passwd, group, hosts and other databases as facts',
  params,
  examples: [
    '- getent: { database: passwd, key: root }\n- debug: { msg: "{{ ansible_facts.getent_passwd.root[4] }}" }\n',
    '- getent: { database: group, split: ":" }',
    '- getent: { database: hosts, key: db1, fail_key: false }',
  ],
  returns: { ansible_facts: 'A dict `getent_DATABASE` of lists of fields, by the first field.' },
  observe: ({ database, key, service }: Params) => ({
    answer: {
      script: ASK,
      args: [database, service ?? '', ...(key === undefined ? [] : [key])],
      parse: ({ rc, stdout, stderr }) => ({
        rc,
        output: stdout.toString(),
        error: stderr.toString(),
      }),
    },
  }),
  plan: () => [],
  apply: () => Promise.resolve(),
  result(input, { answer: { rc, output, error } }) {
    const { database, key, fail_key: failsKey } = input;
    const name = `getent_${database}`;
    if (rc === 0) return { ansible_facts: { [name]: entriesOf(output, separator(input)) } };
    const msg = PROBLEMS[rc] ?? 'getent failed';
    if (rc === 2 && !failsKey) return { ansible_facts: { [name]: { [key ?? '']: null } }, msg };
    throw new ModuleError(`getent ${database}${key === undefined ? '' : ` ${key}`}: ${msg}`, {
      data: { rc, stderr: error },
    });
  },
});

function separator({ split, database }: Params): string | RegExp {
  if (split !== undefined) return split.replaceAll('\\t', '\t');
  return COLON.has(database) ? ':' : /\s+/;
}

/** Several entries with one key become a list of them. */
export function entriesOf(output: string, split: string | RegExp): Readonly<Record<string, Entry>> {
  const records = new Map<string, (readonly string[])[]>();
  for (const line of output.split('\n').filter((each) => each !== '')) {
    const [key = '', ...fields] = (typeof split === 'string' ? line : line.trim()).split(split);
    records.set(key, [...(records.get(key) ?? []), fields]);
  }
  return Object.fromEntries(
    [...records].map(([key, found]) => [key, found.length === 1 ? (found[0] ?? []) : found]),
  );
}

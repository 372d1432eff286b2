/** `alternatives`: which of several programs a generic name stands for, with update-alternatives. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { integer, list, object, path, text, word } from '../params.ts';
import { script } from '../script.ts';
import {
  type Alternative,
  type LinkGroup,
  linkGroup,
  type Subcommand,
} from './alternativesFile.ts';

const params = z
  .strictObject({
    name: text().describe('The generic name, as in `editor`.'),
    path: path()
      .optional()
      .describe(
        'The program that it shall stand for; `family` chooses among those that are there.',
      ),
    family: word()
      .optional()
      .describe('Group of alternatives that belong together, on Red Hat and its kin.'),
    link: path()
      .optional()
      .describe('The generic link, as in /usr/bin/editor; needed for a new name.'),
    priority: integer().optional().describe('Priority in automatic mode. Default: 50.'),
    state: z
      .enum(['present', 'selected', 'auto', 'absent'])
      .default('selected')
      .describe(
        '`selected` is registered and chosen, `present` only registered, `auto` registered with the choice left to priorities.',
      ),
    subcommands: list(
      object({
        name: text().describe('Generic name of the follower.'),
        link: path().describe('Its generic link.'),
        path: path().describe('Its file.'),
      }),
    )
      .optional()
      .describe('Links that follow the choice, such as manual pages.')
      .meta({ aliases: ['slaves'] }),
  })
  .refine(({ path: file, family }) => (file ?? family) !== undefined, {
    error: 'one of "path" and "family" is needed',
  })
  .refine(({ path: file, state }) => file !== undefined || state !== 'absent', {
    error: '"path" says which alternative shall be absent',
  });
type Params = z.output<typeof params>;

export interface Chosen {
  /** Undefined when nobody knows the name. */
  readonly group: LinkGroup | undefined;
  /** Where the link leads now; empty when it leads nowhere. */
  readonly current: string;
  readonly pathExists: boolean;
  readonly hasTool: boolean;
}

type AlternativeChange = Change<readonly string[]>;

const FIND_TOOL = script`
PATH=$PATH:/usr/sbin:/sbin
tool=$(command -v update-alternatives || command -v alternatives)`;

const OBSERVE = script`
${FIND_TOOL}
echo "\${tool:-none}"
if [ -e "$2" ]; then echo exists; else echo missing; fi
echo "$(readlink "/etc/alternatives/$1" 2>/dev/null)"
for folder in /var/lib/dpkg/alternatives /var/lib/alternatives /var/lib/rpm/alternatives; do
  [ ! -f "$folder/$1" ] || { cat "$folder/$1"; break; }
done`;

export const alternatives = defineResource({
  name: 'alternatives',
  collection: 'community.general',
  aliases: ['ansible.builtin.alternatives'],
  summary: 'Choose which program a generic name stands for',
  params,
  examples: [
    '- alternatives: { name: editor, path: /usr/bin/vim.basic }',
    '- alternatives:\n    name: java\n    link: /usr/bin/java\n    path: /opt/jdk/bin/java\n    priority: 100\n    subcommands:\n      - { name: keytool, link: /usr/bin/keytool, path: /opt/jdk/bin/keytool }\n',
    '- alternatives: { name: editor, path: /opt/ed, state: absent }',
    '- alternatives: { name: java, family: java-17-openjdk }',
  ],
  observe: (input: Params) => ({ chosen: chosenProbe(input) }),
  plan: (input, { chosen }, { checkMode }) => planAlternatives(input, chosen, checkMode),
  apply: (changes, target) => applyAlternatives(changes, target),
});

function chosenProbe({ name, path: file }: Params): Probe<Chosen> {
  return {
    script: OBSERVE,
    args: [name, file ?? ''],
    parse({ stdout }) {
      const [tool, exists, current = '', ...lines] = stdout.toString().split('\n');
      return {
        hasTool: tool !== 'none',
        pathExists: exists === 'exists',
        current,
        group: linkGroup(lines.join('\n')),
      };
    },
  };
}

export function planAlternatives(
  input: Params,
  chosen: Chosen,
  checkMode: boolean,
): readonly AlternativeChange[] {
  const changes = neededChanges(input, chosen);
  if (changes.length === 0 || checkMode) return changes;
  if (!chosen.hasTool) {
    throw new ModuleError('this host has no update-alternatives', {
      hint: 'install the package dpkg (Debian), or alternatives or chkconfig (Fedora, RHEL)',
    });
  }
  if (input.path !== undefined && !chosen.pathExists && input.state !== 'absent') {
    throw new ModuleError(`the program ${input.path} does not exist`);
  }
  return changes;
}

function neededChanges(input: Params, { group, current }: Chosen): AlternativeChange[] {
  const { name, path: file, state } = input;
  const what = `alternative ${name}`;
  const registered = group?.alternatives.find((each) => each.path === file);
  if (file !== undefined && state === 'absent') {
    if (registered === undefined) return [];
    const { priority } = registered;
    return [
      {
        what,
        before: { path: file, priority },
        after: 'absent',
        operation: ['--remove', name, file],
      },
    ];
  }
  const isInstalled = file === undefined || isRegistered(input, registered);
  const installed = isInstalled ? [] : [installation(input, file, group)];
  if (state === 'selected') {
    const after = file ?? choiceOfFamily(input, group, current);
    if (current === after) return installed;
    const operation = ['--set', name, after];
    return [...installed, { what, before: current, after, operation }];
  }
  if (state === 'auto' && group?.mode === 'manual') {
    const operation = ['--auto', name];
    return [...installed, { what: `${what}: mode`, before: 'manual', after: 'auto', operation }];
  }
  return installed;
}

/**
 * What stands for the name if it is of the family, else the member with the highest priority, as alternatives(8) has it.
 * @throws ModuleError when nothing is of the family.
 */
function choiceOfFamily(
  { name, family }: Params,
  group: LinkGroup | undefined,
  current: string,
): string {
  const members = group?.alternatives.filter((each) => each.family === family) ?? [];
  const chosen =
    members.find((each) => each.path === current) ??
    members.toSorted((a, b) => b.priority - a.priority)[0];
  if (chosen !== undefined) return chosen.path;
  throw new ModuleError(`no alternative of "${name}" belongs to the family "${family}"`, {
    hint: 'say its program in "path"; only Red Hat and its kin know families',
  });
}

function isRegistered(
  { priority, family, subcommands }: Params,
  registered: Alternative | undefined,
): boolean {
  if (registered === undefined) return false;
  if (priority !== undefined && priority !== registered.priority) return false;
  if (family !== undefined && family !== registered.family) return false;
  return subcommands === undefined || isSameSet(subcommands, registered.subcommands);
}

function isSameSet(a: readonly Subcommand[], b: readonly Subcommand[]): boolean {
  const keys = (list: readonly Subcommand[]) =>
    list.map(({ name, link, path: file }) => `${name} ${link} ${file}`).sort();
  return keys(a).join('\n') === keys(b).join('\n');
}

/** @throws ModuleError when the link of a new name is not given. */
function installation(
  input: Params,
  file: string,
  group: LinkGroup | undefined,
): AlternativeChange {
  const { name } = input;
  const registered = group?.alternatives.find((each) => each.path === file);
  const link = input.link ?? group?.link;
  if (link === undefined) {
    throw new ModuleError(`this host does not know the alternative "${name}"`, {
      hint: 'say its generic link in "link"',
    });
  }
  const wanted = {
    priority: input.priority ?? registered?.priority ?? 50,
    family: input.family ?? registered?.family,
    subcommands: input.subcommands ?? registered?.subcommands ?? [],
  };
  const { family, subcommands } = wanted;
  const operation = [
    ...['--install', link, name, file, String(wanted.priority)],
    ...(family === undefined ? [] : ['--family', family]),
    ...subcommands.flatMap((each) => ['--slave', each.link, each.name, each.path]),
  ];
  return {
    what: `alternative ${name}: ${file}`,
    before: registered === undefined ? 'absent' : shown(registered),
    after: shown(wanted),
    operation,
  };
}

interface Rank {
  readonly priority: number;
  readonly family?: string | undefined;
  readonly subcommands: readonly Subcommand[];
}

function shown({ priority, family, subcommands }: Rank) {
  const followers = subcommands.map((each) => each.path);
  return {
    priority,
    ...(family === undefined ? {} : { family }),
    ...(followers.length === 0 ? {} : { subcommands: followers }),
  };
}

async function applyAlternatives(changes: readonly AlternativeChange[], target: Target) {
  for (const { operation } of changes) {
    const program = `export LC_ALL=C\n${FIND_TOOL}\n"$tool" "$@"`;
    const { rc, stdout, stderr } = await target.sh(program, { args: operation });
    if (rc === 0) continue;
    throw new ModuleError(
      `update-alternatives ${operation.join(' ')}: ${stderr.toString().trim()}`,
      { data: { rc, stdout: stdout.toString(), stderr: stderr.toString() } },
    );
  }
}

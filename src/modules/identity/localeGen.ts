/** `locale_gen`: which locales a host of the Debian family can speak. */
import * as z from 'zod';
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { applyText, joinLines, textLines } from '../files/keptText.ts';
import { defineResource } from '../module.ts';
import { list, text } from '../params.ts';
import { script } from '../script.ts';

const params = z.strictObject({
  name: list(text()).describe('Locales with their encoding, as in `de_DE.UTF-8`.'),
  state: z.enum(['present', 'absent']).default('present').describe('Whether they shall be there.'),
});
type Params = z.output<typeof params>;

export interface Locales {
  /** `gen`: by /etc/locale.gen; `supported`: by files in /var/lib/locales/supported.d (older Ubuntu). */
  readonly way: 'gen' | 'supported' | 'none';
  /** What `locale -a` names. */
  readonly present: readonly string[];
  /** Text of /etc/locale.gen, or of supported.d/local. */
  readonly text: string;
  /** `de_DE.UTF-8 UTF-8` lines that glibc knows. */
  readonly known: readonly string[];
}

type LocaleChange = Change<{ readonly way: 'gen' | 'supported'; readonly text: string }>;

const OBSERVE = script`
if [ -d /var/lib/locales/supported.d ]; then way=supported file=/var/lib/locales/supported.d/local
elif [ -e /etc/locale.gen ]; then way=gen file=/etc/locale.gen
else way=none file=/dev/null; fi
printf '%s\0' "$way"
locale -a 2>/dev/null
printf '\0'
[ ! -f "$file" ] || cat "$file"
printf '\0'
cat /usr/share/i18n/SUPPORTED 2>/dev/null`;

export const localeGen = defineResource({
  name: 'locale_gen',
  collection: 'community.general',
  aliases: ['ansible.builtin.locale_gen'],
  summary: 'Generate and remove locales',
  params,
  examples: [
    '- locale_gen: { name: de_DE.UTF-8 }',
    '- locale_gen:\n    name: [fr_FR.UTF-8, fr_CA.UTF-8]\n    state: absent\n',
  ],
  returns: {
    name: 'The locales.',
    mechanism: '`glibc` with /etc/locale.gen, `ubuntu_legacy` with /var/lib/locales/supported.d.',
  },
  observe: () => ({ locales: localesProbe() }),
  plan: (input: Params, { locales }, { checkMode }) => planLocales(input, locales, checkMode),
  apply: (changes, target) => applyLocales(changes, target),
  result: ({ name }, { locales }) => ({
    name: name.length === 1 ? name[0] : name,
    mechanism: locales.way === 'supported' ? 'ubuntu_legacy' : 'glibc',
  }),
});

function localesProbe(): Probe<Locales> {
  return {
    script: OBSERVE,
    args: [],
    parse({ stdout }) {
      const [way, present = '', text = '', known = ''] = stdout.toString().split('\0');
      return {
        way: way === 'gen' || way === 'supported' ? way : 'none',
        present: textLines(present),
        text,
        known: textLines(known).map((line) => line.trim()),
      };
    },
  };
}

export function planLocales(
  { name: names, state }: Params,
  locales: Locales,
  checkMode: boolean,
): readonly LocaleChange[] {
  const { way, text: before } = locales;
  if (way === 'none') {
    if (checkMode) return names.map((name) => localeChange(name, state, 'gen', ''));
    throw new ModuleError('this host has neither /etc/locale.gen nor supported.d', {
      hint: 'install the package locales',
    });
  }
  for (const name of names) checkKnown(name, locales);
  const present = new Set(locales.present.map(normalName));
  const changing = names.filter((name) => present.has(normalName(name)) !== (state === 'present'));
  const after = changing.reduce((text, name) => localeText(text, name, state, locales), before);
  return changing.map((name) => localeChange(name, state, way, after));
}

function localeChange(
  name: string,
  state: Params['state'],
  way: 'gen' | 'supported',
  text: string,
): LocaleChange {
  const before = state === 'present' ? 'absent' : 'present';
  return { what: `locale ${name}`, before, after: state, operation: { way, text } };
}

function checkKnown(name: string, { text, known }: Locales): void {
  const listed = textLines(text).map((line) => line.replace(/^#?\s*/, ''));
  if ([...known, ...listed].some((line) => line.split(/\s+/)[0] === name)) return;
  throw new ModuleError(`this host has no definition of the locale "${name}"`, {
    hint: 'the names are in /usr/share/i18n/SUPPORTED',
  });
}

/** `locale -a` says `de_DE.utf8` for `de_DE.UTF-8`. */
function normalName(name: string): string {
  const [language = '', encoding = ''] = name.split(/\.(?=[^@]*)/, 2);
  return `${language}.${encoding.toLowerCase().replaceAll('-', '')}`;
}

function localeText(
  text: string,
  name: string,
  state: Params['state'],
  { way, known }: Locales,
): string {
  const lines = textLines(text);
  const isLine = (line: string) => line.replace(/^#?\s*/, '').split(/\s+/)[0] === name;
  if (way === 'supported' && state === 'absent') {
    return joinLines(lines.filter((line) => !isLine(line)));
  }
  if (!lines.some(isLine)) {
    const definition = known.find((line) => line.split(/\s+/)[0] === name) ?? `${name} UTF-8`;
    return state === 'present' ? joinLines([...lines, definition]) : text;
  }
  const prefix = state === 'present' ? '' : '# ';
  return joinLines(
    lines.map((line) => (isLine(line) ? prefix + line.replace(/^#?\s*/, '') : line)),
  );
}

async function applyLocales(changes: readonly LocaleChange[], target: Target) {
  const [first] = changes;
  if (first === undefined) return;
  const { way, text: content } = first.operation;
  const path = way === 'gen' ? '/etc/locale.gen' : '/var/lib/locales/supported.d/local';
  const options = { createMode: '0644' };
  await applyText({ type: 'write', path, content: Buffer.from(content), options }, target);
  const purge = way === 'supported' && first.after === 'absent' ? ['--purge'] : [];
  const { rc, stdout, stderr } = await target.sh('PATH=$PATH:/usr/sbin locale-gen "$@"', {
    args: purge,
  });
  if (rc === 0) return;
  throw new ModuleError(`locale-gen failed: ${stderr.toString().trim()}`, {
    data: { rc, stdout: stdout.toString(), stderr: stderr.toString() },
  });
}

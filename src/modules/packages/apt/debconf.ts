/** `debconf`: the answers that Debian packages ask for when they are configured. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import { HIDDEN } from '../../../core/secret.ts';
import { defineResource } from '../../module.ts';
import { boolean, text, word } from '../../params.ts';
import { script } from '../../script.ts';
import { linesOf, sectionsOf } from '../../scriptOutput.ts';

const TYPES = [
  'boolean',
  'error',
  'multiselect',
  'note',
  'password',
  'seen',
  'select',
  'string',
  'text',
  'title',
] as const;

const params = z
  .strictObject({
    name: word()
      .describe('Package that asks.')
      .meta({ aliases: ['pkg'] }),
    question: text()
      .optional()
      .describe('The question, e.g. `tzdata/Areas`.')
      .meta({ aliases: ['selection', 'setting'] }),
    vtype: z
      .enum(TYPES)
      .optional()
      .describe('Type of the answer; `seen` sets whether the question counts as asked.'),
    value: text()
      .optional()
      .describe('The answer. Booleans are `true` or `false`.')
      .meta({ aliases: ['answer'] }),
    unseen: boolean()
      .default(false)
      .describe('Leave the question unasked, so that it is put to whoever configures by hand.'),
  })
  .refine(
    ({ question, vtype, value }) =>
      question === undefined || (vtype !== undefined && value !== undefined),
    { error: '"question" needs "vtype" and "value"' },
  );

type Params = z.output<typeof params>;

/** What debconf knows of a package. */
interface Answers {
  /** Values by question; passwords only where they were asked for by name. */
  readonly values: ReadonlyMap<string, string>;
  readonly seen: ReadonlySet<string>;
}

/** `PACKAGE PASSWORD_QUESTION`. debconf-show leaves passwords out; the question of the task is asked for by itself. */
const OBSERVE = script`
export LC_ALL=C DEBIAN_FRONTEND=noninteractive
command -v debconf-show >/dev/null || exit 127
printf '\n\036show\n'; debconf-show "$1" || exit 1
if [ -n "$2" ]; then
  printf '\n\036password\n'
  printf 'GET %s\n' "$2" | debconf-communicate "$1" 2>/dev/null | sed -n 's/^0 //p'
fi
exit 0
`;

export const debconf = defineResource({
  name: 'debconf',
  summary: 'Answer the questions of Debian packages before they are asked',
  description:
    'Without `question` it reads the answers of a package. Answers of the type `password` are read too, compared, and never shown.',
  params,
  examples: [
    '- debconf: { name: locales, question: locales/default_environment_locale, value: en_US.UTF-8, vtype: select }',
    '- debconf: { name: tzdata }',
  ],
  returns: {
    previous: 'The answers before, by question.',
    current: 'The answers after, by question.',
  },
  prepare(given: Params, controller) {
    if (given.vtype === 'password' && given.value !== undefined) controller.addSecret(given.value);
    return given;
  },
  observe: ({ name, question, vtype }) => ({
    answers: {
      script: OBSERVE,
      args: [name, vtype === 'password' ? (question ?? '') : ''],
      parse: ({ rc, stdout, stderr }) =>
        answersOf(rc, stdout.toString(), stderr.toString(), question),
    },
  }),
  plan(given, { answers }) {
    const { question, value } = given;
    if (question === undefined || value === undefined) return [];
    const before = known(given, answers);
    const after = wanted(given);
    if (before !== undefined && isSame(given, before, after)) return [];
    const isHidden = given.vtype === 'password';
    return [
      {
        what: `${given.name}: ${question}`,
        before: isHidden && before !== undefined ? HIDDEN : (before ?? 'absent'),
        after: isHidden ? HIDDEN : after,
        operation: after,
      },
    ];
  },
  async apply(changes, target, { name, question, vtype, unseen }) {
    const lines = changes.map(({ operation }) => `${name} ${question} ${vtype} ${operation}\n`);
    const { rc, stderr } = await target.sh('debconf-set-selections "$@"', {
      args: unseen ? ['--unseen'] : [],
      stdin: lines.join(''),
    });
    if (rc !== 0) throw new ModuleError(`debconf-set-selections: ${stderr.toString().trim()}`);
  },
  result(given, { answers }, changes) {
    const previous = shown(given, answers.values);
    const { question } = given;
    const isValue = question !== undefined && given.vtype !== 'seen' && changes.length > 0;
    return {
      previous,
      current: isValue ? { ...previous, [question]: changes[0]?.after } : previous,
    };
  },
});

/** Lines of `debconf-show`: `* tzdata/Areas: Europe`; the star marks questions that were seen. */
function answersOf(
  rc: number,
  output: string,
  stderr: string,
  question: string | undefined,
): Answers {
  if (rc === 127) {
    throw new ModuleError('debconf is not on this host', {
      code: 'DROVER_TOOL_MISSING',
      hint: 'debconf is of the Debian family',
    });
  }
  if (rc !== 0) throw new ModuleError(`debconf-show: ${stderr.trim()}`);
  const sections = sectionsOf(output);
  const answers = linesOf(sections.get('show')).flatMap((line) => {
    const [, star, name, value] = /^([* ]) (\S+): ?(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ name, value: value ?? '', isSeen: star === '*' }];
  });
  const values = new Map(answers.map(({ name, value }) => [name, value]));
  const password = sections.get('password');
  if (password !== undefined && question !== undefined) values.set(question, password.trim());
  return {
    values,
    seen: new Set(answers.filter(({ isSeen }) => isSeen).map(({ name }) => name)),
  };
}

function known({ question = '', vtype }: Params, { values, seen }: Answers): string | undefined {
  return vtype === 'seen' ? String(seen.has(question)) : values.get(question);
}

/** `True`, as a template prints a boolean, is debconf's `true`. */
function wanted({ vtype, value = '' }: Params): string {
  return vtype === 'boolean' || vtype === 'seen' ? value.toLowerCase() : value;
}

/** The choices of a multiselect have no order. */
function isSame({ vtype }: Params, before: string, after: string): boolean {
  if (vtype !== 'multiselect') return before === after;
  const choices = (value: string) => value.split(',').map((choice) => choice.trim());
  return String(choices(before).sort()) === String(choices(after).sort());
}

function shown({ vtype, question }: Params, values: ReadonlyMap<string, string>) {
  const isHidden = (name: string) => vtype === 'password' && name === question;
  return Object.fromEntries(
    [...values].map(([name, value]) => [name, isHidden(name) ? HIDDEN : value]),
  );
}

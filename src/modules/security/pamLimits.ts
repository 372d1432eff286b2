/** `pam_limits`: limits of users and groups, see limits.conf(5). */
import * as z from 'zod';
import {
  applyText,
  joinLines,
  type KeptText,
  keptText,
  textChanges,
  textLines,
} from '../files/keptText.ts';
import { defineResource } from '../module.ts';
import { boolean, path, text } from '../params.ts';

const ITEMS = [
  'core',
  'data',
  'fsize',
  'memlock',
  'nofile',
  'rss',
  'stack',
  'cpu',
  'nproc',
  'as',
  'maxlogins',
  'maxsyslogins',
  'priority',
  'locks',
  'sigpending',
  'msgqueue',
  'nice',
  'rtprio',
  'chroot',
] as const;

const UNLIMITED = new Set(['unlimited', 'infinity', '-1']);

const params = z
  .strictObject({
    domain: text().describe('User, `@group`, `*`, or a range of ids.'),
    limit_type: z.enum(['hard', 'soft', '-']).describe('Kind of limit; `-` is both.'),
    limit_item: z.enum(ITEMS).describe('What is limited.'),
    value: text().describe('The limit: a number, or `unlimited`.'),
    use_max: boolean().default(false).describe('Keep the value of the file when it is larger.'),
    use_min: boolean().default(false).describe('Keep the value of the file when it is smaller.'),
    dest: path().default('/etc/security/limits.conf').describe('The file.'),
    backup: boolean().default(false).describe('Keep the old file.'),
    comment: text().default('').describe('Comment after the limit.'),
  })
  .superRefine(({ limit_item: item, value, use_max: max, use_min: min }, context) => {
    if (max && min) context.addIssue('parameters are mutually exclusive: use_max|use_min');
    if (!isValue(item, value)) {
      context.addIssue(
        item === 'nice' || item === 'priority'
          ? `"value" of ${item} is a number from -20 to 19`
          : '"value" is a number, unlimited, infinity or -1',
      );
    }
  });
type Params = z.output<typeof params>;

function isValue(item: string, value: string): boolean {
  if (item === 'nice' || item === 'priority') {
    return /^-?\d+$/.test(value) && Number(value) >= -20 && Number(value) <= 19;
  }
  return UNLIMITED.has(value) || /^\d+$/.test(value);
}

export const pamLimits = defineResource({
  name: 'pam_limits',
  collection: 'community.general',
  aliases: ['ansible.builtin.pam_limits'],
  summary: 'Limit what users may use',
  params,
  examples: [
    '- pam_limits: { domain: app, limit_type: soft, limit_item: nofile, value: "64000" }',
    '- pam_limits: { domain: "@db", limit_type: hard, limit_item: memlock, value: unlimited, dest: /etc/security/limits.d/db.conf }',
  ],
  returns: { msg: 'The line in the file.', backup_file: 'The old file, with `backup`.' },
  observe: ({ dest }: Params) => ({ file: keptText(dest) }),
  plan: (input, { file }) => planLimits(input, file),
  async apply([change], target) {
    return change === undefined ? {} : applyText(change.operation, target);
  },
  result: (input, { file }) => ({ msg: limited(input, file).line }),
});

export function planLimits(input: Params, file: KeptText) {
  const { after } = limited(input, file);
  return after === file.text ? [] : textChanges(file, after, { backup: input.backup });
}

/** The text with the limit, and its line. */
function limited(input: Params, { text: before }: KeptText): { after: string; line: string } {
  const lines = textLines(before);
  const at = lines.findIndex((line) => isFor(line, input));
  const old = lines[at];
  if (old === undefined) {
    const line = limitLine(input, input.value, '');
    return { after: joinLines([...lines, line]), line: `${line}\n` };
  }
  const [, , , current = ''] = fieldsOf(old);
  const value = wantedValue(input, current);
  if (value === current) return { after: before ?? '', line: `${old}\n` };
  const [, comment = ''] = old.split(/#(.*)/);
  const line = limitLine(input, value, comment);
  return { after: joinLines(lines.with(at, line)), line: `${line}\n` };
}

function limitLine(input: Params, value: string, oldComment: string): string {
  const comment = input.comment === '' ? oldComment : input.comment;
  const words = [input.domain, input.limit_type, input.limit_item, value];
  return [...words, ...(comment === '' ? [] : [`#${comment}`])].join('\t');
}

function isFor(line: string, { domain, limit_type: type, limit_item: item }: Params): boolean {
  const [ofDomain, ofType, ofItem, ...value] = fieldsOf(line);
  return ofDomain === domain && ofType === type && ofItem === item && value.length === 1;
}

function fieldsOf(line: string): string[] {
  return line.replace(/#.*$/, '').trim().split(/\s+/);
}

/** With `use_max` and `use_min` the value of the file may stand. */
function wantedValue(
  { value, limit_item: item, use_max: max, use_min: min }: Params,
  current: string,
): string {
  if (!max && !min) return value;
  const isNumber = item === 'nice' || item === 'priority';
  const size = (text: string) =>
    !isNumber && UNLIMITED.has(text) ? Number.POSITIVE_INFINITY : Number(text);
  const isLarger = size(value) > size(current);
  const isSmaller = size(value) < size(current);
  return (max && isLarger) || (min && isSmaller) ? value : current;
}

/** The parameters of `cron`, and the line that they ask for. */
import * as z from 'zod';
import { boolean, path, text } from '../params.ts';

const TIME_FIELDS = ['minute', 'hour', 'day', 'month', 'weekday'] as const;

export const CronParams = z
  .strictObject({
    name: text().describe('What the job is called in the crontab; with `env`, the variable.'),
    user: text().optional().describe('Whose crontab, or as whom the job of a `cron_file` runs.'),
    job: text()
      .optional()
      .describe('The command, or the value of the variable.')
      .meta({ aliases: ['value'] }),
    state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
    cron_file: path()
      .optional()
      .describe('A file in /etc/cron.d, or an absolute path, in place of a user’s crontab.'),
    backup: boolean().default(false).describe('Keep the old crontab in a temporary file.'),
    minute: text().default('*').describe('Minutes (0-59, *, */2, …).'),
    hour: text().default('*').describe('Hours (0-23).'),
    day: text()
      .default('*')
      .describe('Days of the month (1-31).')
      .meta({ aliases: ['dom'] }),
    month: text().default('*').describe('Months (1-12).'),
    weekday: text()
      .default('*')
      .describe('Days of the week (0-6 for Sunday to Saturday).')
      .meta({ aliases: ['dow'] }),
    special_time: z
      .enum(['reboot', 'yearly', 'annually', 'monthly', 'weekly', 'daily', 'hourly'])
      .optional()
      .describe('A nickname in place of the five fields.'),
    disabled: boolean().default(false).describe('Keep the job as a comment.'),
    env: boolean().default(false).describe('Manage a variable of the crontab, not a job.'),
    insertafter: text().optional().describe('Put a new variable after this one.'),
    insertbefore: text().optional().describe('Put a new variable before this one.'),
  })
  .superRefine((params, context) => {
    for (const problem of problemsOf(params)) context.addIssue(problem);
  });

export type CronParams = z.output<typeof CronParams>;

function problemsOf(params: CronParams): string[] {
  const { state, job, cron_file: file, user, env, insertafter, insertbefore } = params;
  const isPresent = state === 'present';
  const hasTime = TIME_FIELDS.some((field) => params[field] !== '*');
  const rules: readonly (readonly [boolean, string])[] = [
    [params.name.trim() === '', '"name" must not be empty'],
    [params.special_time !== undefined && hasTime, 'give special_time or time fields, not both'],
    [
      isPresent && file !== undefined && user === undefined && !env,
      '"user" is needed with cron_file',
    ],
    [isPresent && job === undefined, '"job" is needed with state=present'],
    [isPresent && /[\r\n]/.test(job ?? ''), '"job" must be one line; use % for line ends'],
    [env && /\s/.test(params.name), 'the name of a variable has no spaces'],
    [
      insertafter !== undefined && insertbefore !== undefined,
      'parameters are mutually exclusive: insertafter|insertbefore',
    ],
    [
      isPresent && !env && (insertafter ?? insertbefore) !== undefined,
      'insertafter and insertbefore need env=true',
    ],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, message]) => message);
}

/** The line of the job; a file in /etc/cron.d also says the user. */
export function jobLine(params: CronParams): string {
  const { special_time: nickname, cron_file: file, user, job = '', disabled } = params;
  const time =
    nickname === undefined ? TIME_FIELDS.map((field) => params[field]).join(' ') : `@${nickname}`;
  const words = [time, ...(file === undefined ? [] : [user ?? 'root']), job];
  return `${disabled ? '#' : ''}${words.join(' ')}`;
}

/** `cron`: jobs and variables in the crontab of a user, or in a file of /etc/cron.d. */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { joinLines, keptText } from '../files/keptText.ts';
import { defineResource } from '../module.ts';
import { script } from '../script.ts';
import { CronParams, jobLine } from './cronParams.ts';
import {
  crontabLines,
  jobNames,
  variableNames,
  withJob,
  withoutJob,
  withoutVariable,
  withVariable,
} from './crontab.ts';

export interface Crontab {
  /** Undefined when there is none. */
  readonly text: string | undefined;
  /** Why it cannot be read; in check mode an earlier task may be going to cure it. */
  readonly problem?: string;
}

type CronOperation =
  | { readonly type: 'write'; readonly text: string }
  | { readonly type: 'remove'; readonly path: string };

/** `crontab` for the user `$1`, or for whoever asks. */
const CRONTAB_SHELL = script`
export LC_ALL=C
user=$1
of_user() {
  if [ -z "$user" ] || [ "$user" = "$(id -un)" ]; then crontab "$@"; else crontab -u "$user" "$@"; fi
}
`;

const READ = script`
${CRONTAB_SHELL}
command -v crontab >/dev/null || exit 127
of_user -l`;

const WRITE = script`
${CRONTAB_SHELL}
if [ "$2" = yes ]; then
  kept=$(mktemp "\${TMPDIR:-/tmp}/crontabXXXXXX") && of_user -l >"$kept" 2>/dev/null
  printf '%s' "$kept"
fi
of_user -`;

const KEEP_FILE = script`
[ ! -f "$1" ] || { kept=$(mktemp "\${TMPDIR:-/tmp}/crontabXXXXXX") && cat -- "$1" >"$kept" && printf '%s' "$kept"; }`;

/** Belongs to the system: packages bring it, and it has lines that jobs here know nothing of. */
const SYSTEM_CRONTAB = '/etc/crontab';

export const cron = defineResource({
  name: 'cron',
  summary: 'Manage jobs and variables of crontabs',
  description: 'A job is known by the comment above it, which holds its name.',
  params: CronParams,
  examples: [
    '- cron:\n    name: backup\n    minute: "30"\n    hour: "2"\n    job: /usr/local/sbin/backup >/dev/null\n',
    '- cron: { name: warm the cache, special_time: reboot, job: /srv/app/warm, user: app }',
    '- cron:\n    name: PATH\n    env: true\n    job: /opt/bin:/usr/bin\n    cron_file: app\n    user: root\n',
    '- cron: { name: backup, state: absent }',
  ],
  returns: {
    jobs: 'Names of the jobs in the crontab, afterwards.',
    envs: 'Names of the variables in the crontab, afterwards.',
    backup_file: 'The old crontab, with `backup`.',
    cron_file: 'The file, when one was given.',
    state: 'What was asked.',
  },
  observe: (params: CronParams) => ({ crontab: crontabProbe(params) }),
  plan: (params, { crontab }, { checkMode }) => {
    if (params.cron_file !== undefined && filePath(params.cron_file) === SYSTEM_CRONTAB) {
      throw new ModuleError(`Will not manage ${SYSTEM_CRONTAB} via cron_file, see documentation.`, {
        hint: 'give the job a file of its own: "cron_file: NAME" is one in /etc/cron.d',
      });
    }
    if (crontab.problem !== undefined && !checkMode) throw unreadable(params, crontab.problem);
    return planCrontab(params, crontab);
  },
  apply: (changes, target, params) => applyCrontab(changes, target, params),
  result(params, { crontab }) {
    const lines = linesAfter(params, crontab);
    return {
      jobs: jobNames(lines),
      envs: variableNames(lines),
      state: params.state,
      ...(params.cron_file === undefined ? {} : { cron_file: filePath(params.cron_file) }),
    };
  },
});

function crontabProbe({ user, cron_file: file }: CronParams): Probe<Crontab> {
  if (file !== undefined) return keptText(filePath(file));
  return {
    script: READ,
    args: [user ?? ''],
    parse({ rc, stdout, stderr }) {
      if (rc === 0) return { text: stdout.toString() };
      if (rc === 127) return { text: undefined, problem: 'this host has no crontab' };
      const said = stderr.toString().trim();
      const isMissing = said === '' || /no crontab|can(not|'t) open/i.test(said);
      return { text: undefined, ...(isMissing ? {} : { problem: said }) };
    },
  };
}

function filePath(file: string): string {
  return file.startsWith('/') ? file : `/etc/cron.d/${file}`;
}

function unreadable({ user }: CronParams, problem: string): ModuleError {
  const whose = user === undefined ? 'the crontab' : `the crontab of ${user}`;
  return new ModuleError(`cannot read ${whose}: ${problem}`, {
    hint: problem.includes('has no crontab')
      ? 'install the package cron (Debian) or cronie (Fedora, RHEL, Alpine)'
      : undefined,
  });
}

/** Lines as they shall be. */
function linesAfter(params: CronParams, { text = '' }: Crontab): readonly string[] {
  const { name, env, state, job = '' } = params;
  const lines = crontabLines(text);
  if (env) {
    return state === 'present'
      ? withVariable(lines, name, job, params)
      : withoutVariable(lines, name);
  }
  return state === 'present' ? withJob(lines, name, jobLine(params)) : withoutJob(lines, name);
}

export function planCrontab(
  params: CronParams,
  crontab: Crontab,
): readonly Change<CronOperation>[] {
  const { user, cron_file: file, state } = params;
  const before = crontab.text ?? '';
  const lines = linesAfter(params, crontab);
  const isEmpty = lines.every((line) => line.trim() === '');
  const what =
    file === undefined ? `crontab${user === undefined ? '' : ` of ${user}`}` : filePath(file);
  const after = joinLines(lines);
  const diff = { before, after, beforeHeader: what, afterHeader: what };
  if (file !== undefined && state === 'absent' && isEmpty) {
    if (crontab.text === undefined) return [];
    return [{ what, diff, operation: { type: 'remove', path: filePath(file) } }];
  }
  const isSame = after === joinLines(crontabLines(before)) && /(^|[\r\n])$/.test(before);
  return isSame ? [] : [{ what, diff, operation: { type: 'write', text: after } }];
}

async function applyCrontab(
  changes: readonly Change<CronOperation>[],
  target: Target,
  params: CronParams,
) {
  const [change] = changes;
  if (change === undefined) return undefined;
  const { operation } = change;
  const { user = '', cron_file: file, backup } = params;
  if (file === undefined) {
    const stdin = operation.type === 'write' ? operation.text : '';
    const kept = await said(target, WRITE, [user, backup ? 'yes' : 'no'], stdin);
    return backup ? { backup_file: kept } : {};
  }
  const kept = backup ? await said(target, KEEP_FILE, [filePath(file)]) : '';
  if (operation.type === 'remove') await said(target, 'rm -f -- "$1"', [operation.path]);
  else await target.writeFile(filePath(file), operation.text, { createMode: '0644' });
  return kept === '' ? {} : { backup_file: kept };
}

async function said(
  target: Target,
  program: string,
  args: readonly string[],
  stdin = '',
): Promise<string> {
  const { rc, stdout, stderr } = await target.sh(program, { args, stdin });
  if (rc === 0) return stdout.toString();
  throw new ModuleError(`the crontab was not changed: ${stderr.toString().trim()}`, {
    data: { rc, stderr: stderr.toString() },
  });
}

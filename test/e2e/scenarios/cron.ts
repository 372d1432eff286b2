import type { Scenario } from '../../support/scenarios/scenario.ts';

const BACKUP = { name: 'backup', minute: '30', hour: '2', job: '/bin/true' };
const IN_FILE = { cron_file: 'app', user: 'deploy' };

export const cronScenarios: readonly Scenario[] = [
  {
    module: 'cron',
    setup:
      'apt-get update -qq; apt-get install -qy --no-install-recommends cron >/dev/null 2>&1; crontab -r',
    args: BACKUP,
    changed: true,
    look: 'crontab -l',
    shows: '#Ansible: backup\n30 2 * * * /bin/true',
  },
  {
    module: 'cron',
    args: { ...BACKUP, user: 'deploy', disabled: true },
    changed: true,
    look: 'crontab -u deploy -l',
    shows: '#Ansible: backup\n#30 2 * * * /bin/true',
  },
  {
    module: 'cron',
    args: { ...BACKUP, minute: '0', weekday: '1-5', backup: true },
    changed: true,
    look: 'crontab -l; grep -l 30 /tmp/crontab* | wc -l',
    shows: '#Ansible: backup\n0 2 * * 1-5 /bin/true\n1',
  },
  {
    module: 'cron',
    args: { name: 'MAILTO', env: true, value: 'ops@example.org' },
    changed: true,
    look: 'crontab -l | head -n 1',
    shows: 'MAILTO="ops@example.org"',
  },
  {
    module: 'cron',
    args: { name: 'LANG', env: true, value: 'C', insertafter: 'MAILTO' },
    changed: true,
    look: 'crontab -l | sed -n 2p',
    shows: 'LANG="C"',
  },
  { module: 'cron', args: { name: 'LANG', env: true, state: 'absent' }, changed: true },
  { module: 'cron', args: { name: 'backup', state: 'absent' }, changed: true },
  {
    module: 'cron',
    args: { ...IN_FILE, name: 'warm up', special_time: 'reboot', job: '/bin/true' },
    changed: true,
    look: 'cat /etc/cron.d/app; stat -c "%a %U" /etc/cron.d/app',
    shows: '#Ansible: warm up\n@reboot deploy /bin/true\n644 root',
  },
  {
    module: 'cron',
    args: { ...IN_FILE, name: 'warm up', state: 'absent' },
    changed: true,
    look: '[ -e /etc/cron.d/app ] || echo gone',
    shows: 'gone',
  },
  { module: 'cron', args: { cron_file: 'none', name: 'x', state: 'absent' }, changed: false },
];

/** After `cronScenarios`. */
export const cronMatrix: readonly Scenario[] = [
  {
    module: 'cron',
    args: { name: 'PATH', env: true, value: '/opt/bin:/usr/bin:/bin', insertbefore: 'MAILTO' },
    changed: true,
    look: 'crontab -l | head -n 2 | cut -d= -f1',
    shows: 'PATH\nMAILTO',
  },
  { module: 'cron', args: { name: 'PATH', env: true, value: '/usr/bin:/bin' }, changed: true },
  {
    module: 'cron',
    args: {
      name: 'quarter',
      day: '1',
      month: '*/3',
      hour: '4',
      minute: '5',
      job: 'date >/dev/null',
    },
    changed: true,
    look: 'crontab -l | tail -n 1',
    shows: '5 4 1 */3 * date >/dev/null',
  },
  {
    module: 'cron',
    args: { name: 'quarter', special_time: 'monthly', job: 'date >/dev/null' },
    changed: true,
  },
  {
    module: 'cron',
    args: { name: 'quarter', special_time: 'monthly', job: 'date >/dev/null', disabled: true },
    changed: true,
    look: 'crontab -l | tail -n 1',
    shows: '#@monthly date >/dev/null',
  },
  {
    module: 'cron',
    args: { name: 'SHELL', env: true, cron_file: 'vars', user: 'root', value: '/bin/dash' },
    changed: true,
  },
  {
    module: 'cron',
    args: {
      name: 'sweep',
      cron_file: '/etc/cron.d/vars',
      user: 'root',
      minute: '*/5',
      job: 'true',
      backup: true,
    },
    changed: true,
    look: 'cat /etc/cron.d/vars',
    shows: 'SHELL="/bin/dash"\n#Ansible: sweep\n*/5 * * * * root true',
  },
  {
    module: 'cron',
    args: { name: 'SHELL', env: true, cron_file: 'vars', state: 'absent' },
    changed: true,
  },
];

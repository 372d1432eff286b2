import type { Scenario } from '../../support/hostScenarios.ts';

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

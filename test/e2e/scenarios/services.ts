import type { Scenario } from '../../support/scenarios/scenario.ts';

const UNIT = `printf '[Service]\\nExecStart=/bin/sleep 1000\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/nap.service`;

const UNITS = `cd /etc/systemd/system
printf '[Service]\\nExecStart=/bin/sleep 1000\\nExecReload=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n' >nap@.service
printf '[Timer]\\nOnCalendar=yearly\\n[Install]\\nWantedBy=timers.target\\n' >snore.timer
printf '[Service]\\nType=oneshot\\nExecStart=/bin/true\\n' >snore.service
mkdir -p /etc/systemd/user
printf '[Service]\\nExecStart=/bin/sleep 1000\\n[Install]\\nWantedBy=default.target\\n' >/etc/systemd/user/dream.service
systemctl daemon-reload`;

/** A unit with another name that a link to something else has already. */
const conflicting = (name: string) => `cd /etc/systemd/system
printf '[Service]\\nExecStart=/bin/sleep 1000\\n[Install]\\nAlias=doze.service\\n' >${name}.service
ln -sf /etc/systemd/system/snore.service doze.service
systemctl daemon-reload`;

const USER_MANAGER = `apt-get update -qq; apt-get install -qy --no-install-recommends libpam-systemd >/dev/null 2>&1
systemctl start user@0.service`;
const DREAM = 'XDG_RUNTIME_DIR=/run/user/0 systemctl --user';

const TIMER = { name: 'apt-daily.timer' };

export const serviceScenarios: readonly Scenario[] = [
  // A mail server, which cron recommends, would write mail while other scenarios run.
  { module: 'apt', args: { name: 'cron', install_recommends: false }, changed: true },
  {
    module: 'service',
    args: { name: 'cron', state: 'stopped', enabled: false },
    changed: true,
    look: 'systemctl is-active cron; systemctl is-enabled cron',
    shows: 'inactive\ndisabled',
  },
  { module: 'service', args: { name: 'cron', state: 'started', enabled: true }, changed: true },
  {
    module: 'service',
    args: { name: 'cron', state: 'restarted' },
    changed: true,
    actsAlways: true,
  },
  {
    module: 'systemd',
    setup: UNIT,
    args: { name: 'nap', state: 'started', enabled: true, daemon_reload: true },
    changed: true,
    look: 'systemctl is-active nap; systemctl is-enabled nap',
    shows: 'active\nenabled',
  },
  {
    module: 'systemd',
    args: { ...TIMER, state: 'stopped', enabled: false, masked: true },
    changed: true,
    look: 'systemctl is-enabled apt-daily.timer',
    shows: 'masked',
  },
  {
    module: 'systemd',
    args: { ...TIMER, state: 'started', enabled: true, masked: false },
    changed: true,
  },
  { module: 'systemd', args: { daemon_reload: true }, changed: false },
];

export const serviceMatrix: readonly Scenario[] = [
  {
    module: 'service',
    setup: UNITS,
    args: { name: 'nap@one', state: 'started', enabled: true },
    changed: true,
    look: 'systemctl is-active nap@one; ls /etc/systemd/system/multi-user.target.wants | grep nap@',
    shows: 'active\nnap@one.service',
  },
  {
    module: 'service',
    args: { name: 'nap@one', state: 'reloaded' },
    changed: true,
    actsAlways: true,
  },
  {
    module: 'service',
    args: { name: 'nap@one', state: 'stopped', enabled: false },
    changed: true,
  },
  { module: 'service', args: { name: 'nap@one', enabled: false }, changed: false },
  {
    module: 'service',
    // For other managers than systemd.
    args: {
      name: 'nap@one',
      state: 'started',
      pattern: 'x',
      sleep: 1,
      arguments: '-x',
      runlevel: 'y',
    },
    changed: true,
  },
  {
    module: 'service',
    args: { name: 'nap@one', state: 'stopped', masked: true },
    changed: true,
    look: 'readlink /etc/systemd/system/nap@one.service',
    shows: '/dev/null',
  },
  { module: 'service', args: { name: 'nap@one', masked: false }, changed: true },
  {
    module: 'service',
    setup: conflicting('drowse'),
    args: { name: 'drowse', enabled: true, force: true },
    changed: true,
    look: 'readlink /etc/systemd/system/doze.service',
    shows: '/etc/systemd/system/drowse.service',
  },
  {
    module: 'systemd',
    setup: conflicting('slumber'),
    args: { name: 'slumber', enabled: true, force: true },
    changed: true,
    look: 'readlink /etc/systemd/system/doze.service',
    shows: '/etc/systemd/system/slumber.service',
  },
  { module: 'service', args: { daemon_reexec: true }, changed: false },
  { module: 'service', args: { name: 'slumber', state: 'started', no_block: true }, changed: true },
  { module: 'service', args: { name: 'slumber', state: 'stopped' }, changed: true },
  {
    module: 'systemd',
    args: { name: 'nap@two', state: 'restarted' },
    changed: true,
    actsAlways: true,
  },
  {
    module: 'systemd',
    args: { name: 'nap@two', state: 'reloaded', no_block: false },
    changed: true,
    actsAlways: true,
  },
  { module: 'systemd', args: { name: 'nap@two', state: 'stopped', no_block: true }, changed: true },
  {
    module: 'systemd',
    args: { name: 'snore.timer', state: 'started', enabled: true },
    changed: true,
  },
  { module: 'systemd', args: { name: 'snore.timer', enabled: false }, changed: true },
  {
    module: 'systemd',
    args: { name: 'snore.timer', state: 'stopped', masked: false },
    changed: true,
  },
  { module: 'systemd', args: { daemon_reexec: true }, changed: false },
  {
    module: 'systemd',
    // Ansible asks the manager of its user; drover needs none.
    setup: USER_MANAGER,
    args: { name: 'dream', scope: 'global', enabled: true },
    changed: true,
    look: 'systemctl --global is-enabled dream',
    shows: 'enabled',
  },
  { module: 'systemd', args: { name: 'dream', scope: 'global', enabled: false }, changed: true },
  {
    module: 'service',
    args: { name: 'dream', scope: 'global', enabled: true },
    changed: true,
    look: 'systemctl --global is-enabled dream',
    shows: 'enabled',
  },
  { module: 'service', args: { name: 'dream', scope: 'global', enabled: false }, changed: true },
  {
    module: 'systemd',
    args: { name: 'dream', scope: 'user', state: 'started', enabled: true, daemon_reload: true },
    changed: true,
    look: `${DREAM} is-active dream; ${DREAM} is-enabled dream`,
    shows: 'active\nenabled',
  },
  {
    module: 'systemd',
    args: { name: 'dream', scope: 'user', state: 'stopped', enabled: false },
    changed: true,
    look: `${DREAM} is-active dream; ${DREAM} is-enabled dream`,
    shows: 'inactive\ndisabled',
  },
  { module: 'systemd', args: { name: 'dream', scope: 'user', masked: true }, changed: true },
];

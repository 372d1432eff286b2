import type { Scenario } from '../../support/scenarios/scenario.ts';
import { AT_REST } from './system.ts';

/** A service of System V without systemd's help. */
const INIT_SCRIPT = `cat >/etc/init.d/napper <<'END'
#!/bin/sh
### BEGIN INIT INFO
# Provides: napper
# Required-Start: $local_fs
# Required-Stop: $local_fs
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
# Short-Description: sleeps
### END INIT INFO
pid=/run/napper.pid
case $1 in
  start) setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $! >$pid ;;
  stop) kill "$(cat $pid)"; rm -f $pid ;;
  status) if [ -e $pid ] && kill -0 "$(cat $pid)" 2>/dev/null; then echo 'napper is running'; else echo 'napper is stopped'; exit 3; fi ;;
esac
END
chmod +x /etc/init.d/napper`;

/** OpenRC beside systemd: its tools work once they believe that it booted the host. */
const OPENRC = `apt-get install -qy --no-install-recommends openrc >/dev/null 2>&1
mkdir -p /run/openrc && touch /run/openrc/softlevel
cat >/etc/init.d/rester <<'END'
#!/sbin/openrc-run
command=/bin/sleep
command_args=1000
command_background=yes
pidfile=/run/rester.pid
END
chmod +x /etc/init.d/rester`;

const NO_SUCH_CHOICE = 'it has no module for that service manager to use';

export const initScenarios: readonly Scenario[] = [
  {
    module: 'sysvinit',
    setup: INIT_SCRIPT,
    args: { name: 'napper', state: 'started', enabled: true },
    changed: true,
    look: '/etc/init.d/napper status; ls /etc/rc3.d | grep napper',
    shows: 'napper is running\nS01napper',
    unlikeAnsible:
      'it asks service(8), and so systemd, which does not know what the script started',
  },
  {
    module: 'sysvinit',
    setup: `${INIT_SCRIPT}; update-rc.d napper defaults`,
    args: { name: 'napper', state: 'restarted', sleep: 0 },
    changed: true,
    actsAlways: true,
  },
  {
    module: 'sysvinit',
    args: { name: 'napper', enabled: false, runlevels: ['3'] },
    changed: true,
    look: 'ls /etc/rc3.d /etc/rc5.d | grep napper',
    shows: 'K01napper\nS01napper',
  },
  { module: 'sysvinit', args: { name: 'napper', state: 'stopped', enabled: false }, changed: true },
  { module: 'service', args: { daemon_reload: true }, changed: false },
  {
    module: 'service',
    args: { name: 'napper', use: 'sysvinit', state: 'started', enabled: true },
    changed: true,
    look: '/etc/init.d/napper status',
    shows: 'napper is running',
    unlikeAnsible: NO_SUCH_CHOICE,
  },
  {
    module: 'service',
    args: { name: 'napper', use: 'sysvinit', state: 'stopped', enabled: false },
    changed: true,
    unlikeAnsible: NO_SUCH_CHOICE,
  },
  {
    module: 'service',
    setup: OPENRC,
    args: { name: 'rester', use: 'openrc', state: 'started', enabled: true },
    changed: true,
    look: 'rc-service rester status; ls /etc/runlevels/default | grep rester',
    shows: '* status: started\nrester',
    unlikeAnsible: NO_SUCH_CHOICE,
  },
  {
    module: 'service',
    args: { name: 'rester', use: 'openrc', state: 'restarted' },
    changed: true,
    actsAlways: true,
    unlikeAnsible: NO_SUCH_CHOICE,
  },
  {
    module: 'service',
    args: { name: 'rester', use: 'openrc', state: 'stopped', enabled: false },
    changed: true,
    look: 'rc-service rester status; ls /etc/runlevels/default | grep -c rester',
    shows: '* status: stopped\n0',
    unlikeAnsible: NO_SUCH_CHOICE,
  },
  { module: 'service_facts', setup: AT_REST, args: {}, changed: false },
];

/** A script that knows no `status` and does not let go of what it starts; it notes its words. */
const ROUGH_SCRIPT = `apt-get install -qy --no-install-recommends procps >/dev/null 2>&1
cat >/etc/init.d/dozer <<'END'
#!/bin/sh
pid=/run/dozer.pid
echo "$*" >>/run/dozer.said
case $1 in
  start) sleep 2000 & echo $! >$pid ;;
  stop) kill "$(cat $pid)" ;;
  reload) ;;
  *) exit 1 ;;
esac
END
chmod +x /etc/init.d/dozer`;

const ROUGH = { name: 'dozer', pattern: 'sleep 2000' };
const SAID = 'cat /run/dozer.said; rm /run/dozer.said';

const DAEMONIZE = 'ansible-core 2.14 fails: it waits for words that its child does not say';

const rough = (
  module: 'sysvinit' | 'service',
  args: Scenario['args'],
  more: Partial<Scenario> = {},
): Scenario => ({
  module,
  args: { ...ROUGH, ...args },
  changed: true,
  look: SAID,
  ...(module === 'service' ? { unlikeAnsible: NO_SUCH_CHOICE } : {}),
  ...more,
});

export const initMatrix: readonly Scenario[] = [
  rough(
    'sysvinit',
    { state: 'started', arguments: '--deep now' },
    { setup: ROUGH_SCRIPT, shows: 'start --deep now' },
  ),
  rough('sysvinit', { state: 'reloaded' }, { actsAlways: true, shows: 'reload' }),
  rough(
    'sysvinit',
    { state: 'restarted', sleep: 0 },
    { actsAlways: true, shows: 'reload\nstop\nstart' },
  ),
  rough('sysvinit', { state: 'stopped' }, { shows: 'stop\nstart\nstop' }),
  rough(
    'sysvinit',
    { state: 'started', daemonize: true },
    { shows: 'start', unlikeAnsible: DAEMONIZE },
  ),
  rough(
    'sysvinit',
    { state: 'stopped', daemonize: true },
    { shows: 'stop', unlikeAnsible: DAEMONIZE },
  ),
  rough('service', { use: 'sysvinit', state: 'started', arguments: '--deep now' }),
  rough('service', { use: 'sysvinit', state: 'restarted', sleep: 0 }, { actsAlways: true }),
  rough('service', { use: 'sysvinit', state: 'stopped' }),
  {
    module: 'service',
    setup: OPENRC,
    args: { name: 'rester', use: 'openrc', enabled: true, runlevel: 'boot' },
    changed: true,
    look: 'ls /etc/runlevels/boot | grep rester',
    shows: 'rester',
    unlikeAnsible: NO_SUCH_CHOICE,
  },
  {
    module: 'service',
    args: { name: 'rester', use: 'openrc', enabled: false, runlevel: 'boot' },
    changed: true,
    unlikeAnsible: NO_SUCH_CHOICE,
  },
];

import type { Scenario } from '../../support/hostScenarios.ts';

const PROGRAMS =
  'for name in one two; do printf "#!/bin/sh\\n" >/opt/$name; chmod +x /opt/$name; done';
const LOOK = 'readlink -f /usr/bin/chosen; sed -n 1p /var/lib/dpkg/alternatives/chosen';

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

export const systemScenarios: readonly Scenario[] = [
  {
    module: 'alternatives',
    setup: PROGRAMS,
    args: { name: 'chosen', path: '/opt/one', link: '/usr/bin/chosen', priority: 10 },
    changed: true,
    look: LOOK,
    shows: '/opt/one\nmanual',
  },
  {
    module: 'alternatives',
    args: { name: 'chosen', path: '/opt/two', priority: 5 },
    changed: true,
    look: LOOK,
    shows: '/opt/two\nmanual',
  },
  {
    module: 'alternatives',
    args: {
      name: 'chosen',
      path: '/opt/two',
      subcommands: [{ name: 'chosen2', link: '/usr/bin/chosen2', path: '/opt/one' }],
    },
    changed: true,
    look: 'readlink -f /usr/bin/chosen2',
    shows: '/opt/one',
  },
  {
    module: 'alternatives',
    args: { name: 'chosen', path: '/opt/two', state: 'auto' },
    changed: true,
    look: LOOK,
    shows: '/opt/one\nauto',
  },
  {
    module: 'alternatives',
    args: { name: 'chosen', path: '/opt/two', state: 'absent' },
    changed: true,
  },
  { module: 'getent', args: { database: 'passwd', key: 'root' }, changed: false },
  { module: 'getent', args: { database: 'services' }, changed: false },
  { module: 'service_facts', args: {}, changed: false },
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
  { module: 'service_facts', args: {}, changed: false },
];

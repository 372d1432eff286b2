import type { Scenario } from '../../support/scenarios/scenario.ts';

const FORWARD = 'net.ipv4.conf.all.log_martians';
const NO_MODULES = 'the kernel below the hosts lists no modules, which Ansible takes for an error';

export const kernelScenarios: readonly Scenario[] = [
  {
    module: 'sysctl',
    setup: `[ -f /etc/sysctl.conf ] && mv /etc/sysctl.conf /root; sysctl -qw ${FORWARD}=0`,
    args: { name: FORWARD, value: '1', sysctl_set: true },
    changed: true,
    look: `cat /etc/sysctl.conf /proc/sys/net/ipv4/conf/all/log_martians; stat -c %a /etc/sysctl.conf`,
    shows: `${FORWARD}=1\n1\n644`,
  },
  {
    module: 'sysctl',
    args: { name: FORWARD, value: 'no' },
    changed: true,
    look: `cat /etc/sysctl.conf /proc/sys/net/ipv4/conf/all/log_martians`,
    shows: `${FORWARD}=0\n0`,
  },
  {
    module: 'sysctl',
    setup: `sysctl -qw ${FORWARD}=1`,
    args: { name: FORWARD, value: '0' },
    changed: true,
    look: `cat /proc/sys/net/ipv4/conf/all/log_martians`,
    shows: '0',
  },
  {
    module: 'sysctl',
    args: {
      name: 'net.ipv4.tcp_rmem',
      value: '4096 131072 6291456',
      sysctl_file: '/etc/sysctl.d/90-x.conf',
    },
    changed: true,
    look: 'cat /etc/sysctl.d/90-x.conf',
    shows: 'net.ipv4.tcp_rmem=4096 131072 6291456',
  },
  { module: 'sysctl', args: { name: FORWARD, state: 'absent' }, changed: true },
  {
    module: 'modprobe',
    setup:
      'apt-get install -qy --no-install-recommends kmod >/dev/null 2>&1; mkdir -p /lib/modules/$(uname -r) && echo kernel/drivers/net/dummy.ko >/lib/modules/$(uname -r)/modules.builtin',
    args: { name: 'dummy', persistent: 'present', params: 'numdummies=2' },
    changed: true,
    look: 'cat /etc/modules-load.d/dummy.conf /etc/modprobe.d/dummy.conf',
    shows: 'dummy\noptions dummy numdummies=2',
    unlikeAnsible: NO_MODULES,
  },
  {
    module: 'modprobe',
    args: { name: 'dummy', persistent: 'absent' },
    changed: true,
    look: 'cat /etc/modules-load.d/dummy.conf /etc/modprobe.d/dummy.conf',
    shows: '#dummy\n#options dummy numdummies=2',
    unlikeAnsible: NO_MODULES,
  },
];

/** After `kernelScenarios`. */
export const kernelMatrix: readonly Scenario[] = [
  {
    module: 'sysctl',
    args: { name: 'net.none.such', value: '1', ignoreerrors: true },
    changed: true,
    actsAlways: true,
    look: 'grep none /etc/sysctl.conf',
    shows: 'net.none.such=1',
  },
  {
    module: 'sysctl',
    setup: `sysctl -qw ${FORWARD}=0`,
    args: { name: FORWARD, value: '1', reload: false },
    changed: true,
    look: 'cat /proc/sys/net/ipv4/conf/all/log_martians',
    shows: '0',
  },
  {
    module: 'sysctl',
    args: {
      name: 'net.ipv4.tcp_rmem',
      state: 'absent',
      sysctl_file: '/etc/sysctl.d/90-x.conf',
      reload: false,
    },
    changed: true,
  },
];

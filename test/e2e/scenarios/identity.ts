import type { Scenario } from '../../support/scenarios/scenario.ts';

const ZONE = 'readlink /etc/localtime | sed "s/.*zoneinfo.//"';

/**
 * The hosts share the machine's clock, which the kernel turns by the offset of the first zone it is told: timedated must
 * not tell it, and the zone has no offset.
 */
const SPARE_THE_CLOCK = `mkdir -p /run/systemd/system/systemd-timedated.service.d
printf '[Service]\\nCapabilityBoundingSet=~CAP_SYS_TIME\\n' >/run/systemd/system/systemd-timedated.service.d/clock.conf
systemctl daemon-reload; systemctl stop systemd-timedated
apt-get install -qy --no-install-recommends tzdata >/dev/null 2>&1; ln -sf ../usr/share/zoneinfo/Etc/UTC /etc/localtime`;

export const identityScenarios: readonly Scenario[] = [
  {
    module: 'hostname',
    setup: 'umount /etc/hostname; hostnamectl set-hostname before',
    args: { name: 'web01' },
    changed: true,
    look: 'uname -n; cat /etc/hostname; hostnamectl --pretty',
    shows: 'web01\nweb01\nweb01',
  },
  {
    module: 'hostname',
    setup: 'echo other >/etc/hostname; hostname other',
    args: { name: 'web02.example.org', use: 'debian' },
    // Ansible asks systemd here too, which notes the name once more.
    otherFiles: /machine-info$/,
    changed: true,
    look: 'uname -n; cat /etc/hostname',
    shows: 'web02.example.org\nweb02.example.org',
  },
  {
    module: 'timezone',
    setup: SPARE_THE_CLOCK,
    args: { name: 'Atlantic/Reykjavik' },
    changed: true,
    look: ZONE,
    shows: 'Atlantic/Reykjavik',
  },
  {
    module: 'timezone',
    args: { name: 'Etc/UTC', hwclock: 'UTC' },
    changed: true,
    look: ZONE,
    shows: 'Etc/UTC',
  },
  {
    module: 'locale_gen',
    setup: 'apt-get install -qy --no-install-recommends locales >/dev/null 2>&1',
    args: { name: 'de_LU.UTF-8' },
    changed: true,
    look: 'locale -a | grep de_; grep de_LU.UTF-8 /etc/locale.gen',
    shows: 'de_LU.utf8\nde_LU.UTF-8 UTF-8',
  },
  {
    module: 'locale_gen',
    args: { name: 'de_LU.UTF-8', state: 'absent' },
    changed: true,
    look: 'locale -a | grep -c de_; grep de_LU.UTF-8 /etc/locale.gen',
    shows: '0\n# de_LU.UTF-8 UTF-8',
  },
];

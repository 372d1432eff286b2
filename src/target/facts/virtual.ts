import { type FactFamily, firstLine, lines, type Sections } from './family.ts';

const READ = {
  cpu: '/proc/cpuinfo',
  cgroup: '/proc/1/cgroup',
  systemd: '/run/systemd/container',
  xen: '/proc/xen/capabilities',
  modules: '/proc/modules',
};

const FIRMWARE = {
  product_name: '/sys/class/dmi/id/product_name',
  sys_vendor: '/sys/class/dmi/id/sys_vendor',
  bios_vendor: '/sys/class/dmi/id/bios_vendor',
};

/** Whether the host is a guest (and of what), and what it could be host to. */
export const virtual: FactFamily = {
  name: 'virtual',
  aliases: [
    'virtualization_type',
    'virtualization_role',
    'virtualization_tech_guest',
    'virtualization_tech_host',
  ],
  files: [...Object.values(READ), ...Object.values(FIRMWARE)],
  // systemd has told already what the first process was given. Of another one's environment, which may hold secrets, only that is taken.
  script: String.raw`
[ -d /run/systemd/system ] || { at container; tr '\0' '\n' </proc/1/environ | grep '^container='; } 2>/dev/null
at files
for file in /.dockerenv /.dockerinit /run/.containerenv /proc/vz /proc/lve /proc/xen /proc/xen/capabilities /dev/kvm /sys/hypervisor/type; do
  [ -e "$file" ] && echo "$file"
done`,
  parse(section) {
    const guest = guestTechnologies(section);
    const host = hostTechnologies(section);
    const [type] = guest;
    return {
      virtualization_type: type ?? host[0] ?? 'NA',
      virtualization_role: type !== undefined ? 'guest' : host.length > 0 ? 'host' : 'NA',
      virtualization_tech_guest: [...guest].sort(),
      virtualization_tech_host: [...host].sort(),
    };
  },
};

/** The most telling one first. */
function guestTechnologies(section: Sections): string[] {
  const files = lines(section('files'));
  const container =
    firstLine(section('container')).replace('container=', '') || firstLine(section(READ.systemd));
  const cgroup = section(READ.cgroup);
  const found: string[] = [];
  if (
    /docker/.test(cgroup) ||
    files.includes('/.dockerenv') ||
    files.includes('/.dockerinit') ||
    container === 'docker'
  ) {
    found.push('docker', 'container');
  } else if (/\/lxc\b/.test(cgroup) || container === 'lxc') found.push('lxc', 'container');
  else if (files.includes('/run/.containerenv') || container === 'podman')
    found.push('podman', 'container');
  else if (container !== '')
    found.push(container === 'systemd-nspawn' ? 'systemd-nspawn' : 'container', 'container');
  if (files.includes('/proc/vz') && !files.includes('/proc/lve')) found.push('openvz');
  return [...new Set([...found, ...machineTechnologies(section)])];
}

/** Product or vendor in the firmware's tables → technology. */
const MACHINES: readonly (readonly [pattern: RegExp, technology: string])[] = [
  [/^product_name=(KVM|KVM Server|Bochs|AHV)$/m, 'kvm'],
  [/^sys_vendor=(QEMU|Amazon EC2|DigitalOcean|Google|Scaleway|Hetzner|oVirt|Nutanix)/m, 'kvm'],
  [/^product_name=(RHEV Hypervisor|oVirt Node)/m, 'RHEV'],
  [/^product_name=VMware/m, 'VMware'],
  [/^sys_vendor=VMware/m, 'VMware'],
  [/^product_name=VirtualBox|^bios_vendor=innotek GmbH/m, 'virtualbox'],
  [/^bios_vendor=Xen|^product_name=HVM domU/m, 'xen'],
  [/^product_name=OpenStack/m, 'openstack'],
  [/^sys_vendor=Microsoft Corporation/m, 'VirtualPC'],
  [/^sys_vendor=Parallels/m, 'parallels'],
];

function machineTechnologies(section: Sections): string[] {
  const firmware = Object.entries(FIRMWARE).map(([name, path]) => `${name}=${section(path)}`);
  const byFirmware = MACHINES.filter(([pattern]) => pattern.test(firmware.join('\n'))).map(
    ([, technology]) => technology,
  );
  const found = [...byFirmware];
  if (/QEMU/.test(section(READ.cpu))) found.push('kvm');
  if (/User Mode Linux/.test(section(READ.cpu))) found.push('uml');
  if (section('files').includes('/proc/xen') && !section(READ.xen).includes('control_d'))
    found.push('xen');
  return found;
}

function hostTechnologies(section: Sections): string[] {
  const files = lines(section('files'));
  const modules = lines(section(READ.modules)).map((line) => line.split(' ', 1)[0]);
  const found: string[] = [];
  if (section(READ.xen).includes('control_d')) found.push('xen');
  if (files.includes('/dev/kvm') || modules.includes('kvm')) found.push('kvm');
  if (modules.includes('vboxdrv')) found.push('virtualbox');
  return found;
}

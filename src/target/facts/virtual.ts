import { type FactFamily, firstLine, lines, type Sections } from './family.ts';

/** Whether the host is a guest (and of what), and what it could be host to. */
export const virtual: FactFamily = {
  name: 'virtual',
  aliases: [
    'virtualization_type',
    'virtualization_role',
    'virtualization_tech_guest',
    'virtualization_tech_host',
  ],
  script: String.raw`
show cgroup /proc/1/cgroup
at container; [ -r /proc/1/environ ] && tr '\0' '\n' </proc/1/environ | grep '^container='
at files
for file in /.dockerenv /.dockerinit /run/.containerenv /proc/vz /proc/lve /proc/xen /proc/xen/capabilities /dev/kvm /sys/hypervisor/type; do
  [ -e "$file" ] && echo "$file"
done
show systemd /run/systemd/container
show xen /proc/xen/capabilities
at dmi
for name in product_name sys_vendor bios_vendor; do
  { IFS= read -r value <"/sys/class/dmi/id/$name"; } 2>/dev/null && echo "$name=$value"
done
at cpu; grep -m1 -e QEMU -e 'Hypervisor detected' -e 'vendor_id.*PowerVM' -e 'User Mode Linux' /proc/cpuinfo
at flags; grep -m1 -o '\bhypervisor\b' /proc/cpuinfo
at modules; while read -r name rest; do case $name in kvm|vboxdrv|virtio|xen*) echo "$name";; esac; done </proc/modules`,
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
    firstLine(section('container')).replace('container=', '') || firstLine(section('systemd'));
  const found: string[] = [];
  if (
    /docker/.test(section('cgroup')) ||
    files.includes('/.dockerenv') ||
    files.includes('/.dockerinit') ||
    container === 'docker'
  ) {
    found.push('docker', 'container');
  } else if (/\/lxc\b/.test(section('cgroup')) || container === 'lxc')
    found.push('lxc', 'container');
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
  const byFirmware = MACHINES.filter(([pattern]) => pattern.test(section('dmi'))).map(
    ([, technology]) => technology,
  );
  const found = [...byFirmware];
  if (/QEMU/.test(section('cpu'))) found.push('kvm');
  if (/User Mode Linux/.test(section('cpu'))) found.push('uml');
  if (section('files').includes('/proc/xen') && !section('xen').includes('control_d'))
    found.push('xen');
  return found;
}

function hostTechnologies(section: Sections): string[] {
  const files = lines(section('files'));
  const modules = lines(section('modules'));
  const found: string[] = [];
  if (section('xen').includes('control_d')) found.push('xen');
  if (files.includes('/dev/kvm') || modules.includes('kvm')) found.push('kvm');
  if (modules.includes('vboxdrv')) found.push('virtualbox');
  return found;
}

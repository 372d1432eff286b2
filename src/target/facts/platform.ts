import { type FactFamily, firstLine } from './family.ts';

/** `uname`, names of the host, and how wide its programs are. */
export const platform: FactFamily = {
  name: 'platform',
  aliases: [
    'system',
    'kernel',
    'kernel_version',
    'machine',
    'machine_id',
    'python_version',
    'architecture',
  ],
  isMinimal: true,
  script: `
at uname; uname -s -n -r -v -m
at fqdn; hostname -f 2>/dev/null
at bits; getconf LONG_BIT 2>/dev/null
show machine_id /etc/machine-id || show machine_id /var/lib/dbus/machine-id`,
  parse(section) {
    // The kernel's version is the only one of the five that holds blanks, and comes fourth whatever the order asked.
    const [system = '', nodename = '', kernel = '', ...rest] = firstLine(section('uname')).split(
      ' ',
    );
    const machine = rest.pop() ?? '';
    const kernelVersion = rest.join(' ');
    const fqdn = firstLine(section('fqdn')) || nodename;
    const bits = firstLine(section('bits')) || (/64/.test(machine) ? '64' : '32');
    const architecture = architectureOf(machine);
    const machineId = firstLine(section('machine_id'));
    return {
      system,
      kernel,
      kernel_version: kernelVersion,
      machine,
      nodename,
      hostname: nodename.split('.', 1)[0],
      fqdn,
      domain: fqdn.split('.').slice(1).join('.'),
      architecture,
      userspace_bits: bits,
      userspace_architecture: userspaceArchitecture(architecture, bits),
      ...(machineId !== '' && { machine_id: machineId }),
    };
  },
};

function architectureOf(machine: string): string {
  return /^i[3456]86$|^i86pc$/.test(machine) ? 'i386' : machine;
}

function userspaceArchitecture(architecture: string, bits: string): string {
  if (architecture === 'x86_64' || architecture === 'i386')
    return bits === '64' ? 'x86_64' : 'i386';
  return architecture;
}

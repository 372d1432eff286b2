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
at fqdn; hostname -f 2>/dev/null`,
  files: ['/etc/machine-id', '/var/lib/dbus/machine-id', '/proc/self/stat'],
  parse(section) {
    // The kernel's version is the only one of the five that holds blanks, and comes fourth whatever the order asked.
    const [system = '', nodename = '', kernel = '', ...rest] = firstLine(section('uname')).split(
      ' ',
    );
    const machine = rest.pop() ?? '';
    const kernelVersion = rest.join(' ');
    const fqdn = firstLine(section('fqdn')) || nodename;
    const bits = (isWide(section('/proc/self/stat')) ?? /64/.test(machine)) ? '64' : '32';
    const architecture = architectureOf(machine);
    const machineId =
      firstLine(section('/etc/machine-id')) || firstLine(section('/var/lib/dbus/machine-id'));
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

/**
 * Whether a program has addresses of more than 32 bits, by where its stack begins; undefined where the kernel does not tell.
 * @param stat of a process: proc_pid_stat(5), field 28.
 */
function isWide(stat: string): boolean | undefined {
  // The second field, a name in brackets, may hold blanks.
  const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[25];
  return start === undefined || start === '0' ? undefined : Number(start) >= 2 ** 32;
}

function architectureOf(machine: string): string {
  return /^i[3456]86$|^i86pc$/.test(machine) ? 'i386' : machine;
}

function userspaceArchitecture(architecture: string, bits: string): string {
  if (architecture === 'x86_64' || architecture === 'i386')
    return bits === '64' ? 'x86_64' : 'i386';
  return architecture;
}

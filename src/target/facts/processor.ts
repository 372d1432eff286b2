import { type FactFamily, HARDWARE, lines } from './family.ts';

/** Fields of `/proc/cpuinfo` that `ansible_processor` lists, in the order of the file. */
const LISTED = new Set(['model name', 'Processor', 'vendor_id', 'cpu', 'Vendor', 'processor']);

export const processor: FactFamily = {
  name: 'processor',
  aliases: HARDWARE,
  requires: ['platform'],
  files: ['/proc/cpuinfo', '/proc/self/status'],
  parse(section) {
    const fields = lines(section('/proc/cpuinfo')).map((line) => {
      const [key = '', value = ''] = line.split(/\s*:\s*/, 2);
      return { key: key.trim(), value: value.trim() };
    });
    const valuesOf = (name: string): string[] =>
      fields.filter(({ key }) => key === name).map(({ value }) => value);
    const allowed = allowedProcessors(section('/proc/self/status'));
    const logical = valuesOf('processor').length || allowed || 1;
    const sockets = new Set(valuesOf('physical id')).size || logical;
    const cores = Number(valuesOf('cpu cores')[0] ?? 1);
    const threads = Math.max(1, Math.floor(Number(valuesOf('siblings')[0] ?? cores) / cores));
    return {
      processor: fields.filter(({ key }) => LISTED.has(key)).map(({ value }) => value),
      processor_count: sockets,
      processor_cores: cores,
      processor_threads_per_core: threads,
      processor_vcpus: sockets * cores * threads,
      processor_nproc: allowed ?? logical,
    };
  },
};

/** How many processors a program may run on, from a list such as `0-3,8`: proc_pid_status(5). */
function allowedProcessors(status: string): number | undefined {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  return list?.split(',').reduce((sum, range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return sum + last - first + 1;
  }, 0);
}

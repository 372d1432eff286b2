import { type FactFamily, firstLine, HARDWARE, lines } from './family.ts';

/** Fields of `/proc/cpuinfo` that `ansible_processor` lists, in the order of the file. */
const LISTED = new Set(['model name', 'Processor', 'vendor_id', 'cpu', 'Vendor', 'processor']);

export const processor: FactFamily = {
  name: 'processor',
  aliases: HARDWARE,
  requires: ['platform'],
  script: `
show cpuinfo /proc/cpuinfo
at nproc; nproc 2>/dev/null || getconf _NPROCESSORS_ONLN`,
  parse(section) {
    const fields = lines(section('cpuinfo')).map((line) => {
      const [key = '', value = ''] = line.split(/\s*:\s*/, 2);
      return { key: key.trim(), value: value.trim() };
    });
    const valuesOf = (name: string): string[] =>
      fields.filter(({ key }) => key === name).map(({ value }) => value);
    const nproc = Number(firstLine(section('nproc')));
    const logical = valuesOf('processor').length || nproc;
    const sockets = new Set(valuesOf('physical id')).size || logical;
    const cores = Number(valuesOf('cpu cores')[0] ?? 1);
    const threads = Math.max(1, Math.floor(Number(valuesOf('siblings')[0] ?? cores) / cores));
    return {
      processor: fields.filter(({ key }) => LISTED.has(key)).map(({ value }) => value),
      processor_count: sockets,
      processor_cores: cores,
      processor_threads_per_core: threads,
      processor_vcpus: sockets * cores * threads,
      processor_nproc: nproc,
    };
  },
};

import { type FactFamily, firstLine, HARDWARE } from './family.ts';

const KIB_PER_MB = 1024;

/** `/proc/meminfo`, in whole MiB as Ansible has it. */
export const memory: FactFamily = {
  name: 'memory',
  aliases: HARDWARE,
  requires: ['platform'],
  files: ['/proc/meminfo', '/proc/uptime'],
  parse(section) {
    const kib = new Map(
      [...section('/proc/meminfo').matchAll(/^(\w+):\s+(\d+)/gm)].map(([, key = '', value]) => [
        key,
        Number(value),
      ]),
    );
    const mb = (key: string): number => Math.floor((kib.get(key) ?? 0) / KIB_PER_MB);
    const [total, free] = [mb('MemTotal'), mb('MemFree')];
    const reusable = (kib.get('Cached') ?? 0) + (kib.get('Buffers') ?? 0);
    const nocacheFree = Math.floor(((kib.get('MemFree') ?? 0) + reusable) / KIB_PER_MB);
    const nocacheUsed = Math.floor(
      ((kib.get('MemTotal') ?? 0) - (kib.get('MemFree') ?? 0) - reusable) / KIB_PER_MB,
    );
    const [swapTotal, swapFree] = [mb('SwapTotal'), mb('SwapFree')];
    return {
      memtotal_mb: total,
      memfree_mb: free,
      swaptotal_mb: swapTotal,
      swapfree_mb: swapFree,
      memory_mb: {
        real: { total, used: total - free, free },
        nocache: { free: nocacheFree, used: nocacheUsed },
        swap: {
          total: swapTotal,
          free: swapFree,
          used: swapTotal - swapFree,
          cached: mb('SwapCached'),
        },
      },
      uptime_seconds: Math.floor(Number(firstLine(section('/proc/uptime')).split(' ')[0])),
    };
  },
};

import { type FactFamily, firstLine } from './family.ts';

/** Of the program that reads it, which is started with the session's. */
const ENVIRON = '/proc/self/environ';

export const env: FactFamily = {
  name: 'env',
  aliases: [],
  isMinimal: true,
  files: [ENVIRON],
  script: `[ -r ${ENVIRON} ] || { at env; env; }`,
  parse(section) {
    const text = section(ENVIRON) || section('env');
    const entries = text.split(text.includes('\0') ? '\0' : '\n').flatMap((entry) => {
      const at = entry.indexOf('=');
      return at > 0 ? [[entry.slice(0, at), entry.slice(at + 1)] as const] : [];
    });
    return { env: Object.fromEntries(entries) };
  },
};

/** How the kernel was started: `cmdline` keeps the last value of a word, `proc_cmdline` all of them. */
export const cmdline: FactFamily = {
  name: 'cmdline',
  aliases: [],
  isMinimal: true,
  files: ['/proc/cmdline'],
  parse(section) {
    const words = firstLine(section('/proc/cmdline')).match(/(?:[^\s"]|"[^"]*")+/g) ?? [];
    const all = new Map<string, (string | true)[]>();
    for (const word of words.map((word) => word.replaceAll('"', ''))) {
      const at = word.indexOf('=');
      const key = at < 0 ? word : word.slice(0, at);
      const value = at < 0 ? true : word.slice(at + 1);
      all.set(key, [...(all.get(key) ?? []), value]);
    }
    const last = [...all].map(([key, values]) => [key, values.at(-1)]);
    const every = [...all].map(([key, values]) => [key, values.length === 1 ? values[0] : values]);
    return { cmdline: Object.fromEntries(last), proc_cmdline: Object.fromEntries(every) };
  },
};

/** `/etc/resolv.conf` (resolv.conf(5)). */
export const dns: FactFamily = {
  name: 'dns',
  aliases: [],
  isMinimal: true,
  files: ['/etc/resolv.conf'],
  parse(section) {
    const found: Record<string, unknown> = {};
    const servers: string[] = [];
    for (const line of section('/etc/resolv.conf').split('\n')) {
      const [keyword = '', ...words] = line
        .replace(/[#;].*/, '')
        .trim()
        .split(/\s+/);
      if (keyword === 'nameserver') servers.push(...words);
      else if (keyword === 'domain') found['domain'] = words[0];
      else if (keyword === 'search' || keyword === 'sortlist') found[keyword] = words;
      else if (keyword === 'options') found['options'] = optionsOf(words);
    }
    return { dns: servers.length > 0 ? { nameservers: servers, ...found } : found };
  },
};

function optionsOf(words: readonly string[]): Record<string, string | true> {
  return Object.fromEntries(
    words.map((word) => {
      const [name = '', value] = word.split(':');
      return [name, value ?? true] as const;
    }),
  );
}

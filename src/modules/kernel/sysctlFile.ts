/** The text of a sysctl.conf, see sysctl.conf(5). Pure. */
import { joinLines, textLines } from '../files/keptText.ts';

/** The last value that the file gives to the key; undefined when it gives none. */
export function sysctlValue(text: string | undefined, key: string): string | undefined {
  return textLines(text)
    .map(assignment)
    .findLast((found) => found?.key === key)?.value;
}

/** The first line of the key says the value, further ones go. */
export function withSysctl(text: string | undefined, key: string, value: string): string {
  const lines = textLines(text);
  const first = lines.findIndex((line) => assignment(line)?.key === key);
  const line = `${key}=${value}`;
  if (first < 0) return joinLines([...lines, line]);
  const kept = lines.filter((each, at) => at <= first || assignment(each)?.key !== key);
  return joinLines(kept.with(first, line));
}

export function withoutSysctl(text: string, key: string): string {
  return joinLines(textLines(text).filter((line) => assignment(line)?.key !== key));
}

function assignment(line: string): { readonly key: string; readonly value: string } | undefined {
  const [, key, value] = /^\s*([^#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
  return key === undefined || value === undefined ? undefined : { key, value };
}

/**
 * The file below /proc/sys. The first separator of a key decides: `net.ipv4.conf.eth0/1.mtu` and `net/ipv4/conf/eth0.1/mtu`
 * are the same (sysctl(8)).
 */
export function sysctlPath(key: string): string {
  const isDotted = /^[^./]*\./.test(key);
  const swapped = [...key].map((each) => (each === '.' ? '/' : each === '/' ? '.' : each));
  return `/proc/sys/${isDotted ? swapped.join('') : key}`;
}

import { type FactFamily, lines } from './family.ts';

/** Facts that the host's owner wrote: `*.fact` files, JSON or INI, or programs that print either. */
export const local: FactFamily = {
  name: 'local',
  aliases: [],
  isMinimal: true,
  // Through a pipe of its own: what such a program leaves running never holds the session's output.
  script: String.raw`
for file in "\${1:-/etc/ansible/facts.d}"/*.fact; do
  [ -f "$file" ] || continue
  at "$file"
  if [ -x "$file" ]; then "$file" </dev/null 2>/dev/null | cat; else cat -- "$file"; fi
done
at names
for file in "\${1:-/etc/ansible/facts.d}"/*.fact; do [ -f "$file" ] && echo "$file"; done`.replaceAll(
    '\\$',
    '$',
  ),
  parse(section) {
    const files = lines(section('names'));
    return {
      local: Object.fromEntries(
        files.map((file) => [factName(file), parseFact(section(file), file)]),
      ),
    };
  },
};

function factName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1, -'.fact'.length);
}

function parseFact(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the older form is INI.
    return parseIni(text) ?? `error loading facts from ${file}: neither JSON nor INI`;
  }
}

/** Sections of `key = value` or `key: value`; keys in lower case, as Python's configparser has them. */
function parseIni(text: string): Record<string, Record<string, string>> | undefined {
  const sections: Record<string, Record<string, string>> = {};
  let current: Record<string, string> | undefined;
  for (const line of text.split('\n').map((content) => content.trim())) {
    if (line === '' || /^[#;]/.test(line)) continue;
    const title = line.match(/^\[(.+)\]$/)?.[1];
    const [, key, value = ''] = line.match(/^([^=:]+?)\s*(?:[=:]\s*(.*))?$/) ?? [];
    if (title !== undefined) {
      current = sections[title] ?? {};
      sections[title] = current;
    } else if (current && key !== undefined) current[key.toLowerCase()] = value;
    else return undefined;
  }
  return sections;
}

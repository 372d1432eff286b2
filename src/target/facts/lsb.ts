import { assignments, type FactFamily } from './family.ts';

/** `lsb_release` where it is installed, else the file that it would read. */
export const lsb: FactFamily = {
  name: 'lsb',
  aliases: [],
  isMinimal: true,
  files: ['/etc/lsb-release'],
  script: 'command -v lsb_release >/dev/null 2>&1 && at lsb_release && lsb_release -a 2>/dev/null',
  parse(section) {
    const fields = fromCommand(section('lsb_release')) ?? fromFile(section('/etc/lsb-release'));
    const release = fields['release'];
    const present = Object.entries(fields).filter(
      ([, value]) => value !== undefined && value !== '',
    );
    const major = release === undefined ? {} : { major_release: release.split('.', 1)[0] };
    return { lsb: { ...Object.fromEntries(present), ...major } };
  },
};

type Fields = Readonly<Record<string, string | undefined>>;

function fromCommand(text: string): Fields | undefined {
  if (text.trim() === '') return undefined;
  const field = (label: string): string | undefined =>
    text.match(new RegExp(`^${label}:\\s*(.*)$`, 'm'))?.[1]?.trim();
  return {
    id: field('Distributor ID'),
    description: field('Description'),
    release: field('Release'),
    codename: field('Codename'),
  };
}

function fromFile(text: string): Fields {
  const values = assignments(text);
  return {
    id: values.get('DISTRIB_ID'),
    description: values.get('DISTRIB_DESCRIPTION'),
    release: values.get('DISTRIB_RELEASE'),
    codename: values.get('DISTRIB_CODENAME'),
  };
}

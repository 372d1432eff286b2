/** What one family of facts is: a shell script that prints sections, and a pure function from those to facts. */
import { ModuleError } from '../../core/errors.ts';
import type { Probe } from '../probe.ts';

/** Names that ask for all facts about the hardware: Ansible gathers them as one. */
export const HARDWARE = [
  'hardware',
  'devices',
  'mounts',
  'processor',
  'processor_cores',
  'processor_count',
];

/** Facts by Ansible's names without the `ansible_` prefix, as JSON-like data. */
export type PlainFacts = Readonly<Record<string, unknown>>;

export interface FactFamily {
  /** As `gather_subset` names it. */
  readonly name: string;
  /** Other names that ask for it: its facts, and groups such as `hardware`. */
  readonly aliases: readonly string[];
  /** Part of `min`: gathered unless excluded by name. */
  readonly isMinimal?: true;
  /** Families whose facts come with it. */
  readonly requires?: readonly string[];
  readonly script: string;
  readonly parse: (sections: Sections) => PlainFacts;
}

/** Output by section; a section that was not printed is the empty text. */
export type Sections = (name: string) => string;

/** Begins a section. ASCII's record separator does not occur in what the scripts print. */
const PRELUDE = String.raw`at() { printf '\036%s\n' "$1"; }
show() { [ -r "$2" ] && at "$1" && cat -- "$2"; }
`;

export function familyProbe(family: FactFamily, args: readonly string[] = []): Probe<PlainFacts> {
  return {
    script: `${PRELUDE}${family.script}\nexit 0`,
    args,
    parse({ stdout }) {
      try {
        return family.parse(sectionsOf(stdout.toString()));
      } catch (cause) {
        throw new ModuleError(`the ${family.name} facts cannot be read`, {
          code: 'DROVER_FACTS',
          cause,
        });
      }
    },
  };
}

export function sectionsOf(output: string): Sections {
  const bodies = new Map<string, string>();
  for (const part of output.split('\x1e').slice(1)) {
    const lineEnd = part.indexOf('\n');
    bodies.set(part.slice(0, lineEnd), part.slice(lineEnd + 1));
  }
  return (name) => bodies.get(name) ?? '';
}

/** `KEY=value` lines as shell files have them (`/etc/os-release`), quotes removed. */
export function assignments(text: string): Map<string, string> {
  const found = [...text.matchAll(/^\s*([A-Za-z_][\w.-]*)\s*=\s*(.*?)\s*$/gm)];
  return new Map(
    found.map(([, key = '', value = '']) => [key, value.replace(/^(["'])(.*)\1$/s, '$2')]),
  );
}

export function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

export function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}

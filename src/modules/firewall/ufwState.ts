/** What ufw says about itself: its files, its status, and what a rule would change. Pure, but for the probes' scripts. */
import { ModuleError } from '../../core/errors.ts';
import type { Probe } from '../../target/probe.ts';
import { script } from '../script.ts';
import type { UfwParams } from './ufwParams.ts';

export interface UfwState {
  readonly hasTool: boolean;
  readonly isActive: boolean;
  /** `off`, `low`, … */
  readonly logging: string;
  readonly defaults: Readonly<Record<'incoming' | 'outgoing' | 'routed', string>>;
  /** `### tuple` lines of user.rules and user6.rules. */
  readonly tuples: { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] };
  /** Rules by number; true for those of IPv6. Empty unless asked for. */
  readonly numbered: ReadonlyMap<number, boolean>;
}

/** `NUMBERED`: sections ended by NUL. */
const OBSERVE = script`
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
command -v ufw >/dev/null || exit 127
status=$(ufw status 2>&1) || { printf '%s' "$status" >&2; exit 1; }
printf '%s\0' "$status"
cat /etc/ufw/ufw.conf /etc/default/ufw
for file in user.rules user6.rules; do
  printf '\0'
  for folder in /etc/ufw /lib/ufw /var/lib/ufw; do
    [ ! -r "$folder/$file" ] || { grep '^### tuple' "$folder/$file"; break; }
  done
done
printf '\0'
[ "$1" = no ] || ufw status numbered`;

export function ufwState(params: UfwParams): Probe<UfwState> {
  const needsNumbers = params.insert !== undefined && params.insert_relative_to !== 'zero';
  return {
    script: OBSERVE,
    args: [needsNumbers ? 'yes' : 'no'],
    parse({ rc, stdout, stderr }) {
      if (rc === 0 || rc === 127) return ufwStateOf(stdout.toString(), rc === 0);
      const said = stderr.toString().trim();
      throw new ModuleError(`ufw status: ${said}`, {
        hint: /root/.test(said) ? 'set "become: true"' : undefined,
        data: { rc, stderr: said },
      });
    },
  };
}

const POLICIES: Readonly<Record<string, string>> = {
  ACCEPT: 'allow',
  DROP: 'deny',
  REJECT: 'reject',
};

export function ufwStateOf(output: string, hasTool: boolean): UfwState {
  const [status = '', settings = '', ipv4 = '', ipv6 = '', numbered = ''] = output.split('\0');
  const setting = (name: string) => new RegExp(`^${name}="?(\\w+)`, 'm').exec(settings)?.[1];
  const policy = (name: string, standard: string) =>
    POLICIES[setting(`DEFAULT_${name}_POLICY`) ?? ''] ?? standard;
  return {
    hasTool,
    isActive: /^Status: active/m.test(status),
    logging: setting('LOGLEVEL') ?? 'low',
    defaults: {
      incoming: policy('INPUT', 'deny'),
      outgoing: policy('OUTPUT', 'allow'),
      routed: policy('FORWARD', 'deny'),
    },
    tuples: { ipv4: tuplesOf(ipv4), ipv6: tuplesOf(ipv6) },
    numbered: new Map(
      [...numbered.matchAll(/^\[ *(\d+)\] (.*)$/gm)].map(([, number, rule = '']) => [
        Number(number),
        rule.includes('(v6)'),
      ]),
    ),
  };
}

function tuplesOf(text: string): string[] {
  return text.split('\n').filter((line) => line.startsWith('### tuple'));
}

/** The number to insert at; undefined to append, because ufw takes no number beyond the last. */
export function insertPosition(
  { insert, insert_relative_to: place }: UfwParams,
  { numbered }: UfwState,
): number | undefined {
  if (insert === undefined || place === 'zero') return insert;
  const last = Math.max(0, ...numbered.keys());
  const ofIpv4 = [...numbered].filter(([, isIpv6]) => !isIpv6).map(([number]) => number);
  const lastIpv4 = ofIpv4.length === 0 ? undefined : Math.max(...ofIpv4);
  const hasIpv6 = [...numbered.values()].includes(true);
  const from = {
    'first-ipv4': 1,
    'last-ipv4': lastIpv4 ?? 1,
    'first-ipv6': lastIpv4 === undefined ? 1 : lastIpv4 + 1,
    'last-ipv6': hasIpv6 ? last : last + 1,
  }[place];
  return insert + from > last ? undefined : insert + from;
}

/**
 * The rules that `ufw --dry-run` would write, family by family: it prints the whole file of each that it touches, and only
 * says so where there is nothing to do.
 */
export function rulesChange(
  dryRun: string,
  { tuples }: UfwState,
): { readonly before: readonly string[]; readonly after: readonly string[] } | undefined {
  const sections = dryRun.split(/^\*filter$/m).slice(1);
  const changes = sections.flatMap((section) => {
    const before = section.includes(':ufw6-user') ? tuples.ipv6 : tuples.ipv4;
    const after = tuplesOf(section);
    return before.join('\n') === after.join('\n') ? [] : [{ before, after }];
  });
  if (changes.length === 0) return undefined;
  return {
    before: changes.flatMap(({ before }) => before).map(readable),
    after: changes.flatMap(({ after }) => after).map(readable),
  };
}

/** Comments are hex in the file. */
function readable(tuple: string): string {
  const text = tuple.replace(/^### tuple ### /, '');
  return text.replace(/comment=([0-9a-f]+)/, (_, hex: string) => {
    return `comment=${JSON.stringify(Buffer.from(hex, 'hex').toString())}`;
  });
}

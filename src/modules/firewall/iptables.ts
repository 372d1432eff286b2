/** `iptables`: rules, chains and policies of the kernel's packet filter. */
import { ModuleError } from '../../core/errors.ts';
import type { Change } from '../../core/results.ts';
import type { Probe } from '../../target/probe.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { script } from '../script.ts';
import { IptablesParams, ruleWords } from './iptablesParams.ts';

export interface Chain {
  readonly hasRule: boolean;
  readonly exists: boolean;
  /** Of a chain that the kernel brings; empty for others. */
  readonly policy: string;
  /** Why the tables cannot be read; empty when they can. */
  readonly problem: string;
}

/** Arguments of iptables. */
type RuleChange = Change<readonly string[]>;

/** `TOOL TABLE CHAIN RULE…` */
const OBSERVE = script`
export LC_ALL=C PATH="$PATH:/sbin:/usr/sbin"
tool=$1 table=$2 chain=$3
shift 3
command -v "$tool" >/dev/null || { echo "problem this host has no $tool"; exit; }
said=$("$tool" -w -t "$table" -S 2>&1) || { echo "problem $(echo "$said" | sed -n 1p)"; exit; }
[ -n "$chain" ] || exit 0
if listed=$("$tool" -w -t "$table" -S "$chain" 2>/dev/null); then
  echo chain
  echo "$listed" | sed -n 's/^-P [^ ]* /policy /p'
fi
[ $# -eq 0 ] || ! "$tool" -w -t "$table" -C "$chain" "$@" 2>/dev/null || echo rule`;

const APPLY = 'tool=$1; shift; PATH=$PATH:/sbin:/usr/sbin; "$tool" "$@"';

export const iptables = defineResource({
  name: 'iptables',
  summary: 'Manage rules, chains and policies of iptables',
  description: 'The rules live in the kernel until a reboot; other tools keep them in files.',
  params: IptablesParams,
  examples: [
    '- iptables:\n    chain: INPUT\n    protocol: tcp\n    destination_ports: [80, 443]\n    ctstate: NEW\n    jump: ACCEPT\n    comment: the web\n',
    '- iptables: { chain: INPUT, policy: DROP }',
    '- iptables: { table: nat, chain: POSTROUTING, out_interface: eth0, jump: MASQUERADE }',
    '- iptables: { chain: APP, chain_management: true }',
  ],
  returns: {
    table: 'The table.',
    chain: 'The chain.',
    rule: 'The words of the rule.',
    state: 'What was asked.',
    flush: 'Whether rules were flushed.',
    chain_management: 'Whether chains are made and deleted.',
    ip_version: 'The version of IP.',
  },
  observe: (params: IptablesParams) => ({ chain: chainProbe(params) }),
  plan(params, { chain }, { checkMode }) {
    if (chain.problem !== '' && !checkMode) throw unreadable(chain.problem);
    return planIptables(params, chain);
  },
  apply: (changes, target, params) => applyIptables(changes, target, params),
  result: (params) => ({
    table: params.table,
    chain: params.chain ?? null,
    rule: ruleWords(params).join(' '),
    state: params.state,
    flush: params.flush,
    chain_management: params.chain_management,
    ip_version: params.ip_version,
  }),
});

function toolOf({ ip_version: version }: IptablesParams): string {
  return version === 'ipv6' ? 'ip6tables' : 'iptables';
}

function chainProbe(params: IptablesParams): Probe<Chain> {
  const rule = params.flush || params.policy !== undefined ? [] : matchWords(params);
  return {
    script: OBSERVE,
    args: [toolOf(params), params.table, params.chain ?? '', ...rule],
    parse({ stdout }) {
      const lines = stdout.toString().trim().split('\n');
      const after = (word: string) =>
        lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? '';
      return {
        hasRule: lines.includes('rule'),
        exists: lines.includes('chain'),
        policy: after('policy'),
        problem: after('problem'),
      };
    },
  };
}

/** A rule is the same whatever it has counted since it was made. */
function matchWords(params: IptablesParams): string[] {
  return ruleWords({ ...params, set_counters: undefined });
}

function unreadable(problem: string): ModuleError {
  if (problem.startsWith('this host has no')) {
    return new ModuleError(problem, { hint: 'install the package iptables' });
  }
  const isForRoot = /Permission denied|must be root/.test(problem);
  return new ModuleError(`the packet filter cannot be read: ${problem}`, {
    hint: isForRoot ? 'set "become: true"' : undefined,
  });
}

export function planIptables(params: IptablesParams, chain: Chain): readonly RuleChange[] {
  const { table, chain: name = '', policy, state } = params;
  const inTable = ['-t', table];
  const what = `${toolOf(params)} ${table} ${name}`.trim();
  if (params.flush) {
    const operation = [...inTable, '-F', ...(name === '' ? [] : [name])];
    return [{ what, before: 'rules', after: 'flushed', operation }];
  }
  if (policy !== undefined) {
    if (chain.policy === policy) return [];
    const operation = [...inTable, '-P', name, policy];
    return [{ what: `${what}: policy`, before: chain.policy, after: policy, operation }];
  }
  const rule = ruleWords(params);
  if (rule.length === 0) return chainChanges(params, chain, what);
  if (chain.hasRule === (state === 'present')) return [];
  const [before, after] =
    state === 'present' ? ['absent', rule.join(' ')] : [rule.join(' '), 'absent'];
  const made = state === 'present' ? chainChanges(params, chain, what) : [];
  return [...made, { what: `${what}: rule`, before, after, operation: ruleCommand(params) }];
}

/** Chains are made and deleted only with `chain_management`. */
function chainChanges(
  { table, chain: name = '', state, chain_management: isManaged }: IptablesParams,
  { exists }: Chain,
  what: string,
): RuleChange[] {
  if (!isManaged || exists === (state === 'present')) return [];
  const [before, after] = exists ? ['present', 'absent'] : ['absent', 'present'];
  const operation = ['-t', table, exists ? '-X' : '-N', name];
  return [{ what: `${what}: chain`, before, after, operation }];
}

function ruleCommand(params: IptablesParams): string[] {
  const { table, chain = '', state, action, rule_num: number, wait } = params;
  const waiting = wait === undefined ? [] : ['-w', wait];
  const inserting = ['-I', chain, ...(number === undefined ? [] : [number])];
  const adding = action === 'insert' ? inserting : ['-A', chain];
  const change =
    state === 'absent' ? ['-D', chain, ...matchWords(params)] : [...adding, ...ruleWords(params)];
  return [...waiting, '-t', table, ...change];
}

async function applyIptables(
  changes: readonly RuleChange[],
  target: Target,
  params: IptablesParams,
) {
  const tool = toolOf(params);
  for (const { operation } of changes) {
    const { rc, stdout, stderr } = await target.sh(APPLY, { args: [tool, ...operation] });
    if (rc === 0) continue;
    throw new ModuleError(`${tool} ${operation.join(' ')}: ${stderr.toString().trim()}`, {
      data: { rc, stdout: stdout.toString(), stderr: stderr.toString() },
    });
  }
}

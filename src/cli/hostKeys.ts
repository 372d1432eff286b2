/** Before a run: the host keys that nobody knows yet, shown together and asked about once. */
import type { UnknownHostKey } from '../connection/ssh/hostKeyScan.ts';
import type { KnownHosts } from '../connection/ssh/knownHosts.ts';
import type { ControllerContext } from '../connection/ssh/sshOptions.ts';
import type { ConnectionSettings } from '../connection/transport.ts';
import { connectionNamed } from '../core/connectionNames.ts';
import { DroverError } from '../core/errors.ts';
import { type ConnectionDefaults, connectionSettings } from '../engine/tasks/connectionSettings.ts';
import { matchHosts } from '../inventory/hostPattern.ts';
import type { Play } from '../playbook/model.ts';
import type { RunVariables } from '../vars/runVariables.ts';
import type { Project } from './project.ts';
import type { World } from './world.ts';

export interface HostKeyQuestion {
  readonly project: Project;
  readonly variables: RunVariables;
  readonly defaults: ConnectionDefaults;
  readonly ssh: ControllerContext & { readonly knownHosts: KnownHosts };
  readonly world: Pick<World, 'prompt' | 'stderr'>;
}

/** Records the keys if the user says so; otherwise the run refuses the hosts one by one. Without a terminal nobody is asked. */
export async function askAboutHostKeys(question: HostKeyQuestion): Promise<void> {
  const { ssh, world } = question;
  if (world.stderr.columns === undefined) return;
  const settings = question.project.playbooks
    .flatMap(({ plays }) => plays)
    .flatMap((play) => settingsOf(play, question));
  const bySsh = settings.filter(isBySsh);
  if (bySsh.length === 0) return;
  const { unknownHostKeys } = await import('../connection/ssh/hostKeyScan.ts');
  const unknown = await unknownHostKeys(bySsh, ssh);
  if (unknown.length === 0) return;
  const answer = await world.prompt(questionText(unknown), { echo: true });
  if (!/^y(es)?$/i.test(answer?.trim() ?? '')) return;
  for (const { file, name, port, key } of unknown) ssh.knownHosts.add(file, name, port, key);
}

function isBySsh({ transport }: ConnectionSettings): boolean {
  const name = connectionNamed(transport);
  return name === 'ssh' || name === 'ssh2';
}

/** As the tasks of the play will have them, as far as that can be known now. */
function settingsOf(play: Play, question: HostKeyQuestion): ConnectionSettings[] {
  const { project, variables, defaults } = question;
  return ignoringErrors(() => {
    const pattern = variables.evaluate(play.hosts, variables.playScope(play));
    const parts = Array.isArray(pattern) ? pattern.map(String) : String(pattern);
    const { hosts } = matchHosts(project.inventory, parts);
    return project.hosts.limited(hosts);
  })
    .flat()
    .flatMap((host) => ignoringErrors(() => hostSettings(host, play, variables, defaults)));
}

function hostSettings(
  host: string,
  play: Play,
  variables: RunVariables,
  defaults: ConnectionDefaults,
): ConnectionSettings {
  const [ofPlay, ofHost] = [variables.playScope(play), variables.hostScope(host)];
  const text = (keyword: 'connection' | 'remoteUser' | 'port'): string | undefined => {
    const node = play.keywords[keyword];
    return node === undefined ? undefined : String(variables.evaluate(node, ofHost));
  };
  const port = text('port');
  const keywords = {
    connection: text('connection'),
    remoteUser: text('remoteUser'),
    port: port === undefined ? undefined : Number(port),
  };
  const read = (name: string) => ofPlay.lookup(name) ?? ofHost.lookup(name);
  return connectionSettings(host, read, keywords, defaults);
}

/** What cannot be evaluated yet is told by the task that needs it. */
function ignoringErrors<T>(work: () => T): T[] {
  try {
    return [work()];
  } catch (error) {
    if (error instanceof DroverError) return [];
    throw error;
  }
}

function questionText(unknown: readonly UnknownHostKey[]): string {
  const width = Math.max(...unknown.map(({ host }) => host.length));
  const lines = unknown.map(({ host, name, port, shown }) => {
    const place = port === 22 ? name : `${name}:${port}`;
    return `  ${host.padEnd(width)}  ${host === name ? '' : `${place}  `}${shown}`;
  });
  const files = [...new Set(unknown.map(({ file }) => file))].join(' and ');
  const keys = unknown.length === 1 ? 'This host key is' : `These ${unknown.length} host keys are`;
  return `${keys} not known:\n${lines.join('\n')}\nCompare the fingerprints. Record them in ${files} and go on? [yes/no] `;
}

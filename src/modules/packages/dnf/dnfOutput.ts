/** What dnf and yum print, as data. Tried with dnf 4.14; the tables of dnf5 and yum 3 have the same shape. */
import { type CommandOutput, commandOutput, linesOf, sectionsOf } from '../../scriptOutput.ts';
import { lockHolders } from '../lockHolders.ts';

export interface RpmPackage {
  readonly name: string;
  /** `1:2.0-3`; without the epoch when that is 0. */
  readonly version: string;
  readonly arch: string;
}

export interface RpmState {
  readonly hasTool: boolean;
  /** Another process that holds the package manager, after the time to wait was over. */
  readonly holders: ReturnType<typeof lockHolders>;
  /** Specs that rpm alone does not know to be met; `isInstalled` when some version is there. */
  readonly pending: readonly { readonly spec: string; readonly isInstalled: boolean }[];
  readonly installed: readonly RpmPackage[];
  readonly refresh: CommandOutput | undefined;
  readonly simulations: readonly CommandOutput[];
  readonly listing: CommandOutput | undefined;
  readonly available: CommandOutput | undefined;
  readonly repositories: CommandOutput | undefined;
  /** The stream of each module of which one is enabled, by name; only read for a removal. */
  readonly streams: ReadonlyMap<string, string>;
  /** Names of package files that are downloaded already. */
  readonly downloaded: ReadonlySet<string>;
}

export function rpmStateOf(output: string): RpmState {
  const sections = sectionsOf(output);
  const simulations = ['first', 'second'].map((name) => commandOutput(sections, name));
  return {
    hasTool: !sections.has('missing'),
    holders: lockHolders(sections),
    pending: linesOf(sections.get('pending')).map((line) => ({
      spec: line.slice(1),
      isInstalled: line.startsWith('+'),
    })),
    installed: linesOf(sections.get('installed')).map(installedPackage),
    refresh: commandOutput(sections, 'refresh'),
    simulations: simulations.filter((each) => each !== undefined),
    listing: commandOutput(sections, 'list'),
    available: commandOutput(sections, 'available'),
    repositories: commandOutput(sections, 'repos'),
    streams: enabledStreams(sections.get('streams') ?? ''),
    downloaded: new Set(linesOf(sections.get('downloaded'))),
  };
}

function installedPackage(line: string): RpmPackage {
  const [name = '', epoch = '0', version = '', arch = ''] = line.split('\t');
  return { name, version: epoch === '0' ? version : `${epoch}:${version}`, arch };
}

export type RpmStepKind = 'install' | 'upgrade' | 'reinstall' | 'downgrade' | 'remove';

export interface RpmStep extends RpmPackage {
  readonly kind: RpmStepKind;
}

/** Files of `/etc/dnf/modules.d`: sections with `stream=` and `state=`. */
function enabledStreams(text: string): ReadonlyMap<string, string> {
  const parts = text.split(/^\[(.+)\]$/m).slice(1);
  const entries = parts.flatMap((name, index): [string, string][] => {
    const content = parts[index + 1] ?? '';
    const stream = /^state=enabled$/m.test(content) && /^stream=(.+)$/m.exec(content)?.[1];
    return index % 2 === 0 && stream ? [[name, stream]] : [];
  });
  return new Map(entries);
}

/** Of packages; rows below `Installing Groups:` and `Enabling module streams:` are not packages. */
const HEADINGS: readonly (readonly [RegExp, RpmStepKind | undefined])[] = [
  [/(?:Groups|profiles|streams|modules):$/, undefined],
  [/^Reinstall/, 'reinstall'],
  [/^Install/, 'install'],
  [/^(?:Upgrad|Updat)/, 'upgrade'],
  [/^Downgrad/, 'downgrade'],
  [/^(?:Remov|Eras)/, 'remove'],
];

/** The steps of a transaction table: rows under headings such as `Installing dependencies:`, long rows on several lines. */
export function rpmSteps(stdout: string): RpmStep[] {
  const steps: RpmStep[] = [];
  let kind: RpmStepKind | undefined;
  for (const row of rowsOf(stdout)) {
    if (/^Transaction Summary/.test(row)) break;
    if (/^[A-Z][\w /]*:$/.test(row)) kind = HEADINGS.find(([pattern]) => pattern.test(row))?.[1];
    const step = replacedStep(row) ?? (kind === undefined ? undefined : rowStep(kind, row));
    if (step !== undefined) steps.push(step);
  }
  return steps;
}

function rowStep(kind: RpmStepKind, row: string): RpmStep | undefined {
  const [, name, arch, version] = /^ (\S+)\s+(\S+)\s+(\S+)\s+\S+/.exec(row) ?? [];
  if (name === undefined || arch === undefined || version === undefined) return undefined;
  return { kind, name, arch, version: version.replace(/^0:/, '') };
}

/** `replacing  former.noarch 1.0-1`, below the package that obsoletes it. dnf5 has a row of the table there, for each upgrade. */
function replacedStep(row: string): RpmStep | undefined {
  const [, name, arch, version] = /^\s+replacing\s+(\S+)\.(\w+) (\S+)\s*$/.exec(row) ?? [];
  if (name === undefined || arch === undefined || version === undefined) return undefined;
  return { kind: 'remove', name, arch, version };
}

/** A row begins with one space; what is indented deeper goes on with it, unless it names what is replaced. */
function rowsOf(stdout: string): string[] {
  const rows: string[] = [];
  for (const line of stdout.split('\n')) {
    const last = rows.length - 1;
    const isReplaced = /^\s+replacing\s/.test(line);
    if (!isReplaced && /^\s{2,}\S/.test(line) && last >= 0) rows[last] = `${rows[last]}${line}`;
    else rows.push(line);
  }
  return rows;
}

export interface ListedPackage {
  readonly name: string;
  readonly arch: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly repo: string;
}

/** Lines of `repoquery`: `name|arch|epoch|version|release|repo`. */
export function listedPackages({ stdout }: CommandOutput): ListedPackage[] {
  return linesOf(stdout)
    .map((line) => line.split('|'))
    .filter((parts) => parts.length === 6)
    .map(([name = '', arch = '', epoch = '', version = '', release = '', repo = '']) => ({
      name,
      arch,
      epoch: epoch === '(none)' ? '0' : epoch,
      version,
      release,
      repo,
    }));
}

/** Lines of `repolist --enabled`, below their heading. */
export function repositoryIds({ stdout }: CommandOutput): string[] {
  const rows = linesOf(stdout).filter((line) => !/^repo id\s/i.test(line));
  return rows.map((line) => line.split(/\s+/)[0] ?? '').filter((id) => id !== '');
}

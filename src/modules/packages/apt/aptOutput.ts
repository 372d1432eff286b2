/** What the scripts of `apt` print, as data. Tried with apt 2.6.1 and dpkg 1.21.22 (Debian 12). */
import { type CommandOutput, commandOutput, linesOf, sectionsOf } from '../../scriptOutput.ts';
import { type LockHolder, lockHolders } from '../lockHolders.ts';

export interface InstalledPackage {
  readonly name: string;
  /** dpkg's status: `installed`, `config-files`, `half-configured`, `not-installed`, … */
  readonly status: string;
  readonly version: string;
}

export interface AptState {
  /** False when the host has no apt-get. */
  readonly present: boolean;
  /** Unix time of the package index; 0 when there is none. */
  readonly indexTime: number;
  /** Its time after this observation refreshed it. */
  readonly refreshedTime: number | undefined;
  /** This observation fetched the index, since it was older than asked for. */
  readonly wasRefreshed: boolean;
  /** … and the repositories had something new. */
  readonly wasRenewed: boolean;
  /** What dpkg would finish when it was ended amid its work; undefined when it was not. */
  readonly interrupted: readonly PackageStep[] | undefined;
  readonly held: readonly string[];
  readonly packages: readonly InstalledPackage[];
  /** Of those asked for, `name:architecture` of each that was installed because others need it. */
  readonly automatic: readonly string[];
  /** What is asked for in a version that no pin or release lets apt-get install, with the version that it would: `nginx>=2`, `1.22`. */
  readonly tooOld: readonly (readonly [wanted: string, candidate: string])[];
  /** What apt-get would be asked to install or remove. */
  readonly pending: readonly string[];
  /** Path of a `deb:` file that cannot be read. */
  readonly missingDeb: string | undefined;
  readonly refresh: CommandOutput | undefined;
  readonly simulation: CommandOutput | undefined;
  readonly holders: readonly LockHolder[];
}

/** The answer of `OBSERVE_SCRIPT`. */
export function aptStateOf(output: string): AptState {
  const sections = sectionsOf(output);
  const refreshed = sections.get('refreshed');
  return {
    present: !sections.has('missing'),
    indexTime: Number(linesOf(sections.get('index'))[0] ?? 0),
    refreshedTime: refreshed === undefined ? undefined : Number(refreshed),
    wasRefreshed: refreshed !== undefined,
    wasRenewed: sections.has('renewed'),
    interrupted: sections.has('interrupted')
      ? configuredSteps(sections.get('interrupted') ?? '')
      : undefined,
    held: linesOf(sections.get('held')),
    packages: linesOf(sections.get('packages')).map(installedPackage),
    automatic: linesOf(sections.get('automatic')),
    tooOld: linesOf(sections.get('old')).map((line) => {
      const [wanted = '', candidate = ''] = line.split('\t');
      return [wanted, candidate];
    }),
    pending: linesOf(sections.get('pending')),
    missingDeb: sections.get('nodeb')?.trim(),
    refresh: commandOutput(sections, 'refresh'),
    simulation: commandOutput(sections, 'simulation'),
    holders: lockHolders(sections),
  };
}

function installedPackage(line: string): InstalledPackage {
  const [name = '', status = 'not-installed', version = ''] = line.split('\t');
  return { name, status, version };
}

/** One package that a simulation would touch; a version is undefined where the package is absent. */
export interface PackageStep {
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** `configure`: unpacked by an earlier, interrupted run. */
  readonly kind: 'install' | 'remove' | 'purge' | 'configure';
}

const STEP = /^(Inst|Remv|Purg|Conf) (\S+)(?: \[([^\]]*)\])?(?: \((\S+))?/;
const KINDS = { Inst: 'install', Remv: 'remove', Purg: 'purge', Conf: 'configure' } as const;

/**
 * The steps of `apt-get -s`: `Inst nginx [1.22.0-1] (1.22.1-9 Debian:12.5/stable [amd64])`, `Remv …`, `Purg …`; a `Conf …`
 * counts only where the package is not installed in the same run.
 */
export function simulatedSteps(stdout: string): PackageStep[] {
  const steps = new Map<string, PackageStep>();
  for (const line of stdout.split('\n')) {
    const match = STEP.exec(line);
    if (match === null) continue;
    const [, verb = '', name = '', from, to] = match;
    const kind = KINDS[verb as keyof typeof KINDS];
    if (kind === 'configure' && steps.has(name)) continue;
    const isGone = kind === 'remove' || kind === 'purge';
    steps.set(name, { name, from, to: isGone ? undefined : to, kind });
  }
  return [...steps.values()];
}

/** The steps of `dpkg --simulate --configure -a`: `Setting up nginx (1.22.1-9) ...`. */
export function configuredSteps(stdout: string): PackageStep[] {
  return [...stdout.matchAll(/^Setting up (\S+) \((\S+)\)/gm)].map(([, name = '', to]) => ({
    name,
    from: undefined,
    to,
    kind: 'configure',
  }));
}

/** What apt-get says that it will do: up to the line that counts, `1 upgraded, 2 newly installed, …`. */
export function summaryOf(stdout: string): string {
  const lines = stdout.split('\n');
  const start = lines.indexOf('Reading state information...') + 1;
  const end = lines.findIndex((line) => /^\d+ upgraded, /.test(line));
  return lines.slice(start, end < 0 ? undefined : end + 1).join('\n');
}

/** The packages under a heading such as `The following packages will be DOWNGRADED:`. */
export function packagesUnder(stdout: string, heading: RegExp): string[] {
  const lines = stdout.split('\n');
  const start = lines.findIndex((line) => heading.test(line));
  if (start < 0) return [];
  const rest = lines.slice(start + 1);
  const list = rest.slice(rest.findIndex((line) => line.startsWith('  ')));
  const end = list.findIndex((line) => !line.startsWith('  '));
  const text = (end < 0 ? list : list.slice(0, end)).join(' ');
  return text.split(/\s+/).filter((word) => word !== '');
}

/** The errors that apt-get names, without their `E: `. */
export function aptErrors(stderr: string): string[] {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('E: '))
    .map((line) => line.slice(3));
}

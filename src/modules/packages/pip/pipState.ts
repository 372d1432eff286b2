/** What the scripts of `pip` print, as data. */
import * as z from 'zod';
import { hostJson } from '../../hostJson.ts';
import { type CommandOutput, commandOutput, linesOf, sectionsOf } from '../../scriptOutput.ts';
import { projectName } from './pipParams.ts';

export interface InstalledProject {
  /** As PEP 503 normalises it. */
  readonly name: string;
  readonly version: string;
  /** Folder of a package in development mode. */
  readonly editableFolder: string | undefined;
}

export interface PipState {
  /** pip's command; undefined when the host has none, or none yet since its virtual environment is missing. */
  readonly pip: readonly string[] | undefined;
  /** The virtual environment asked for does not exist. */
  readonly needsVenv: boolean;
  /** The program that makes virtual environments is there. */
  readonly hasMaker: boolean;
  /** Path of a requirements file that cannot be read. */
  readonly missingRequirements: string | undefined;
  /** Text of the requirements file. */
  readonly requirements: string;
  /** `pip list`, when it failed. */
  readonly listing: CommandOutput | undefined;
  readonly installed: readonly InstalledProject[];
  readonly simulation: CommandOutput | undefined;
  /** Of a pip that cannot simulate: each requirement and whether it is met. */
  readonly old: readonly { readonly spec: string; readonly isMet: boolean }[] | undefined;
  /** Lines of `pip freeze`, when specs under version control ask for it. */
  readonly frozen: readonly string[];
  /** The commit that the remote has, by spec. */
  readonly remotes: ReadonlyMap<string, string>;
}

const Listing = z.array(
  z.object({
    name: z.string(),
    version: z.string(),
    editable_project_location: z.string().optional(),
  }),
);

export function pipStateOf(output: string): PipState {
  const sections = sectionsOf(output);
  const listing = commandOutput(sections, 'list');
  const pip = sections.get('pip');
  const old = sections.get('old');
  return {
    pip: pip === undefined ? undefined : linesOf(pip),
    needsVenv: sections.has('novenv'),
    hasMaker: linesOf(sections.get('novenv')).length > 0,
    missingRequirements: sections.get('norequirements')?.trim(),
    requirements: sections.get('requirements') ?? '',
    listing,
    installed: listing?.rc === 0 ? installedProjects(listing.stdout) : [],
    simulation: commandOutput(sections, 'simulation'),
    old: old === undefined ? undefined : linesOf(old).map(oldRequirement),
    frozen: linesOf(sections.get('freeze')),
    remotes: remotesOf(sections),
  };
}

function installedProjects(json: string): InstalledProject[] {
  return Listing.parse(hostJson(json, 'pip list')).map((project) => ({
    name: projectName(project.name) ?? project.name,
    version: project.version,
    editableFolder: project.editable_project_location,
  }));
}

function oldRequirement(line: string) {
  const [spec = '', met] = line.split('\t');
  return { spec, isMet: met === 'met' };
}

function remotesOf(sections: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const PREFIX = 'remote ';
  const remotes = [...sections].filter(([name]) => name.startsWith(PREFIX));
  return new Map(remotes.map(([name, commit]) => [name.slice(PREFIX.length), commit.trim()]));
}

/**
 * The packages that a simulation would install. `Would install foo-bar-1.2 baz-3.0`: a version has no dash, except in
 * names of wheels that pip has normalised before.
 */
export function wouldInstall(
  stdout: string,
): { readonly name: string; readonly version: string }[] {
  const line = /^Would install (.*)$/m.exec(stdout)?.[1] ?? '';
  return line
    .split(' ')
    .map((word) => /^(.+)-([^-]+)$/.exec(word))
    .flatMap((match) =>
      match === null
        ? []
        : [{ name: projectName(match[1] ?? '') ?? match[1] ?? '', version: match[2] ?? '' }],
    );
}

/** The requirements of a file, without comments and options; continued lines joined. */
export function requirementSpecs(text: string): string[] {
  return text
    .replaceAll(/\\\n/g, '')
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '' && !/^-(?!e\s)/.test(line))
    .map((line) => line.replace(/^-e\s+/, ''))
    .map((line) => line.replace(/\s+--.*$/, ''));
}

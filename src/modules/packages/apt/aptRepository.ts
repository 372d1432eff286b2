/** `apt_repository`: one-line entries in the files of apt's sources. */
import * as z from 'zod';
import { ModuleError } from '../../../core/errors.ts';
import type { Change } from '../../../core/results.ts';
import type { Target } from '../../../target/target.ts';
import { defineResource } from '../../module.ts';
import { boolean, integer, optionalFileMode, text } from '../../params.ts';
import { refreshIndex } from './aptRefresh.ts';
import { type SourceFile, type SourceFiles, sourceFiles } from './sourceFiles.ts';
import {
  disabledSourceLine,
  isSameEntry,
  parseSourceLine,
  parseStanzas,
  type SourceEntry,
  sourceLine,
  stanzaCovers,
} from './sourceLines.ts';

const params = z.strictObject({
  repo: text().describe(
    'The entry: `deb [signed-by=/etc/apt/keyrings/x.asc] https://… bookworm main`.',
  ),
  state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
  filename: text()
    .optional()
    .describe(
      'File in sources.list.d for a new entry, without `.list`; by default after the address.',
    ),
  mode: optionalFileMode().describe('Mode of a new file.'),
  codename: text().optional().describe('Suite for a `ppa:` entry.'),
  update_cache: boolean()
    .default(true)
    .describe('Refresh the package index after a change; when that fails the change is taken back.')
    .meta({ aliases: ['update-cache'] }),
  update_cache_retries: integer().default(5).describe('How often the refresh is tried.'),
  update_cache_retry_max_delay: integer()
    .default(12)
    .describe('Longest pause in seconds between two tries.'),
  validate_certs: boolean().default(true).describe('Taken for compatibility with `ppa:` entries.'),
  install_python_apt: boolean()
    .default(true)
    .describe('Taken for compatibility; no Python is needed.'),
});
type Params = z.output<typeof params>;

interface Operation {
  /** The file as it shall be; undefined to delete it. */
  readonly after: string | undefined;
  readonly before: string | undefined;
  readonly path: string;
}

/** What the diff calls a file that is not there. */
const NO_FILE = '/dev/null';

export const aptRepository = defineResource({
  name: 'apt_repository',
  summary: 'Add and remove apt repositories as one-line entries',
  description:
    'The same entry is found in any file, also in deb822 form and with other spacing. An entry that was switched off is switched on again.',
  params,
  examples: [
    '- apt_repository:\n    repo: deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] https://download.docker.com/linux/debian bookworm stable\n    filename: docker',
    '- apt_repository: { repo: "deb https://packages.example.org/debian bookworm main", state: absent }',
  ],
  returns: {
    repo: 'The entry.',
    state: 'What was asked.',
    sources_added: 'Files that are new.',
    sources_removed: 'Files that are gone.',
  },
  observe: (input) => ({ sources: sourceFiles(newFilePath(input)) }),
  plan: (input, { sources }) => planRepository(input, sources),
  apply: (changes, target, input) => applyRepository(changes, target, input),
  result: ({ repo, state }, _sources, changes) => ({
    repo,
    state,
    sources_added: changes
      .filter(({ diff }) => diff?.beforeHeader === NO_FILE)
      .map(({ what }) => what),
    sources_removed: changes
      .filter(({ diff }) => diff?.afterHeader === NO_FILE)
      .map(({ what }) => what),
  }),
});

export function planRepository(
  input: Params,
  { files }: SourceFiles,
): readonly Change<Operation>[] {
  const entry = entryOf(input);
  return input.state === 'absent' ? removals(entry, files) : additions(input, entry, files);
}

function entryOf({ repo }: Params): SourceEntry {
  if (repo.startsWith('ppa:')) {
    throw new ModuleError(`"${repo}": personal package archives are not resolved`, {
      code: 'DROVER_UNSUPPORTED',
      hint: 'write the entry and its key with deb822_repository: the page of the archive on launchpad.net shows both',
    });
  }
  const entry = parseSourceLine(repo);
  if (entry !== undefined) return entry;
  throw new ModuleError(`"${repo}" is not an entry of apt's sources`, {
    hint: 'the form is: deb [options] URI SUITE COMPONENT…',
  });
}

function additions(
  input: Params,
  entry: SourceEntry,
  files: readonly SourceFile[],
): Change<Operation>[] {
  if (files.some((file) => holds(file, entry))) return [];
  const disabled = files.find(
    ({ path, text: content }) =>
      isOneLine(path) &&
      content.split('\n').some((line) => isEntry(disabledSourceLine(line), entry)),
  );
  if (disabled !== undefined)
    return [fileChange(disabled.path, disabled.text, enabledText(disabled.text, entry))];
  const path = newFilePath(input);
  const before = files.find((file) => file.path === path)?.text;
  const start =
    before === undefined || before === '' || before.endsWith('\n') ? (before ?? '') : `${before}\n`;
  return [fileChange(path, before, `${start}${sourceLine(input.repo)}\n`)];
}

function holds({ path, text: content }: SourceFile, entry: SourceEntry): boolean {
  if (isOneLine(path))
    return content.split('\n').some((line) => isEntry(parseSourceLine(line), entry));
  return parseStanzas(content).some((stanza) => stanzaCovers(stanza, entry));
}

function isOneLine(path: string): boolean {
  return path.endsWith('.list');
}

function isEntry(found: SourceEntry | undefined, entry: SourceEntry): boolean {
  return found !== undefined && isSameEntry(found, entry);
}

function enabledText(content: string, entry: SourceEntry): string {
  return content
    .split('\n')
    .map((line) =>
      isEntry(disabledSourceLine(line), entry) ? line.replace(/^\s*#+\s*/, '') : line,
    )
    .join('\n');
}

function removals(entry: SourceEntry, files: readonly SourceFile[]): Change<Operation>[] {
  return files
    .filter(({ path }) => isOneLine(path))
    .flatMap(({ path, text: content }) => {
      const lines = content.split('\n');
      const kept = lines.filter((line) => !isEntry(parseSourceLine(line), entry));
      if (kept.length === lines.length) return [];
      const isEmpty = kept.every((line) => line.trim() === '') && path !== '/etc/apt/sources.list';
      return [fileChange(path, content, isEmpty ? undefined : kept.join('\n'))];
    });
}

function fileChange(
  path: string,
  before: string | undefined,
  after: string | undefined,
): Change<Operation> {
  return {
    what: path,
    before: before ?? '',
    after: after ?? '',
    diff: {
      before: before ?? '',
      after: after ?? '',
      beforeHeader: before === undefined ? NO_FILE : path,
      afterHeader: after === undefined ? NO_FILE : path,
    },
    operation: { path, before, after },
  };
}

/** `https://download.docker.com/linux/debian` becomes `download_docker_com_linux_debian.list`. */
export function newFilePath({ repo, filename }: Pick<Params, 'repo' | 'filename'>): string {
  if (filename?.startsWith('/')) return filename;
  const [address = ''] = repo
    .replace(/\[[^\]]+\]/, '')
    .replace(/\w+:\/\//, '')
    .split(/\s+/)
    .filter((word) => !['', 'deb', 'deb-src'].includes(word));
  const host = address.slice(address.indexOf('@') + 1);
  const name =
    filename ??
    host
      .split(/[^a-zA-Z0-9]+/)
      .filter((word) => word !== '')
      .join('_');
  return `/etc/apt/sources.list.d/${name.endsWith('.list') ? name : `${name}.list`}`;
}

async function applyRepository(
  changes: readonly Change<Operation>[],
  target: Target,
  input: Params,
) {
  for (const { operation } of changes)
    await put(target, operation.path, operation.after, input.mode);
  if (!input.update_cache) return;
  try {
    await refreshIndex(target, input);
  } catch (error) {
    for (const { operation } of changes)
      await put(target, operation.path, operation.before, undefined);
    throw error;
  }
}

/** Writes the file, or deletes it. */
async function put(
  target: Target,
  path: string,
  content: string | undefined,
  mode: string | undefined,
) {
  if (content !== undefined) {
    await target.writeFile(path, content, { mode, createMode: '0644' });
    return;
  }
  const { rc, stderr } = await target.sh('rm -f "$1"', { args: [path] });
  if (rc !== 0) throw new ModuleError(`${path}: ${stderr.toString().trim()}`);
}

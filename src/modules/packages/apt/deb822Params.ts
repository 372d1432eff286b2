/** The parameters of `deb822_repository`, and the stanza they describe. */
import * as z from 'zod';
import { boolean, fileMode, integer, list, text } from '../../params.ts';

export const deb822Params = z
  .strictObject({
    name: text().describe('Name of the repository; the file is named after it.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether it shall be there.'),
    types: list(z.enum(['deb', 'deb-src']))
      .default(['deb'])
      .describe('Kinds of packages.'),
    uris: list(text()).optional().describe('Addresses of the repository.'),
    suites: list(text())
      .optional()
      .describe('Suites, such as `bookworm`; a path ending in `/` for a flat repository.'),
    components: list(text()).optional().describe('Components, such as `main`.'),
    architectures: list(text()).optional().describe('Architectures to take.'),
    languages: list(text()).optional().describe('Languages of descriptions to take.'),
    targets: list(text()).optional().describe('Kinds of files to fetch.'),
    signed_by: text()
      .optional()
      .describe(
        'Key: its URL (it is fetched and kept in /etc/apt/keyrings), its file on the host, its fingerprint, or itself as armored text.',
      ),
    enabled: boolean().optional().describe('Whether apt uses it.'),
    trusted: boolean().optional().describe('Trust it whatever its signature.'),
    allow_insecure: boolean().optional().describe('Allow it without a signature.'),
    allow_weak: boolean().optional().describe('Allow signatures with weak digests.'),
    allow_downgrade_to_insecure: boolean().optional().describe('Allow it to lose its signature.'),
    by_hash: boolean().optional().describe('Fetch indexes by hash.'),
    check_date: boolean().optional().describe("Check the index's date against the clock."),
    check_valid_until: boolean().optional().describe('Refuse an index that is too old.'),
    date_max_future: integer().optional().describe('Seconds that the date may be ahead.'),
    inrelease_path: text().optional().describe('Path of InRelease, relative to the address.'),
    pdiffs: boolean().optional().describe('Fetch differences of indexes.'),
    include: list(text()).optional().describe('Packages to take, and no others.'),
    exclude: list(text()).optional().describe('Packages not to take.'),
    mode: fileMode().default('0644').describe('Mode of the files.'),
    install_python_debian: boolean()
      .default(false)
      .describe('Taken for compatibility; no Python is needed.'),
  })
  .refine(
    ({ state, uris, suites }) => state === 'absent' || (uris !== undefined && suites !== undefined),
    {
      error: '"uris" and "suites" are needed',
    },
  )
  .refine(({ include, exclude }) => include === undefined || exclude === undefined, {
    error: 'only one of "include" and "exclude" can be given',
  });

export type Deb822Params = z.output<typeof deb822Params>;

/** The name of the files of a repository. */
export function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '');
}

/** The stanza, in the order that people write; `signedBy` is a path, a fingerprint or the key's text. */
export function stanzaText(params: Deb822Params, signedBy: string | undefined): string {
  const fields: readonly (readonly [
    string,
    string | number | boolean | readonly string[] | undefined,
  ])[] = [
    ['X-Repolib-Name', params.name],
    ['Enabled', params.enabled],
    ['Types', params.types],
    ['URIs', params.uris],
    ['Suites', params.suites],
    ['Components', params.components],
    ['Architectures', params.architectures],
    ['Languages', params.languages],
    ['Targets', params.targets],
    ['Trusted', params.trusted],
    ['Allow-Insecure', params.allow_insecure],
    ['Allow-Weak', params.allow_weak],
    ['Allow-Downgrade-To-Insecure', params.allow_downgrade_to_insecure],
    ['By-Hash', params.by_hash],
    ['Check-Date', params.check_date],
    ['Check-Valid-Until', params.check_valid_until],
    ['Date-Max-Future', params.date_max_future],
    ['InRelease-Path', params.inrelease_path],
    ['PDiffs', params.pdiffs],
    ['Include', params.include],
    ['Exclude', params.exclude],
    ['Signed-By', signedBy],
  ];
  const lines = fields.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${fieldText(value)}`],
  );
  return `${lines.join('\n')}\n`;
}

/** Lists with spaces, booleans as yes and no; further lines are indented, empty ones are dots. */
function fieldText(value: string | number | boolean | readonly string[]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return value.join(' ');
  const lines = value.trim().split('\n');
  if (lines.length === 1) return lines.join('');
  return `\n${lines.map((line) => ` ${line.trim() === '' ? '.' : line.trim()}`).join('\n')}`;
}

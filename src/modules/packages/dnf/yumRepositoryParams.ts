/** The parameters of `yum_repository` and the section that they ask for. */
import * as z from 'zod';
import { boolean, fileAttributes, list, path, text } from '../../params.ts';

const option = (description: string) => text().optional().describe(description);
const flag = (description: string) => boolean().optional().describe(description);

/** Written into the section by their own names, when they are given. */
const options = {
  bandwidth: option('Bytes per second for downloads, or with a unit.'),
  cost: option('Relative cost; lower is preferred.'),
  deltarpm_metadata_percentage: option('How small delta metadata must be to be used.'),
  deltarpm_percentage: option('How small a delta must be to be used; 0 is never.'),
  gpgcakey: option('URL of the CA key that signs the keys.'),
  include: option('File or URL to include.'),
  metadata_expire: option('How long metadata counts as fresh: seconds, or `6h`.'),
  metalink: option('URL of a metalink file with mirrors.'),
  mirrorlist: option('URL of a list of mirrors.'),
  mirrorlist_expire: option('How long the list of mirrors counts as fresh.'),
  password: option('Password for the repository.'),
  priority: option('Priority; lower wins.'),
  proxy: option('URL of a proxy, or `_none_`.'),
  proxy_password: option('Password for the proxy.'),
  proxy_username: option('User name for the proxy.'),
  retries: option('How often a download is tried.'),
  throttle: option('Limit for downloads.'),
  timeout: option('Seconds until a connection counts as failed.'),
  ui_repoid_vars: option('Variables that are shown in the name of the repository.'),
  username: option('User name for the repository.'),
  async: flag('Download in parallel.'),
  enabled: flag('Use this repository.'),
  enablegroups: flag('Use its package groups.'),
  gpgcheck: flag('Check the signatures of packages.'),
  module_hotfixes: flag('Leave modular filtering out.'),
  keepalive: flag('Keep connections open.'),
  protect: flag('Protect its packages from updates by others.'),
  repo_gpgcheck: flag('Check the signature of the metadata.'),
  s3_enabled: flag('Take it from an S3 bucket.'),
  skip_if_unavailable: flag('Go on without it when it cannot be reached.'),
  ssl_check_cert_permissions: flag('Check the permissions of certificates.'),
  countme: flag('Count this system in statistics.'),
  failovermethod: z.enum(['roundrobin', 'priority']).optional().describe('How mirrors are chosen.'),
  http_caching: z.enum(['all', 'packages', 'none']).optional().describe('What proxies may cache.'),
  ip_resolve: z
    .enum(['4', '6', 'IPv4', 'IPv6', 'whatever'])
    .optional()
    .describe('Protocol to look names up for.'),
  keepcache: z
    .preprocess((value) => (typeof value === 'number' ? String(value) : value), z.enum(['0', '1']))
    .optional()
    .describe('Keep downloaded packages.'),
  metadata_expire_filter: z
    .enum(['never', 'read-only:past', 'read-only:present', 'read-only:future'])
    .optional()
    .describe('When old metadata will do.'),
  sslcacert: option('File with the certificates of authorities.').meta({ aliases: ['ca_cert'] }),
  sslclientcert: option('File with the client certificate.').meta({ aliases: ['client_cert'] }),
  sslclientkey: option('File with the key of the client certificate.').meta({
    aliases: ['client_key'],
  }),
  sslverify: flag('Check the certificate of the server.').meta({ aliases: ['validate_certs'] }),
} satisfies z.ZodRawShape;

const lines = (description: string) => list(text()).optional().describe(description);

/** Written with one item a line. */
const LINES = ['baseurl', 'gpgkey'] as const;
/** Written with spaces between their items. */
const WORDS = ['exclude', 'includepkgs'] as const;

export const yumRepositoryParams = z
  .strictObject({
    name: text().describe('Id of the repository, in brackets at the head of its section.'),
    description: option('What it is called; needed unless it is absent.'),
    file: option('Name of the file without `.repo`; the id when not given.'),
    reposdir: path().default('/etc/yum.repos.d').describe('Directory of the file.'),
    state: z.enum(['present', 'absent']).default('present').describe('Whether it is configured.'),
    baseurl: lines('URLs of the repository.'),
    gpgkey: lines('URLs of the keys that sign its packages.'),
    exclude: lines('Packages to leave alone.').meta({ aliases: ['excludepkgs'] }),
    includepkgs: lines('The only packages to take from it.'),
    ...options,
    ...fileAttributes,
  })
  .refine(({ state, description }) => state === 'absent' || description !== undefined, {
    error: '"description" is needed',
  })
  .refine(
    ({ state, baseurl, metalink, mirrorlist }) =>
      state === 'absent' || [baseurl, metalink, mirrorlist].some((each) => each !== undefined),
    { error: 'one of "baseurl", "metalink" and "mirrorlist" is needed' },
  );

export type YumRepositoryParams = z.output<typeof yumRepositoryParams>;

export function repositoryPath({ reposdir, file, name }: YumRepositoryParams): string {
  return `${reposdir.replace(/\/+$/, '')}/${file ?? name}.repo`;
}

/** The keys and values of the section. */
export function sectionValues(given: YumRepositoryParams): ReadonlyMap<string, string> {
  const entries: [string, string | undefined][] = [
    ['name', given.description],
    ...LINES.map((key): [string, string | undefined] => [key, given[key]?.join('\n')]),
    ...WORDS.map((key): [string, string | undefined] => [key, given[key]?.join(' ')]),
    ...Object.entries(options).map(([key]): [string, string | undefined] => [
      key,
      optionValue(given, key),
    ]),
  ];
  return new Map(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

function optionValue(given: YumRepositoryParams, key: string): string | undefined {
  const value: unknown = Object.entries(given).find(([name]) => name === key)?.[1];
  if (value === undefined) return undefined;
  return typeof value === 'boolean' ? String(Number(value)) : String(value);
}

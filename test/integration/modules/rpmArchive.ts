/**
 * Repositories of the RPM family with packages made for the tests, from which `dnf` and `zypper` install for real. Each name
 * has the tags that one scenario or another is about.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

export const LONG_NAME = 'long-name-of-a-package-that-the-table-of-dnf-has-to-wrap-somewhere';

interface TestPackage {
  readonly name: string;
  readonly version: string;
  /** Lines of the spec file. */
  readonly tags?: readonly string[];
  readonly files?: readonly string[];
}

/** Two lists, since a spec file has each name once. */
const OLDER: readonly TestPackage[] = [
  { name: 'one', version: '1.0' },
  { name: 'two', version: '1.0', tags: ['Requires: one'] },
  { name: 'three', version: '1.0', tags: ['Recommends: extra'] },
  { name: 'extra', version: '1.0' },
  { name: 'fight', version: '1.0', tags: ['Conflicts: one'] },
  { name: 'broken', version: '1.0', tags: ['Requires: nowhere'] },
  { name: 'stuck', version: '1.0' },
  { name: 'era', version: '1.0', tags: ['Epoch: 1'] },
  { name: 'web', version: '1.0', tags: ['Provides: webserver = 3'], files: ['/usr/bin/web'] },
  { name: 'former', version: '1.0' },
  { name: 'node', version: '18.0' },
  { name: LONG_NAME, version: '1.0' },
];
const NEWER: readonly TestPackage[] = [
  { name: 'one', version: '2.0' },
  { name: 'extra', version: '1.1' },
  { name: 'stuck', version: '2.0', tags: ['Requires: nowhere'] },
  { name: 'era', version: '0.5', tags: ['Epoch: 2'] },
  { name: 'latter', version: '1.0', tags: ['Obsoletes: former', 'Provides: former'] },
  { name: 'node', version: '20.0' },
];
const OTHERS: readonly TestPackage[] = [{ name: 'signed', version: '1.0' }];

const COMPS = `<?xml version="1.0"?><comps>
<group><id>tools</id><name>Good Tools</name><default>true</default><uservisible>true</uservisible><packagelist>
<packagereq type="mandatory">one</packagereq><packagereq type="default">extra</packagereq><packagereq type="optional">web</packagereq>
</packagelist></group>
<environment><id>station</id><name>Work Station</name><grouplist><groupid>tools</groupid></grouplist></environment>
</comps>`;

const UPDATES = `<?xml version="1.0"?><updates>
${advisory('A-1', 'security', 'one', '2.0')}
${advisory('A-2', 'bugfix', 'extra', '1.1')}
</updates>`;

const DEFAULT_STREAM = `---
document: modulemd-defaults
version: 1
data: { module: node, stream: "18", profiles: { "18": [default] } }
...
`;
const MODULES = ['18', '20'].map(moduleStream).join('');

export interface RpmArchive {
  /** Holds the repositories `own` (everything but what is signed), `older` and `signed`, and the key `key.asc`. */
  readonly folder: string;
}

/** Call at the top of a file; the archive is there from the first test on. */
export function useRpmArchive(): RpmArchive {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'drover-rpms-'));
  beforeAll(() => buildArchive(folder));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { folder };
}

function buildArchive(folder: string): void {
  build(folder, 'older', OLDER);
  build(folder, 'own', OLDER);
  build(folder, 'own', NEWER);
  build(folder, 'signed', OTHERS);
  sign(folder);
  for (const name of ['older', 'own', 'signed']) index(join(folder, name));
}

function build(folder: string, repository: string, packages: readonly TestPackage[]): void {
  const spec = join(folder, 'packages.spec');
  writeFileSync(spec, specOf(packages));
  const defines = [
    `_rpmdir ${join(folder, repository)}`,
    `_topdir ${join(folder, 'build')}`,
    // The same bytes each time, whichever folder they are built in.
    'source_date_epoch_from_changelog 0',
  ];
  const options = defines.flatMap((define) => ['--define', define]);
  run('rpmbuild', '-bb', '--quiet', ...options, spec);
}

function specOf(packages: readonly TestPackage[]): string {
  const [first] = packages;
  const common = 'Release: 1\nSummary: test\nLicense: MIT\n';
  const parts = packages.map(({ name, version, tags = [], files = [] }) => {
    const head = name === first?.name ? `Name: ${name}` : `%package -n ${name}`;
    const own = name === first?.name ? 'BuildArch: noarch\n' : '';
    const all = [`/usr/share/${name}`, ...files];
    const made = [
      `mkdir -p %{buildroot}/usr/share/${name} %{buildroot}/usr/bin`,
      ...files.map((path) => `echo ${name} >%{buildroot}${path}`),
    ].join('\n');
    return {
      head: `${head}\nVersion: ${version}\n${common}${own}${tags.join('\n')}\n`,
      description: `%description -n ${name}\ntest\n`,
      made,
      files: `%files -n ${name}\n${all.join('\n')}\n`,
    };
  });
  const of = (key: keyof (typeof parts)[number]) => parts.map((part) => part[key]).join('\n');
  return `${of('head')}\n${of('description')}\n%install\n${of('made')}\n${of('files')}`;
}

/** A key of its own, and the package signed by it. */
function sign(folder: string): void {
  const home = join(folder, 'gpg');
  mkdirSync(home, { mode: 0o700 });
  const gpg = (...args: string[]) => run('gpg', '--homedir', home, '--batch', '--quiet', ...args);
  gpg('--passphrase', '', '--quick-gen-key', 'Test <test@example.com>', 'rsa2048', 'sign', 'never');
  writeFileSync(join(folder, 'key.asc'), gpg('--armor', '--export'));
  const defines = [`_gpg_path ${home}`, '__gpg /usr/bin/gpg', '_gpg_name test@example.com'];
  const options = defines.flatMap((define) => ['--define', define]);
  run('rpmsign', '--addsign', ...options, join(folder, 'signed/noarch/signed-1.0-1.noarch.rpm'));
  run('gpgconf', '--homedir', home, '--kill', 'all');
}

function index(repository: string): void {
  writeFileSync(join(repository, 'comps.xml'), COMPS);
  writeFileSync(join(repository, 'updateinfo.xml'), UPDATES);
  writeFileSync(join(repository, 'modules.yaml'), MODULES);
  run('createrepo_c', '-q', '-g', 'comps.xml', repository);
  for (const name of ['updateinfo.xml', 'modules.yaml']) {
    run('modifyrepo_c', join(repository, name), join(repository, 'repodata'));
  }
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { stdio: 'pipe' }).toString();
}

function advisory(id: string, type: string, name: string, version: string): string {
  return `<update from="test" status="stable" type="${type}" version="1"><id>${id}</id><title>${id}</title><issued date="2024-01-01 00:00:00"/>
<pkglist><collection short="own"><package name="${name}" version="${version}" release="1" epoch="0" arch="noarch"><filename>${name}-${version}-1.noarch.rpm</filename></package></collection></pkglist></update>`;
}

function moduleStream(stream: string): string {
  return `---
document: modulemd
version: 2
data:
  name: node
  stream: "${stream}"
  version: 1
  context: test
  arch: noarch
  summary: test
  description: test
  license: { module: [MIT] }
  profiles: { default: { rpms: [node] }, devel: { rpms: [node, extra] } }
  artifacts: { rpms: ["node-0:${stream}.0-1.noarch"] }
...
${stream === '18' ? DEFAULT_STREAM : ''}`;
}

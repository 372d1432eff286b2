/** A root of the RPM family in a folder, and a repository of packages made for the test: what `dnf` needs to work for real. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RpmRoot {
  readonly folder: string;
  readonly root: string;
  readonly repository: string;
  /** Arguments that make a task work on this root alone. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Path of a package file, e.g. `one-1.0`. */
  file(nameVersion: string): string;
  installed(): string[];
  close(): void;
}

export interface TestPackage {
  readonly name: string;
  readonly version: string;
  readonly requires?: string;
}

export function rpmRoot(packages: readonly TestPackage[]): RpmRoot {
  const folder = mkdtempSync(join(tmpdir(), 'drover-rpm-'));
  const [root, repository] = [join(folder, 'root'), join(folder, 'repository')];
  for (const path of [root, repository, join(folder, 'repos.d')]) mkdirSync(path);
  for (const each of packages) buildPackage(folder, repository, each);
  execFileSync('createrepo_c', ['-q', repository]);
  writeFileSync(join(folder, 'dnf.conf'), configuration(folder));
  writeFileSync(
    join(folder, 'repos.d/own.repo'),
    `[own]\nname=own\nbaseurl=file://${repository}\n[off]\nname=off\nenabled=0\nbaseurl=file:///nowhere\n`,
  );
  return {
    folder,
    root,
    repository,
    args: { conf_file: join(folder, 'dnf.conf'), installroot: root, releasever: '9' },
    file: (nameVersion) => join(repository, 'noarch', `${nameVersion}-1.noarch.rpm`),
    installed: () => installedIn(root),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function configuration(folder: string): string {
  const settings = {
    gpgcheck: '0',
    plugins: '0',
    best: '1',
    reposdir: join(folder, 'repos.d'),
    cachedir: join(folder, 'cache'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  return `[main]\n${lines.join('')}`;
}

function buildPackage(
  folder: string,
  repository: string,
  { name, version, requires }: TestPackage,
) {
  const spec = join(folder, `${name}.spec`);
  const needs = requires === undefined ? '' : `Requires: ${requires}\n`;
  writeFileSync(
    spec,
    `Name: ${name}\nVersion: ${version}\nRelease: 1\nSummary: test\nLicense: MIT\nBuildArch: noarch\n${needs}` +
      `%description\ntest\n%install\nmkdir -p %{buildroot}/usr/share/${name}\n%files\n/usr/share/${name}\n`,
  );
  const defines = [`_rpmdir ${repository}`, `_topdir ${join(folder, 'build')}`];
  const options = defines.flatMap((define) => ['--define', define]);
  execFileSync('rpmbuild', ['-bb', '--quiet', ...options, spec], { stdio: 'pipe' });
}

function installedIn(root: string): string[] {
  const output = execFileSync('rpm', ['--root', root, '-qa', '--qf', '%{NAME}-%{VERSION}\n']);
  return output.toString().split('\n').filter(Boolean).sort();
}

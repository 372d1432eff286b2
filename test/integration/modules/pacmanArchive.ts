/** A repository of Arch Linux with packages made for the tests, as it was first and as it is now. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

interface TestPackage {
  readonly name: string;
  readonly version: string;
  /** Lines of `.PKGINFO`. */
  readonly info?: readonly string[];
  /** Beside `/usr/share/NAME/file`. */
  readonly file?: string;
}

const PACKAGES: readonly TestPackage[] = [
  { name: 'one', version: '1.0-1' },
  { name: 'two', version: '1.0-1', info: ['depend = one'] },
  { name: 'three', version: '1.0-1', info: ['group = tools'] },
  { name: 'four', version: '1.0-1', info: ['group = tools'] },
  { name: 'web', version: '1.0-1', info: ['provides = webserver=3'] },
  { name: 'conf', version: '1.0-1', info: ['backup = etc/conf.cfg'], file: 'etc/conf.cfg' },
  { name: 'other', version: '1.0-1', file: 'usr/share/one/file' },
  { name: 'former', version: '1.0-1' },
  { name: 'ground', version: '1.0-1' },
  { name: 'base', version: '1.0-1', info: ['depend = ground'] },
];
const NEWS: readonly TestPackage[] = [
  { name: 'one', version: '2.0-1' },
  { name: 'three', version: '2.0-1', info: ['group = tools'] },
  { name: 'latter', version: '1:1.0-1', info: ['replaces = former', 'conflict = former'] },
];

export interface PacmanArchive {
  /**
   * Holds the repositories `first` and `now`, `packages/NAME-VERSION-any.pkg.tar.gz`, and a `root` with a package that was asked
   * for and one that it needs: without either, Ansible's module fails.
   */
  readonly folder: string;
}

/** Call at the top of a file; the archive is there from the first test on. */
export function usePacmanArchive(): PacmanArchive {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'drover-pacman-'));
  beforeAll(() => {
    publish(folder, 'first', PACKAGES);
    makeOlder(join(folder, 'first', 'own.db.tar.gz'));
    const isOld = ({ name }: TestPackage) => !NEWS.some((each) => each.name === name);
    publish(folder, 'now', [...PACKAGES.filter(isOld), ...NEWS]);
    installBase(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return { folder };
}

function publish(folder: string, repository: string, packages: readonly TestPackage[]): void {
  mkdirSync(join(folder, repository));
  const files = packages.map((each) => buildPackage(folder, each));
  for (const file of files) execFileSync('ln', [file, join(folder, repository)]);
  const database = join(folder, repository, 'own.db.tar.gz');
  execFileSync('repo-add', ['-q', database, ...files], { stdio: 'pipe' });
}

/** By an hour: pacman fetches what is newer, in seconds. */
function makeOlder(file: string): void {
  const then = new Date(Date.now() - 3_600_000);
  utimesSync(file, then, then);
}

function installBase(folder: string): void {
  const root = join(folder, 'root');
  mkdirSync(join(root, 'var/lib/pacman'), { recursive: true });
  const config = join(folder, 'conf');
  writeFileSync(
    config,
    `[options]\nArchitecture = auto\nSigLevel = Never\nLocalFileSigLevel = Never\n`,
  );
  const pacman = (...args: string[]) =>
    execFileSync('pacman', ['--config', config, '--root', root, '--noconfirm', ...args], {
      stdio: 'pipe',
    });
  const file = (name: string) => join(folder, 'packages', `${name}-1.0-1-any.pkg.tar.gz`);
  pacman('--upgrade', '--asdeps', file('ground'));
  pacman('--upgrade', file('base'));
}

function buildPackage(folder: string, { name, version, info = [], file }: TestPackage): string {
  const root = join(folder, 'build', `${name}-${version}`);
  const paths = [`usr/share/${name}/file`, ...(file === undefined ? [] : [file])];
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${name} ${version}\n`);
  }
  const lines = [`pkgname = ${name}`, `pkgver = ${version}`, 'pkgdesc = test', 'arch = any'];
  writeFileSync(join(root, '.PKGINFO'), `${[...lines, 'size = 1', ...info].join('\n')}\n`);
  const built = join(folder, 'packages', `${name}-${version}-any.pkg.tar.gz`);
  mkdirSync(dirname(built), { recursive: true });
  const contents = ['.PKGINFO', ...new Set(paths.map((path) => path.split('/')[0] ?? path))];
  execFileSync('bsdtar', ['-czf', built, '-C', root, ...contents]);
  return built;
}

/** The modules for packages and where they come from. */
import { type ListedModule, listed } from '../listed.ts';

export const packagesModules: readonly ListedModule[] = [
  listed('community.general.apk', async () => (await import('./apk/apk.ts')).apk),
  listed('ansible.builtin.apt', async () => (await import('./apt/apt.ts')).apt),
  listed('ansible.builtin.apt_key', async () => (await import('./apt/aptKey.ts')).aptKey),
  listed(
    'ansible.builtin.apt_repository',
    async () => (await import('./apt/aptRepository.ts')).aptRepository,
  ),
  listed(
    'ansible.builtin.deb822_repository',
    async () => (await import('./apt/deb822Repository.ts')).deb822Repository,
  ),
  listed('ansible.builtin.debconf', async () => (await import('./apt/debconf.ts')).debconf),
  listed('ansible.builtin.dnf', async () => (await import('./dnf/dnf.ts')).dnf, ['dnf5']),
  listed(
    'ansible.builtin.dpkg_selections',
    async () => (await import('./apt/dpkgSelections.ts')).dpkgSelections,
  ),
  listed('community.general.npm', async () => (await import('./npm/npm.ts')).npm),
  listed('ansible.builtin.package', async () => (await import('./package.ts')).packageModule),
  listed(
    'ansible.builtin.package_facts',
    async () => (await import('./packageFacts.ts')).packageFacts,
  ),
  listed('community.general.pacman', async () => (await import('./pacman/pacman.ts')).pacman),
  listed('ansible.builtin.pip', async () => (await import('./pip/pip.ts')).pip),
  listed('ansible.builtin.rpm_key', async () => (await import('./dnf/rpmKey.ts')).rpmKey),
  listed('ansible.builtin.yum', async () => (await import('./dnf/yum.ts')).yum),
  listed(
    'ansible.builtin.yum_repository',
    async () => (await import('./dnf/yumRepository.ts')).yumRepository,
  ),
  listed('community.general.zypper', async () => (await import('./zypper/zypper.ts')).zypper),
];

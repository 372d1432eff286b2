/** The modules for files and their text. */
import { type ListedModule, listed } from '../listed.ts';

export const filesModules: readonly ListedModule[] = [
  listed('ansible.posix.acl', async () => (await import('./acl/acl.ts')).acl, [
    'ansible.builtin.acl',
  ]),
  listed('community.general.archive', async () => (await import('./archive/archive.ts')).archive),
  listed('ansible.builtin.assemble', async () => (await import('./assemble.ts')).assemble),
  listed(
    'ansible.builtin.blockinfile',
    async () => (await import('./text/blockinfile.ts')).blockinfile,
  ),
  listed('ansible.builtin.copy', async () => (await import('./copy/copy.ts')).copy),
  listed('ansible.builtin.fetch', async () => (await import('./fetch.ts')).fetch),
  listed('ansible.builtin.file', async () => (await import('./file/file.ts')).file),
  listed('ansible.builtin.find', async () => (await import('./find/find.ts')).find),
  listed('ansible.builtin.git', async () => (await import('./git/git.ts')).git),
  listed(
    'community.general.htpasswd',
    async () => (await import('./htpasswd/htpasswd.ts')).htpasswd,
    ['ansible.builtin.htpasswd'],
  ),
  listed('community.general.ini_file', async () => (await import('./text/iniFile.ts')).iniFile, [
    'ansible.builtin.ini_file',
  ]),
  listed(
    'ansible.builtin.lineinfile',
    async () => (await import('./text/lineinfile.ts')).lineinfile,
  ),
  listed('ansible.builtin.replace', async () => (await import('./text/replace.ts')).replace),
  listed('ansible.builtin.slurp', async () => (await import('./slurp.ts')).slurp),
  listed('ansible.builtin.stat', async () => (await import('./stat/stat.ts')).stat),
  listed(
    'ansible.posix.synchronize',
    async () => (await import('./synchronize/synchronize.ts')).synchronize,
    ['ansible.builtin.synchronize'],
  ),
  listed('ansible.builtin.tempfile', async () => (await import('./tempfile.ts')).tempfile),
  listed('ansible.builtin.template', async () => (await import('./template.ts')).template),
  listed(
    'ansible.builtin.unarchive',
    async () => (await import('./unarchive/unarchive.ts')).unarchive,
  ),
  listed('community.general.xml', async () => (await import('./xml/xml.ts')).xml),
];

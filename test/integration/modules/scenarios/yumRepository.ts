/** `yum_repository`: files of sections, which need no yum. */
import { yumRepository } from '../../../../src/modules/packages/dnf/yumRepository.ts';
import type { LocalScenario, LocalSuite } from '../localScenarios.ts';

const EPEL = { name: 'epel', description: 'EPEL', baseurl: 'https://a.example/$releasever/' };
const START = `printf '[epel]\\nbaseurl = https://a.example/$releasever/\\nname = EPEL\\n\\n' >epel.repo`;

/** Each option of a section once. */
const EVERYTHING = {
  ...{ name: 'epel', description: 'EPEL', owner: 'daemon', group: 'daemon', mode: '0640' },
  ...{ metalink: 'https://a.example/link', mirrorlist: 'https://a.example/list' },
  ...{ gpgkey: ['https://a.example/key', 'file:///etc/key'], gpgcakey: 'https://a.example/ca' },
  ...{ gpgcheck: true, repo_gpgcheck: false, enabled: true, enablegroups: false, cost: '5' },
  ...{ async: true, bandwidth: '1M', throttle: '50%', retries: '3', timeout: '20' },
  ...{ keepalive: true, deltarpm_metadata_percentage: '40', deltarpm_percentage: '60' },
  ...{ priority: '7', protect: false, s3_enabled: false, skip_if_unavailable: true },
  ...{ include: '/etc/more.conf', ui_repoid_vars: 'releasever' },
  ...{ metadata_expire: '6h', metadata_expire_filter: 'read-only:past', mirrorlist_expire: '1h' },
  ...{ username: 'ops', password: 'x', proxy: 'http://p.example:3128', proxy_username: 'p' },
  ...{ proxy_password: 'y', failovermethod: 'priority', http_caching: 'packages', ip_resolve: '4' },
  ...{ keepcache: '1', module_hotfixes: true, ssl_check_cert_permissions: false },
  ...{ sslcacert: '/ca', sslclientcert: '/crt', sslclientkey: '/key', sslverify: false },
};

function section(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  setup = START,
): LocalScenario {
  const asked = { reposdir: '@/', ...args };
  return { title, setup, args: asked, changed, sameKeys: ['repo', 'state'] };
}

export const yumRepositorySuite: LocalSuite = {
  module: yumRepository,
  scenarios: [
    section('makes a file', { ...EPEL, mode: '0600' }, true, ':'),
    section('leaves a section', EPEL, false),
    section('changes a section', { ...EPEL, enabled: false, gpgcheck: true, cost: 5 }, true),
    section('takes lists', { ...EPEL, exclude: ['x', 'y'], includepkgs: ['z'] }, true),
    section('knows every option', EVERYTHING, true),
    {
      ...section('counts systems', { ...EPEL, countme: true }, true),
      unlikeAnsible: 'it knows the parameter since ansible-core 2.18',
      look: 'grep countme epel.repo',
      shows: 'countme = 1',
    },
    section('adds to a file', { ...EPEL, name: 'two', file: 'epel' }, true),
    section('removes a section', { name: 'epel', state: 'absent' }, true),
    section('removes nothing', { name: 'none', state: 'absent' }, false),
  ],
};

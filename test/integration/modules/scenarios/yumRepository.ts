/** `yum_repository`: files of sections, which need no yum. */
import { yumRepository } from '../../../../src/modules/packages/yumRepository.ts';
import type { LocalScenario, LocalSuite } from '../localScenarios.ts';

const EPEL = { name: 'epel', description: 'EPEL', baseurl: 'https://a.example/$releasever/' };
const START = `printf '[epel]\\nbaseurl = https://a.example/$releasever/\\nname = EPEL\\n\\n' >epel.repo`;

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
    section('adds to a file', { ...EPEL, name: 'two', file: 'epel' }, true),
    section('removes a section', { name: 'epel', state: 'absent' }, true),
    section('removes nothing', { name: 'none', state: 'absent' }, false),
  ],
};

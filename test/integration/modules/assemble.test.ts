/** `assemble` on real files, beside Ansible's. */
import { assemble } from '../../../src/modules/files/assemble.ts';
import { type LocalScenario, testLocalScenarios } from './localScenarios.ts';

const START = `mkdir d d/sub; printf 'two\\n' >d/20-b; printf one >d/10-a; printf 'three' >d/30.conf; printf 'hidden\\n' >d/.h`;

function scenario(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { src: '@/d', dest: '@/f', ...args };
  const sameKeys = ['dest', 'src', 'checksum', 'md5sum', 'mode', 'size', 'state', 'owner'];
  return { title, setup: START, args: asked, changed, sameKeys, ...more };
}

testLocalScenarios({
  module: assemble,
  scenarios: [
    scenario('joins fragments', {}, true, { look: 'cat f', shows: 'hidden\none\ntwo\nthree' }),
    scenario('leaves the same content', {}, false, {
      setup: `${START}; printf 'hidden\\none\\ntwo\\nthree' >f`,
    }),
    scenario('sets the mode of the same content', { mode: '0600' }, true, {
      setup: `${START}; printf 'hidden\\none\\ntwo\\nthree' >f`,
    }),
    scenario('leaves out hidden files', { ignore_hidden: true, mode: '0640' }, true),
    scenario('takes names that match', { regexp: '^\\d+-' }, true),
    scenario('puts a delimiter between', { delimiter: '# ---' }, true),
    scenario('knows escapes in a delimiter', { delimiter: '\\n---\\n' }, true),
    scenario('keeps a backup', { backup: true }, true, {
      setup: `${START}; echo old >f; chmod 640 f`,
      snapshot: 'cat f* | sort; stat -c %a f; ls | wc -l',
      look: 'cat f.*~',
      shows: 'old',
    }),
    scenario('replaces a link', {}, true, { setup: `${START}; echo old >g; ln -s g f` }),
    scenario('takes fragments of the controller', { remote_src: false }, true, {
      sameKeys: ['dest', 'checksum'],
    }),
    scenario('gives the file away', { owner: 'daemon', group: 'daemon', decrypt: false }, true),
    scenario('validates', { validate: 'grep -q three %s' }, true),
    scenario('assembles nothing', { regexp: 'none' }, true),
  ],
});

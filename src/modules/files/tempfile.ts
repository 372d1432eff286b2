import * as z from 'zod';
import { defineAction } from '../module.ts';
import { path, text } from '../params.ts';
import { script } from '../script.ts';
import { failed } from './attributes.ts';

export const tempfile = defineAction({
  name: 'tempfile',
  summary: 'Make a temporary file or directory',
  description: 'Only its owner can read it. Nobody removes it but you. Skipped in check mode.',
  params: z.strictObject({
    state: z.enum(['file', 'directory']).default('file').describe('What to make.'),
    path: path().optional().describe("Directory to make it in. Default: the host's own."),
    prefix: text().default('ansible.').describe('How the name begins.'),
    suffix: text().default('').describe('How the name ends.'),
  }),
  examples: ['- tempfile:\n    state: directory\n    suffix: build\n  register: work\n'],
  returns: { path: 'The file or directory.', state: 'What it is.' },
  checkMode: 'skip',

  async run({ target }, { state, path: directory = '', prefix, suffix }) {
    const args = [state, directory, prefix, suffix];
    const { rc, stdout, stderr } = await target.sh(SCRIPT, { kind: 'probe', args });
    if (rc !== 0) throw failed('cannot make a temporary file', rc, stderr);
    const [uid, gid, mode = '', size, owner, group, ...name] = stdout
      .toString('utf8')
      .trimEnd()
      .split(' ');
    return {
      changed: true,
      data: {
        path: name.join(' '),
        state,
        uid: Number(uid),
        gid: Number(gid),
        owner,
        group,
        mode: mode.padStart(4, '0'),
        size: Number(size),
      },
    };
  },
});

/** mktemp(1) of busybox knows no suffix, so the name is our own; making it fails when it is taken. */
const SCRIPT = script`
directory=\${2:-\${TMPDIR:-/tmp}}
umask 077
tries=0
while [ "$tries" -lt 100 ]; do
  random=$(od -An -N6 -tx1 /dev/urandom | tr -d ' \n')
  path=\${directory%/}/$3$random$4
  if [ "$1" = directory ]; then mkdir -- "$path" 2>/dev/null && break
  else (set -C; : >"$path") 2>/dev/null && break; fi
  [ -d "$directory" ] && [ -w "$directory" ] || { echo "$directory: no such directory, or not writable" >&2; exit 1; }
  tries=$((tries + 1))
done
[ "$tries" -lt 100 ] || exit 1
stat -c '%u %g %a %s %U %G %n' -- "$path"`;

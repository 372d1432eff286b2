import { type FactFamily, firstLine } from './family.ts';

/** Of the program that reads it: proc_pid_status(5). */
const STATUS = '/proc/self/status';

/** Who the facts were gathered as. */
export const user: FactFamily = {
  name: 'user',
  aliases: [
    'user_id',
    'user_uid',
    'user_gid',
    'user_gecos',
    'user_dir',
    'user_shell',
    'real_user_id',
    'effective_user_id',
    'effective_group_ids',
  ],
  isMinimal: true,
  files: [STATUS],
  // The first entry is root's, who needs no other program to be found.
  script: `
at entry
while read -r key uid rest; do [ "$key" = Uid: ] && break; done <${STATUS}
[ "$uid" ] || uid=$(id -u)
IFS=: read -r name password first rest </etc/passwd
if [ "$first" = "$uid" ]; then echo "$name:$password:$first:$rest"
else getent passwd "$uid" 2>/dev/null || grep "^[^:]*:[^:]*:$uid:" /etc/passwd; fi`,
  parse(section) {
    const [uid, effectiveUid] = idsOf('Uid', section(STATUS));
    const [gid, effectiveGid] = idsOf('Gid', section(STATUS));
    const [name, , , , gecos = '', home = '', shell = ''] = firstLine(section('entry')).split(':');
    return {
      user_id: name,
      user_uid: uid,
      user_gid: gid,
      user_gecos: gecos,
      user_dir: home,
      user_shell: shell,
      real_user_id: uid,
      effective_user_id: effectiveUid,
      real_group_id: gid,
      effective_group_id: effectiveGid,
    };
  },
};

/** Real and effective. */
function idsOf(kind: 'Uid' | 'Gid', status: string): number[] {
  const [, real, effective] = status.match(new RegExp(`^${kind}:\\s+(\\d+)\\s+(\\d+)`, 'm')) ?? [];
  return [real, effective].filter((id) => id !== undefined).map(Number);
}

import { type FactFamily, firstLine, lines } from './family.ts';

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
  script: `
at ids; id -u; id -g; id -ru; id -rg
at entry
name=$(id -un)
getent passwd "$name" 2>/dev/null || grep "^$name:" /etc/passwd`,
  parse(section) {
    const [uid, gid, realUid, realGid] = lines(section('ids')).map(Number);
    const [name, , , , gecos = '', home = '', shell = ''] = firstLine(section('entry')).split(':');
    return {
      user_id: name,
      user_uid: uid,
      user_gid: gid,
      user_gecos: gecos,
      user_dir: home,
      user_shell: shell,
      real_user_id: realUid,
      effective_user_id: uid,
      real_group_id: realGid,
      effective_group_id: gid,
    };
  },
};

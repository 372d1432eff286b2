import { type FactFamily, firstLine } from './family.ts';

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
  script: String.raw`
at id; id=$(id); echo "$id"
at entry; name=\${id#*\(}; name=\${name%%\)*}
getent passwd "$name" 2>/dev/null || grep "^$name:" /etc/passwd`.replaceAll('\\$', '$'),
  parse(section) {
    const id = (kind: string): number | undefined => {
      const found = section('id').match(new RegExp(`(?:^| )${kind}=(\\d+)`))?.[1];
      return found === undefined ? undefined : Number(found);
    };
    const [uid, gid] = [id('uid'), id('gid')];
    const [name, , , , gecos = '', home = '', shell = ''] = firstLine(section('entry')).split(':');
    return {
      user_id: name,
      user_uid: uid,
      user_gid: gid,
      user_gecos: gecos,
      user_dir: home,
      user_shell: shell,
      real_user_id: uid,
      effective_user_id: id('euid') ?? uid,
      real_group_id: gid,
      effective_group_id: id('egid') ?? gid,
    };
  },
};

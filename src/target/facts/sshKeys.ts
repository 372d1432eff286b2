import { type FactFamily, lines } from './family.ts';

/** Public host keys of the host's sshd. */
export const sshKeys: FactFamily = {
  name: 'ssh_pub_keys',
  aliases: [
    'ssh_host_pub_keys',
    'ssh_host_key_dsa_public',
    'ssh_host_key_rsa_public',
    'ssh_host_key_ecdsa_public',
    'ssh_host_key_ed25519_public',
  ],
  isMinimal: true,
  script: `
at keys
for directory in /etc/ssh /etc/openssh /etc; do
  for name in dsa rsa ecdsa ed25519; do
    file=$directory/ssh_host_\${name}_key.pub
    [ -r "$file" ] && read -r type key comment <"$file" && echo "$name $type $key"
  done
done`.replaceAll('\\$', '$'),
  parse(section) {
    const facts: Record<string, string> = {};
    for (const line of lines(section('keys'))) {
      const [name, type = '', key = ''] = line.split(' ');
      facts[`ssh_host_key_${name}_public`] ??= key;
      facts[`ssh_host_key_${name}_public_keytype`] ??= type;
    }
    return facts;
  },
};

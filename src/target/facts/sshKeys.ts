import { type FactFamily, firstLine } from './family.ts';

/** The first folder that has a key wins. */
const KEYS = ['/etc/ssh', '/etc/openssh', '/etc'].flatMap((folder) =>
  ['dsa', 'rsa', 'ecdsa', 'ed25519'].map((name) => ({
    name,
    file: `${folder}/ssh_host_${name}_key.pub`,
  })),
);

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
  files: KEYS.map(({ file }) => file),
  parse(section) {
    const facts: Record<string, string> = {};
    for (const { name, file } of KEYS) {
      const [type = '', key] = firstLine(section(file)).split(' ');
      if (key === undefined) continue;
      facts[`ssh_host_key_${name}_public`] ??= key;
      facts[`ssh_host_key_${name}_public_keytype`] ??= type;
    }
    return facts;
  },
};

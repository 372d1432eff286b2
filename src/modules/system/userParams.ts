/** The parameters of `user`. */
import * as z from 'zod';
import { boolean, float, integer, list, path, text } from '../params.ts';

export const userParams = z.strictObject({
  name: text()
    .describe('Login name.')
    .meta({ aliases: ['user'] }),
  state: z
    .enum(['present', 'absent'])
    .default('present')
    .describe('Whether the account shall exist.'),
  uid: integer().optional().describe('Its number; without it the host picks one.'),
  uid_min: integer().optional().describe('Smallest number that the host may pick.'),
  uid_max: integer().optional().describe('Largest number that the host may pick.'),
  non_unique: boolean().default(false).describe('Allow a uid that another account has.'),
  comment: text().optional().describe('Full name and such (GECOS).'),
  group: text().optional().describe('Primary group, by name or number.'),
  groups: list(text()).optional().describe('Further groups; an empty text removes it from all.'),
  append: boolean().default(false).describe('Only add to `groups`, never remove from others.'),
  home: path().optional().describe('Home directory.'),
  create_home: boolean()
    .default(true)
    .describe('Make the home directory of a new account.')
    .meta({ aliases: ['createhome'] }),
  move_home: boolean().default(false).describe('Move the files when `home` changes.'),
  skeleton: path().optional().describe('Directory whose files a new home starts with.'),
  umask: text().optional().describe('Umask for making the home directory.'),
  shell: path().optional().describe('Login shell.'),
  system: boolean().default(false).describe('Make a new account a system account.'),
  password: text()
    .optional()
    .describe('Password hash as crypt(5) has it, `!` for none; see the filter password_hash.')
    .meta({ secret: true }),
  update_password: z
    .enum(['always', 'on_create'])
    .default('always')
    .describe('Whether the password of an account that exists is set.'),
  password_lock: boolean().optional().describe('Lock the password, or unlock it.'),
  password_expire_max: integer().optional().describe('Days after which a password must change.'),
  password_expire_min: integer().optional().describe('Days before a password may change.'),
  password_expire_warn: integer().optional().describe('Days of warning before a password expires.'),
  password_expire_account_disable: integer()
    .optional()
    .describe('Days after expiry of the password until the account is disabled.'),
  expires: float()
    .optional()
    .describe('When the account expires, in seconds since 1970; negative for never.'),
  seuser: text().optional().describe('SELinux user of a new account.'),
  remove: boolean().default(false).describe('Delete home and mail with the account.'),
  force: boolean().default(false).describe('Delete the account even when it is in use.'),
  local: boolean()
    .default(false)
    .describe('Look only at the files in /etc, not at directory services such as LDAP.'),
  generate_ssh_key: boolean()
    .default(false)
    .describe('Make an SSH key pair where there is none; `force` makes a new one.'),
  ssh_key_bits: integer().optional().describe('Size of the key; without it what ssh-keygen takes.'),
  ssh_key_type: text().default('rsa').describe('Kind of key: rsa, ed25519, ecdsa.'),
  ssh_key_file: path()
    .optional()
    .describe('File of the key; relative to the home. Default: .ssh/id_TYPE.'),
  ssh_key_comment: text()
    .optional()
    .describe('Comment in the public key. Default: ansible-generated on HOSTNAME.'),
  authorization: text().optional().describe('Authorizations on Solaris; no effect elsewhere.'),
  hidden: boolean().optional().describe('Hidden at the login of macOS; no effect elsewhere.'),
  login_class: text().optional().describe('Login class of the BSDs; no effect elsewhere.'),
  profile: text().optional().describe('Profile on Solaris; no effect elsewhere.'),
  role: text().optional().describe('Role on Solaris; no effect elsewhere.'),
  ssh_key_passphrase: text().optional().describe('Passphrase of the key.').meta({ secret: true }),
});

export type UserParams = z.output<typeof userParams>;

/** The wanted further groups, without doubles; undefined when nothing is said about them. */
export function wantedGroups({ groups }: UserParams): string[] | undefined {
  if (groups === undefined) return undefined;
  return [...new Set(groups.map((each) => each.trim()).filter((each) => each !== ''))].sort();
}

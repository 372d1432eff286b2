/** What a plan cannot know before the work is done, in all scenarios of all suites. docs/modules.md has the same list. */
export interface PlanException {
  readonly modules: readonly string[];
  readonly keys: readonly string[];
  readonly reason: string;
}

export const PLAN_EXCEPTIONS: readonly PlanException[] = [
  {
    modules: ['apt', 'package'],
    keys: ['stdout', 'stderr'],
    reason: 'apt-get prints other lines when it works than when it simulates',
  },
  {
    modules: ['dnf', 'yum', 'pacman', 'zypper', 'npm', 'pip'],
    keys: ['stdout', 'stderr'],
    reason: 'the output of the tool that does the work',
  },
  {
    modules: ['capabilities', 'sysvinit'],
    keys: ['stdout', 'status'],
    reason: 'the output and exit code of the tool that does the work',
  },
  {
    modules: ['ufw'],
    keys: ['msg'],
    reason: 'the status that ufw prints afterwards',
  },
  {
    modules: ['group'],
    keys: ['gid'],
    reason: 'an id that the host assigns',
  },
  {
    modules: ['user'],
    keys: ['group', 'uid', 'ssh_fingerprint', 'ssh_key_file', 'ssh_public_key'],
    reason: 'ids that the host assigns, and a key that is made only then',
  },
  {
    modules: ['openssh_keypair', 'openssl_privatekey', 'openssl_dhparam'],
    keys: ['fingerprint', 'public_key', 'privatekey', 'dhparams'],
    reason: 'they are made of chance',
  },
  {
    modules: ['x509_certificate'],
    keys: ['serial_number', 'certificate'],
    reason: 'the serial number is random',
  },
  {
    modules: ['archive'],
    keys: ['size'],
    reason: 'how small the archive becomes',
  },
  {
    modules: ['unarchive'],
    keys: ['extract_results'],
    reason: 'the output of the program that unpacks',
  },
];

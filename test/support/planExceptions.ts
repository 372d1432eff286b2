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
    modules: ['user'],
    keys: ['group', 'uid', 'ssh_fingerprint', 'ssh_key_file', 'ssh_public_key'],
    reason: 'ids that the host assigns, and a key that is made only then',
  },
  {
    modules: ['fetch'],
    keys: ['md5sum'],
    reason: 'a hash of what only then travels',
  },
  {
    modules: ['get_url'],
    keys: ['owner', 'group', 'uid', 'gid', 'mode'],
    reason: 'whose a new file is, and its mode, by the host that makes it',
  },
  {
    modules: ['acl'],
    keys: ['acl'],
    reason: 'the list as getfacl prints it afterwards',
  },
  {
    modules: ['unarchive'],
    keys: ['extract_results'],
    reason: 'the output of the program that unpacks',
  },
];

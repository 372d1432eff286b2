/** Parameters that no scenario on a real host sets, and why. docs/modules.md has the same list. */
export interface UntriedParameters {
  /** Empty for every module. */
  readonly modules: readonly string[];
  readonly parameters: readonly string[];
  readonly reason: string;
}

export const UNTRIED_PARAMETERS: readonly UntriedParameters[] = [
  {
    modules: [],
    parameters: ['seuser', 'serole', 'setype', 'selevel'],
    reason: 'the kernel of the test hosts has no SELinux',
  },
  {
    modules: [],
    parameters: ['attributes', 'unsafe_writes'],
    reason: 'one code for every module that writes files: tried with `file` and `copy`',
  },
  {
    modules: ['acl'],
    parameters: ['use_nfsv4_acls'],
    reason: 'it takes a file system of NFSv4',
  },
  {
    modules: ['unarchive'],
    parameters: ['validate_certs'],
    reason: 'the download is that of `get_url`, where it is tried',
  },
  {
    modules: ['replace'],
    parameters: ['encoding'],
    reason: 'it takes no other value than its default',
  },
  {
    modules: ['synchronize'],
    parameters: [
      ...['dest_port', 'private_key', 'set_remote_user', 'ssh_connection_multiplexing'],
      ...['use_ssh_args', 'verify_host'],
    ],
    reason: 'without effect: rsync travels on the connection of the task',
  },
  {
    modules: ['template'],
    parameters: [
      ...['block_start_string', 'block_end_string', 'variable_start_string', 'variable_end_string'],
      ...['comment_start_string', 'comment_end_string', 'trim_blocks', 'lstrip_blocks'],
      'newline_sequence',
    ],
    reason: 'compared with Jinja2 in `test/unit/template/`',
  },
  {
    modules: ['get_url', 'uri'],
    parameters: ['use_gssapi'],
    reason: 'it takes a Kerberos realm',
  },
  {
    modules: ['modprobe'],
    parameters: ['state'],
    reason: 'the kernel below the test hosts loads no modules',
  },
  {
    modules: ['selinux'],
    parameters: ['update_kernel_param'],
    reason: 'it takes `grubby`, which Debian does not have',
  },
  {
    modules: ['alternatives'],
    parameters: ['family'],
    reason: 'only the `alternatives` of Red Hat has families',
  },
  {
    modules: ['user'],
    parameters: ['authorization', 'hidden', 'login_class', 'profile', 'role'],
    reason: 'accounts of other systems than Linux have them',
  },
];

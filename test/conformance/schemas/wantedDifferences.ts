/** Where drover says something else than the installed Ansible on purpose, each with its reason. */
export interface WantedDifferences {
  readonly reason: string;
  /** As `schemaDifferences` writes them. */
  readonly differences: readonly string[];
}

export const WANTED_DIFFERENCES: readonly WantedDifferences[] = [
  {
    reason: 'the default of later versions of the collection, which means the same',
    differences: ['openssl_privatekey: cipher: has the default none, here "auto"'],
  },
  {
    reason:
      "later versions of the collection write the address with three slashes, as the Engine's own tools do",
    differences: [
      'docker_container: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_container_exec: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_container_info: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_host_info: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_image: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_image_info: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_login: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_network: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_network_info: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_prune: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_volume: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
      'docker_volume_info: docker_host: has the default "unix://var/run/docker.sock", here "unix:///var/run/docker.sock"',
    ],
  },
  {
    reason: 'later versions of the collection have another default, or further values',
    differences: [
      'docker_container: image_name_mismatch: has the default "ignore", here "recreate"',
      'docker_container: pull: has the default "false", here "missing"',
      'docker_container: pull: is a boolean, here text',
    ],
  },
  {
    reason:
      'documented under a name that the module never returned; later versions document what it returns',
    differences: [
      'docker_login: return key login_results: is unknown',
      'timezone: return key diff: is unknown',
      'authorized_key: return key key_option: is unknown',
      'authorized_key: return key unique: is unknown',
      'sysvinit: return key results: is unknown',
    ],
  },
  {
    reason: 'documented, and not among what the module returns',
    differences: [
      'user: return key password_expire_max: is unknown',
      'user: return key password_expire_min: is unknown',
    ],
  },
  {
    reason: 'the output of useradd and its kin is the message of the error when they fail',
    differences: ['user: return key stderr: is unknown', 'user: return key stdout: is unknown'],
  },
  {
    reason: 'later versions say that there is none: the file then keeps what dnf takes by itself',
    differences: [
      'yum_repository: bandwidth: has the default "0", here none',
      'yum_repository: cost: has the default "1000", here none',
      'yum_repository: deltarpm_metadata_percentage: has the default "100", here none',
      'yum_repository: deltarpm_percentage: has the default "75", here none',
      'yum_repository: failovermethod: has the default "roundrobin", here none',
      'yum_repository: http_caching: has the default "all", here none',
      'yum_repository: ip_resolve: has the default "whatever", here none',
      'yum_repository: keepcache: has the default "1", here none',
      'yum_repository: metadata_expire: has the default "21600", here none',
      'yum_repository: metadata_expire_filter: has the default "read-only:present", here none',
      'yum_repository: mirrorlist_expire: has the default "21600", here none',
      'yum_repository: priority: has the default "99", here none',
      'yum_repository: retries: has the default "10", here none',
      'yum_repository: sslverify: has the default true, here false',
      'yum_repository: timeout: has the default "30", here none',
      'yum_repository: ui_repoid_vars: has the default "releasever basearch", here none',
    ],
  },
  {
    reason:
      'no parameter of its own: other parameters of file that the documentation points to; gone in later versions',
    differences: ['lineinfile: others: is unknown', 'replace: others: is unknown'],
  },
  {
    reason: 'an expression, or one of these words',
    differences: [
      'blockinfile: insertafter: has the choices EOF, *regex*',
      'blockinfile: insertbefore: has the choices BOF, *regex*',
      'lineinfile: insertafter: has the choices EOF, *regex*',
      'lineinfile: insertbefore: has the choices BOF, *regex*',
    ],
  },
  {
    reason:
      'the end of the file is what is meant when neither insertafter nor insertbefore is given',
    differences: [
      'blockinfile: insertafter: has the default "EOF", here none',
      'lineinfile: insertafter: has the default "EOF", here none',
    ],
  },
  {
    reason: 'needed only where the repository is cloned',
    differences: ['git: dest: is required'],
  },
  {
    reason: 'the warnings of a task are those of every task',
    differences: ['git: return key warnings: is unknown'],
  },
  {
    reason: 'spelt in another way: the marks that the syntax has anyway, and a line break',
    differences: [
      'template: comment_end_string: has the default none, here "#}"',
      'template: comment_start_string: has the default none, here "{#"',
      'template: newline_sequence: has the choices \\n, \\r, \\r\\n',
      'template: newline_sequence: has the default "\\\\n", here "\\n"',
    ],
  },
  {
    reason: 'deprecated: what it says is told by remote_src, so that only a given value counts',
    differences: ['unarchive: copy: has the default true, here false'],
  },
  {
    reason:
      'what is unpacked has no size of its own that a task could use: files are listed with list_files',
    differences: ['unarchive: return key size: is unknown'],
  },
  {
    reason: 'systems that drover does not manage',
    differences: [
      'hostname: use: has the choices freebsd, macos, macosx, darwin, openbsd, solaris',
    ],
  },
  {
    reason:
      'the file goes to its place at once: there is no other one to tell of; times are those of the task',
    differences: ['get_url: return key elapsed: is unknown', 'get_url: return key src: is unknown'],
  },
  {
    reason: 'the SELinux context is not among what is told of files',
    differences: ['get_url: return key secontext: is unknown'],
  },
  {
    reason: 'also a task without a name is one: upgrades, lists, autoremove',
    differences: ['dnf: name: is required'],
  },
  {
    reason: 'left out it means present, as the managers behind it have it',
    differences: [
      'package: state: has the default none, here "present"',
      'package: state: is required',
    ],
  },
  {
    reason: 'it is /etc/fstab wherever drover works',
    differences: ['mount: fstab: has the default none, here "/etc/fstab"'],
  },
  {
    reason: 'found out on the host, and told in the description',
    differences: [
      'reboot: reboot_command: has the default "[determined based on target OS]", here none',
      'user: ssh_key_comment: has the default "ansible-generated on $HOSTNAME", here none',
    ],
  },
  {
    reason: 'later versions of the collection choose by family too',
    differences: ['alternatives: path: is required'],
  },
  {
    reason: 'systemd takes daemon_reload without a unit, and so does service',
    differences: ['service: name: is required'],
  },
  {
    reason: 'there is nothing to run without it',
    differences: ['script: cmd: is not required', 'shell: cmd: is not required'],
  },
  {
    reason: 'the shell that is taken when none is named',
    differences: ['shell: executable: has the default none, here "/bin/sh"'],
  },
  {
    reason: 'it excludes var, so that it counts only when it is given; the text is the same',
    differences: ['debug: msg: has the default "Hello world!", here none'],
  },
  {
    reason:
      'certificate authorities on the network are not asked; docs/modules.md says so. Later versions have no entrust_ parameters either',
    differences: [
      'x509_certificate: acme_accountkey_path: is unknown',
      'x509_certificate: acme_chain: is unknown',
      'x509_certificate: acme_challenge_path: is unknown',
      'x509_certificate: acme_directory: is unknown',
      'x509_certificate: entrust_api_client_cert_key_path: is unknown',
      'x509_certificate: entrust_api_client_cert_path: is unknown',
      'x509_certificate: entrust_api_key: is unknown',
      'x509_certificate: entrust_api_specification_path: is unknown',
      'x509_certificate: entrust_api_user: is unknown',
      'x509_certificate: entrust_cert_type: is unknown',
      'x509_certificate: entrust_not_after: is unknown',
      'x509_certificate: entrust_requester_email: is unknown',
      'x509_certificate: entrust_requester_name: is unknown',
      'x509_certificate: entrust_requester_phone: is unknown',
    ],
  },
];

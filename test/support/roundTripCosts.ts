/**
 * What a module may cost in round trips: one to observe, one to apply, and what is more has its reason here. The driver of the
 * module tests (`test/unit/modules/driver.ts`) counts each run of a resource against it, whatever suite asks for the run.
 */

export interface Cost {
  /** When nothing has to change, and in check mode. */
  readonly converged: number;
  readonly changed: number;
}

export interface Exception extends Partial<Cost> {
  readonly reason: string;
}

const USUAL: Cost = { converged: 1, changed: 2 };

const ENGINE =
  'asks the Docker Engine by its API: a stream is opened, and each call is an exchange on it';
const RANCHER =
  "asks the Rancher server by its API, call by call, and waits for what it does; the host's own part is small";
const FETCHED =
  'a file of a server comes over a stream from the host: opening it, what TLS agrees on, the exchange, then what the content decides';
const EACH = 'each change is a command of its own, that may need what the one before did';
const RETURNED = 'what it is asked to return is read from the host, where a secret key is made';

const AGAIN = 'asks again until it has come true';
/** As often as a machine may make a test wait that is busy with other work. */
const ASKED_AGAIN = 30;

/** Numbers are those of the dearest scenario that the tests have, so that more is noticed. */
export const EXCEPTIONS: Readonly<Record<string, Exception>> = {
  alternatives: { changed: 3, reason: EACH },
  apt_repository: { changed: 3, reason: 'the file is in place before the lists are read anew' },
  apt_key: { converged: 4, changed: 6, reason: FETCHED },
  archive: { changed: 3, reason: 'sources are removed only once the archive is whole' },
  authorized_key: {
    converged: 4,
    changed: 6,
    reason: `${FETCHED}; ~/.ssh is made and given to its owner before the file is written`,
  },
  cron: { changed: 3, reason: 'a file of cron.d is kept before it is written anew' },
  copy: {
    converged: 1,
    reason:
      'a large file of ours is read for its checksum in the meantime: no question to the host',
  },
  deb822_repository: {
    converged: 3,
    changed: 5,
    reason: `${FETCHED}; the key is in place before the source`,
  },
  docker_container: { converged: 4, changed: 18 + ASKED_AGAIN, reason: `${ENGINE}; ${AGAIN}` },
  docker_image: {
    converged: 9,
    changed: 15,
    reason: `${ENGINE}; a build asks for logins and streams the folder, a push asks the registry`,
  },
  docker_image_pull: { converged: 4, changed: 9, reason: ENGINE },
  docker_login: { converged: 3, changed: 6, reason: `${ENGINE}; a credential helper is a program` },
  docker_network: { converged: 4, changed: 11, reason: ENGINE },
  docker_volume: { converged: 4, changed: 9, reason: ENGINE },
  find: {
    converged: 2,
    reason: 'contents and hashes are asked for only of files that all else holds for',
  },
  firewalld: { changed: 3, reason: EACH },
  get_url: { converged: 6, changed: 8, reason: `${FETCHED}; certificates are read before` },
  git: {
    changed: 8,
    reason:
      'clone, fetch, signature, checkout and submodules depend on each other; git itself talks to a server',
  },
  iptables: { changed: 3, reason: EACH },
  locale_gen: { changed: 3, reason: 'the list of locales is written before they are generated' },
  modprobe: { changed: 3, reason: EACH },
  mount: { changed: 3, reason: 'fstab is written whole before mount reads it' },
  openssh_keypair: { changed: 3, reason: EACH },
  openssl_dhparam: { converged: 2, changed: 3, reason: RETURNED },
  openssl_privatekey: { converged: 2, changed: 3, reason: RETURNED },
  package: {
    converged: 2,
    changed: 3,
    reason: 'without facts the first answer names the package manager, unless that is apt',
  },
  rancher_host: {
    converged: Number.POSITIVE_INFINITY,
    changed: Number.POSITIVE_INFINITY,
    reason: 'asks again and again until the agent has registered',
  },
  rancher_registration_token: {
    converged: 4,
    changed: 12 + ASKED_AGAIN,
    reason: `${RANCHER}; ${AGAIN}`,
  },
  rancher_setting: { converged: 2, changed: 6 + ASKED_AGAIN, reason: `${RANCHER}; ${AGAIN}` },
  rpm_key: { converged: 3, changed: 5, reason: FETCHED },
  sysctl: { changed: 3, reason: 'the file is written before the kernel is told' },
  ufw: {
    converged: 2,
    changed: 4,
    reason: 'what a rule would do, ufw says itself, once its place is known',
  },
  user: { changed: 3, reason: RETURNED },
};

export function costOf(module: string): Cost {
  const { converged = USUAL.converged, changed = USUAL.changed } = EXCEPTIONS[module] ?? {};
  return { converged, changed };
}

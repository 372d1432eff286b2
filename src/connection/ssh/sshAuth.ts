/**
 * Which proofs of identity are offered to a server, in order: the keys that were named, the agent's, the default key
 * files, then a password. Each attempt is written down, so that a refusal can say what was tried.
 */
import { readFile } from 'node:fs/promises';
import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import ssh2 from 'ssh2';
import { fingerprint } from './knownHosts.ts';
import { readPrivateKey } from './privateKey.ts';
import { isAbsent } from './sshConfigFile.ts';
import type { SshOptions } from './sshOptions.ts';

/** One proof, and how messages name it. */
export interface AuthAttempt {
  /** Absent for an attempt that only asks which proofs the server takes. */
  readonly label: string | undefined;
  readonly method: AnyAuthMethod;
}

export interface AuthPlan {
  readonly attempts: readonly AuthAttempt[];
  /** Keys that could not be used, each with the reason. */
  readonly unusable: readonly string[];
}

export async function planAuthentication(options: SshOptions): Promise<AuthPlan> {
  const { user: username } = options;
  const named = await readKeys(options.identityFiles, options, true);
  const wanted = new Set(named.keys.map(({ key }) => publicText(key)));
  const agentKeys = await agentAttempts(options, wanted, named.publicOnly);
  const defaults =
    options.identityFiles.length > 0 || options.identitiesOnly
      ? { keys: [], unusable: [], publicOnly: [] }
      : await readKeys(options.defaultIdentityFiles, options, false);
  const keyAttempts = (keys: readonly KeyFile[]): AuthAttempt[] =>
    keys.map(({ file, key }) => ({
      label: `key ${file}`,
      method: { type: 'publickey', username, key },
    }));
  const attempts = [
    ...keyAttempts(named.keys),
    ...agentKeys.attempts,
    ...keyAttempts(defaults.keys),
    ...passwordAttempts(options),
  ];
  return {
    attempts: attempts.length > 0 ? attempts : [{ label: undefined, method: nothing(username) }],
    unusable: [...named.unusable, ...agentKeys.unusable, ...defaults.unusable],
  };
}

/** Without any proof the server still says which it takes. */
function nothing(username: string): AnyAuthMethod {
  return { type: 'none', username };
}

interface KeyFile {
  readonly file: string;
  readonly key: ParsedKey;
}

interface KeyFiles {
  readonly keys: readonly KeyFile[];
  readonly unusable: readonly string[];
  /** Public halves of keys whose private half we cannot read: the agent may have it. */
  readonly publicOnly: readonly string[];
}

async function readKeys(
  files: readonly string[],
  options: SshOptions,
  mustExist: boolean,
): Promise<KeyFiles> {
  const keys: KeyFile[] = [];
  const unusable: string[] = [];
  const publicOnly: string[] = [];
  for (const file of files) {
    const key = readKey(file, options);
    if (typeof key === 'object') keys.push({ file, key });
    else if (key !== 'absent' || mustExist) {
      unusable.push(`key ${file} (${key})`);
      publicOnly.push(...(await publicHalf(file)));
    }
  }
  return { keys, unusable, publicOnly };
}

/** The key, or why there is none. */
function readKey(file: string, { passphrase }: SshOptions): ParsedKey | string {
  try {
    const parsed = readPrivateKey(file, passphrase?.reveal());
    if (!(parsed instanceof Error)) return parsed.isPrivateKey() ? parsed : 'no private key';
    return parsed.message;
  } catch (error) {
    if (isAbsent(error)) return 'absent';
    return error instanceof Error ? error.message : String(error);
  }
}

async function publicHalf(file: string): Promise<string[]> {
  const key = await readFile(`${file}.pub`).catch(() => undefined);
  const parsed = key && ssh2.utils.parseKey(key);
  return parsed && !(parsed instanceof Error) ? [publicText(parsed)] : [];
}

/** Keys of the agent that were named come first; under `IdentitiesOnly` there are no others. */
async function agentAttempts(
  { agentSocket, identitiesOnly, user: username }: SshOptions,
  alreadyTried: ReadonlySet<string>,
  preferred: readonly string[],
): Promise<{ attempts: AuthAttempt[]; unusable: string[] }> {
  if (agentSocket === undefined) return { attempts: [], unusable: [] };
  try {
    const keys = await agentKeys(agentSocket);
    const isPreferred = (key: ParsedKey): boolean => preferred.includes(publicText(key));
    const offered = keys
      .filter((key) => !alreadyTried.has(publicText(key)) && (!identitiesOnly || isPreferred(key)))
      .sort((a, b) => Number(isPreferred(b)) - Number(isPreferred(a)));
    return {
      attempts: offered.map((key) => ({
        label: `agent key ${key.comment || fingerprint(key.getPublicSSH())}`,
        method: { type: 'agent', username, agent: new OneKeyAgent(agentSocket, key) },
      })),
      unusable: [],
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { attempts: [], unusable: [`agent ${agentSocket} (${reason})`] };
  }
}

function agentKeys(socket: string): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    new ssh2.OpenSSHAgent(socket).getIdentities((error, keys) => {
      if (error) reject(error);
      else resolve((keys ?? []).flatMap((key) => ('getPublicSSH' in key ? [key] : [])));
    });
  });
}

/** One key of an agent as an agent of its own: servers count attempts, and messages name keys. */
class OneKeyAgent extends ssh2.OpenSSHAgent {
  readonly #key: ParsedKey;

  constructor(socket: string, key: ParsedKey) {
    super(socket);
    this.#key = key;
  }

  override getIdentities(callback: (error: Error | undefined, keys?: ParsedKey[]) => void): void {
    callback(undefined, [this.#key]);
  }
}

function passwordAttempts({ password, user: username }: SshOptions): AuthAttempt[] {
  if (!password) return [];
  return [
    { label: 'password', method: { type: 'password', username, password: password.reveal() } },
    {
      label: 'keyboard-interactive',
      method: {
        type: 'keyboard-interactive',
        username,
        prompt: (_name, _instructions, _language, prompts, finish) =>
          finish(prompts.map(() => password.reveal())),
      },
    },
  ];
}

function publicText(key: ParsedKey): string {
  return key.getPublicSSH().toString('base64');
}

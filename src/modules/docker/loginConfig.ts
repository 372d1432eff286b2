/** The file in which the Docker client keeps logins (`~/.docker/config.json`), and credential helpers that it names. */
import { ModuleError } from '../../core/errors.ts';
import type { Target } from '../../target/target.ts';
import { EXPAND_PATH } from '../files/fileState.ts';
import { hostJson } from '../hostJson.ts';
import { script } from '../script.ts';

/** What is kept of a login; with an identity token nobody knows the password. */
export interface Login {
  readonly username: string;
  readonly password: string;
  readonly identityToken?: string | undefined;
}

type Json = Readonly<Record<string, unknown>>;

export interface ConfigFile {
  /** With `~` expanded. */
  readonly path: string;
  readonly exists: boolean;
  readonly content: Json;
}

const READ = script`
${EXPAND_PATH}
printf '%s\0' "$path"
[ ! -f "$path" ] || cat -- "$path"`;

export async function readConfig(target: Target, path: string): Promise<ConfigFile> {
  const { rc, stdout, stderr } = await target.sh(READ, { args: [path] });
  if (rc !== 0) throw new ModuleError(`cannot read ${path}: ${stderr.toString().trim()}`);
  const [expanded = '', text = ''] = stdout.toString().split('\0');
  return { path: expanded, exists: text !== '', content: parsed(text, expanded) };
}

function parsed(text: string, path: string): Json {
  if (text.trim() === '') return {};
  try {
    const content: unknown = JSON.parse(text);
    if (isObject(content)) return content;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ModuleError(`${path} is no JSON object`, { hint: 'repair or remove the file' });
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function member(content: Json, name: string): Json {
  const value = content[name];
  return isObject(value) ? value : {};
}

/** The credential helper that keeps the logins of a registry, without its `docker-credential-`. */
export function helperFor({ content }: ConfigFile, registry: string): string | undefined {
  const own = member(content, 'credHelpers')[registry] ?? content['credsStore'];
  return typeof own === 'string' && own !== '' ? own : undefined;
}

/** The login in the file itself. */
export function storedLogin({ content }: ConfigFile, registry: string): Login | undefined {
  const { auth, identitytoken } = member(member(content, 'auths'), registry);
  if (typeof auth !== 'string' || auth === '') return undefined;
  const [username = '', ...password] = Buffer.from(auth, 'base64').toString().split(':');
  return {
    username,
    password: password.join(':').replace(/\0+$/, ''),
    identityToken: typeof identitytoken === 'string' ? identitytoken : undefined,
  };
}

/** The file's content with the login, or without it. */
export function withLogin(content: Json, registry: string, login: Login | undefined): Json {
  const { [registry]: _old, ...others } = member(content, 'auths');
  if (login === undefined) return { ...content, auths: others };
  const { username, password, identityToken } = login;
  const auth = Buffer.from(`${username}:${identityToken === undefined ? password : ''}`);
  const entry = {
    auth: auth.toString('base64'),
    ...(identityToken === undefined ? {} : { identitytoken: identityToken }),
  };
  return { ...content, auths: { ...others, [registry]: entry } };
}

export async function writeConfig(target: Target, path: string, content: Json): Promise<void> {
  const options = { mode: '0600', createParents: { mode: '0700' } };
  await target.writeFile(path, `${JSON.stringify(content, null, 4)}\n`, options);
}

const ASK_HELPER = 'exec "docker-credential-$1" "$2"';

/** @throws ModuleError when the helper is missing, or fails for another reason than an unknown login */
async function askHelper(target: Target, helper: string, verb: string, stdin: string) {
  const { rc, stdout, stderr } = await target.sh(ASK_HELPER, { args: [helper, verb], stdin });
  const said = stdout.toString() + stderr.toString();
  if (rc === 0) return stdout.toString();
  if (/credentials not found/i.test(said)) return undefined;
  throw new ModuleError(`docker-credential-${helper} ${verb} failed: ${stderr.toString().trim()}`, {
    hint: 'the configuration of the Docker client names this credential helper',
  });
}

export async function loginOfHelper(
  target: Target,
  helper: string,
  registry: string,
): Promise<Login | undefined> {
  const answer = await askHelper(target, helper, 'get', registry);
  if (answer === undefined) return undefined;
  const { Username, Secret } = hostJson(answer, `docker-credential-${helper}`) as Readonly<
    Record<string, unknown>
  >;
  return { username: String(Username ?? ''), password: String(Secret ?? '') };
}

export async function storeInHelper(
  target: Target,
  helper: string,
  registry: string,
  { username, password, identityToken }: Login,
): Promise<void> {
  const Username = identityToken === undefined ? username : '<token>';
  const login = { ServerURL: registry, Username, Secret: identityToken ?? password };
  await askHelper(target, helper, 'store', JSON.stringify(login));
}

export async function eraseFromHelper(
  target: Target,
  helper: string,
  registry: string,
): Promise<void> {
  await askHelper(target, helper, 'erase', registry);
}

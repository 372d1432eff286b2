/** Who we are to a registry, as `docker login` on the host stored it: in config.json or in a credential helper. */
import type { Target } from '../../target/target.ts';
import { hostJson } from '../hostJson.ts';
import { script } from '../script.ts';
import type { RegistryAuth } from './client.ts';

const HUB = 'https://index.docker.io/v1/';

interface DockerConfig {
  readonly auths?: Readonly<
    Record<string, { readonly auth?: string; readonly identitytoken?: string }>
  >;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
  readonly proxies?: Readonly<Record<string, ProxySettings>>;
}

interface ProxySettings {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly ftpProxy?: string;
  readonly noProxy?: string;
}

const READ = script`cat "\${DOCKER_CONFIG:-$HOME/.docker}/config.json" 2>/dev/null || :`;
const ASK_HELPER = 'exec "docker-credential-$1" get';

/** Undefined when the host's user never logged in there. */
export async function registryAuth(
  target: Pick<Target, 'sh'>,
  registry: string,
): Promise<RegistryAuth | undefined> {
  const config = await readConfig(target);
  const addresses = addressesOf(registry);
  const helper =
    addresses.map((address) => config.credHelpers?.[address]).find(Boolean) ?? config.credsStore;
  const fromHelper = helper === undefined ? undefined : await askHelper(target, helper, addresses);
  return fromHelper ?? storedAuth(config, addresses);
}

/** Every login that the host's user has, by registry: for a build, whose images may come from any of them. */
export async function clientLogins(
  target: Pick<Target, 'sh'>,
): Promise<Readonly<Record<string, RegistryAuth>>> {
  const { auths = {}, credHelpers = {} } = await readConfig(target);
  const registries = [...new Set([...Object.keys(auths), ...Object.keys(credHelpers)])];
  const logins = await Promise.all(
    registries.map(async (registry) => [registry, await registryAuth(target, registry)] as const),
  );
  return Object.fromEntries(logins.flatMap(([name, auth]) => (auth ? [[name, auth]] : [])));
}

/** The proxies of the client's settings, as the variables that a build is given, in both spellings. */
export async function clientProxies(
  target: Pick<Target, 'sh'>,
): Promise<Readonly<Record<string, string>>> {
  const { httpProxy, httpsProxy, ftpProxy, noProxy } =
    (await readConfig(target)).proxies?.['default'] ?? {};
  const variables = {
    HTTP_PROXY: httpProxy,
    HTTPS_PROXY: httpsProxy,
    FTP_PROXY: ftpProxy,
    NO_PROXY: noProxy,
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [
            [name, value],
            [name.toLowerCase(), value],
          ],
    ),
  );
}

async function readConfig(target: Pick<Target, 'sh'>): Promise<DockerConfig> {
  const { stdout } = await target.sh(READ);
  return parseConfig(stdout.toString());
}

function parseConfig(text: string): DockerConfig {
  try {
    return text.trim() === '' ? {} : (JSON.parse(text) as DockerConfig);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** The spellings under which a registry's login is kept. */
function addressesOf(registry: string): readonly string[] {
  return registry === 'docker.io'
    ? [HUB, 'index.docker.io', 'docker.io']
    : [registry, `https://${registry}`, `http://${registry}`, `https://${registry}/v1/`];
}

export function storedAuth(
  config: DockerConfig,
  addresses: readonly string[],
): RegistryAuth | undefined {
  for (const serveraddress of addresses) {
    const entry = config.auths?.[serveraddress];
    if (entry?.identitytoken) return { identitytoken: entry.identitytoken, serveraddress };
    if (!entry?.auth) continue;
    const [username = '', ...password] = Buffer.from(entry.auth, 'base64')
      .toString('utf8')
      .split(':');
    return { username, password: password.join(':'), serveraddress };
  }
  return undefined;
}

async function askHelper(
  target: Pick<Target, 'sh'>,
  helper: string,
  addresses: readonly string[],
): Promise<RegistryAuth | undefined> {
  for (const address of addresses) {
    const { rc, stdout } = await target.sh(ASK_HELPER, { args: [helper], stdin: address });
    if (rc !== 0) continue;
    const { Username, Secret } = hostJson(stdout.toString(), `docker-credential-${helper}`) as {
      Username: string;
      Secret: string;
    };
    return Username === '<token>'
      ? { identitytoken: Secret, serveraddress: address }
      : { username: Username, password: Secret, serveraddress: address };
  }
  return undefined;
}

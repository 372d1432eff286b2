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
}

const READ = script`cat "\${DOCKER_CONFIG:-$HOME/.docker}/config.json" 2>/dev/null || :`;
const ASK_HELPER = 'exec "docker-credential-$1" get';

/** Undefined when the host's user never logged in there. */
export async function registryAuth(
  target: Pick<Target, 'sh'>,
  registry: string,
): Promise<RegistryAuth | undefined> {
  const { stdout } = await target.sh(READ);
  const config = parseConfig(stdout.toString());
  const addresses = addressesOf(registry);
  const helper =
    addresses.map((address) => config.credHelpers?.[address]).find(Boolean) ?? config.credsStore;
  const fromHelper = helper === undefined ? undefined : await askHelper(target, helper, addresses);
  return fromHelper ?? storedAuth(config, addresses);
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

/** `docker_login`: who the Docker client of the host is to a registry. */
import * as z from 'zod';
import type { Change, ResultData } from '../../core/results.ts';
import type { Target } from '../../target/target.ts';
import { defineResource } from '../module.ts';
import { boolean, path, text } from '../params.ts';
import { withEngine } from './client.ts';
import { engineParams } from './engineParams.ts';
import {
  type ConfigFile,
  eraseFromHelper,
  helperFor,
  type Login,
  loginOfHelper,
  readConfig,
  storedLogin,
  storeInHelper,
  withLogin,
  writeConfig,
} from './loginConfig.ts';

const params = z
  .strictObject({
    registry_url: text()
      .default('https://index.docker.io/v1/')
      .describe('The registry.')
      .meta({ aliases: ['registry', 'url'] }),
    username: text().optional().describe('User name.'),
    password: text().optional().describe('Password.').meta({ secret: true }),
    reauthorize: boolean()
      .default(false)
      .describe('Log in again also when this login is stored.')
      .meta({ aliases: ['reauth'] }),
    config_path: path()
      .default('~/.docker/config.json')
      .describe('File of the Docker client that keeps logins.')
      .meta({ aliases: ['dockercfg_path'] }),
    state: z.enum(['present', 'absent']).default('present').describe('Logged in, or not.'),
    ...engineParams,
  })
  .refine(
    ({ state, username, password }) =>
      state === 'absent' || (username !== undefined && password !== undefined),
    { error: 'state is present but username and password are not both given' },
  );
type Params = z.output<typeof params>;

export interface LoginState {
  readonly config: ConfigFile;
  /** The credential helper that keeps it; undefined when the file does. */
  readonly helper: string | undefined;
  readonly stored: Login | undefined;
}

export const dockerLogin = defineResource({
  name: 'docker_login',
  collection: 'community.docker',
  aliases: ['community.general.docker_login', 'ansible.builtin.docker_login'],
  summary: 'Log the Docker client of a host in to a registry, or out',
  description:
    'The Engine of the host tries the password; then it is kept where `docker login` keeps it: in config.json, or in the credential helper that this names.',
  params,
  examples: [
    '- docker_login:\n    registry_url: registry.example.com\n    username: deploy\n    password: "{{ registry_password }}"\n  no_log: true\n',
    '- docker_login: { registry_url: registry.example.com, state: absent }\n',
  ],
  returns: { login_result: 'What the registry said, with user and address.' },

  observe: () => ({}),
  observeWith: (target, input) => observeLogin(target, input),
  plan: (input, state) => planLogin(input, state),
  apply: (changes, target, input, { signal }) => applyLogin(changes, target, input, signal),
  result: ({ state, registry_url: serveraddress, username }): ResultData =>
    state === 'absent' ? {} : { login_result: { serveraddress, username } },
});

async function observeLogin(
  target: Target,
  { config_path: file, registry_url: registry }: Params,
): Promise<LoginState> {
  const config = await readConfig(target, file);
  const helper = helperFor(config, registry);
  const stored =
    helper === undefined
      ? storedLogin(config, registry)
      : await loginOfHelper(target, helper, registry);
  return { config, helper, stored };
}

export function planLogin(
  input: Params,
  { config, helper, stored }: LoginState,
): Change<LoginState>[] {
  const { registry_url: registry, username, state, reauthorize } = input;
  const what = `login at ${registry}`;
  const before = stored?.username ?? 'absent';
  const operation = { config, helper, stored };
  if (state === 'absent') {
    return stored === undefined ? [] : [{ what, before, after: 'absent', operation }];
  }
  if (stored !== undefined && isSame(stored, input) && !reauthorize) return [];
  return [{ what, before, after: username, operation }];
}

function isSame(stored: Login, { username, password }: Params): boolean {
  if (stored.username !== username) return false;
  return stored.identityToken !== undefined || stored.password === password;
}

async function applyLogin(
  changes: readonly Change<LoginState>[],
  target: Target,
  input: Params,
  signal: AbortSignal,
): Promise<ResultData> {
  const [change] = changes;
  if (change === undefined) return {};
  const { config, helper } = change.operation;
  const { registry_url: registry, state } = input;
  if (state === 'absent') {
    await forget(target, registry, config, helper);
    return {};
  }
  const { login, answer } = await authenticate(target, input, signal);
  if (helper !== undefined) await storeInHelper(target, helper, registry, login);
  else await writeConfig(target, config.path, withLogin(config.content, registry, login));
  const { username } = login;
  return { login_result: { ...answer, serveraddress: registry, username } };
}

async function forget(
  target: Target,
  registry: string,
  { path: file, content }: ConfigFile,
  helper: string | undefined,
): Promise<void> {
  if (helper !== undefined) await eraseFromHelper(target, helper, registry);
  else await writeConfig(target, file, withLogin(content, registry, undefined));
}

const Answer = z.looseObject({ Status: z.string().nullish(), IdentityToken: z.string().nullish() });

/** @throws ModuleError when the registry does not take the password */
async function authenticate(target: Target, input: Params, signal: AbortSignal) {
  const { registry_url: serveraddress, username = '', password = '' } = input;
  const body = { username, password, serveraddress };
  const doing = `log in to ${serveraddress} as ${username}`;
  const said = await withEngine(target, input, signal, (engine) =>
    engine.call({ method: 'POST', path: '/auth', body, doing }),
  );
  const { IdentityToken: token, ...answer } = Answer.parse(said === '' ? {} : (said ?? {}));
  const identityToken = token === null || token === '' ? undefined : token;
  return { login: { username, password, identityToken }, answer };
}

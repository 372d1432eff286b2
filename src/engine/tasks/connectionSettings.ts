/** How to reach a host and as whom: connection variables, then keywords, then flags and settings. */
import path from 'node:path';
import type {
  BecomeSettings,
  ConnectionSettings,
  HostKeyChecking,
} from '../../connection/transport.ts';
import {
  type BecomeMethod,
  becomeMethodNamed,
  KNOWN_BECOME_METHODS,
} from '../../core/connectionNames.ts';
import { DroverError } from '../../core/errors.ts';
import { Secret } from '../../core/secret.ts';
import type { Value } from '../../core/values.ts';

/** Flags and settings that hold where no variable or keyword says otherwise. */
export interface ConnectionDefaults {
  readonly transport: string;
  readonly user: string | undefined;
  readonly password: Secret | undefined;
  readonly privateKeyFile: string | undefined;
  readonly hostKeyChecking: HostKeyChecking;
  readonly knownHostsFiles: readonly string[];
  readonly connectTimeoutMs: number;
  readonly retries: number;
  readonly sshArgs: readonly string[];
  readonly become: boolean;
  readonly becomeMethod: string;
  readonly becomeUser: string;
  readonly becomePassword: Secret | undefined;
  /** Home of the user who runs drover, for `~`. */
  readonly home: string;
}

/** Evaluated keywords of the task. */
export interface ConnectionKeywords {
  readonly connection?: string | undefined;
  readonly port?: number | undefined;
  readonly remoteUser?: string | undefined;
  readonly become?: boolean | undefined;
  readonly becomeUser?: string | undefined;
  readonly becomeMethod?: string | undefined;
  readonly becomeFlags?: string | undefined;
  readonly becomeExe?: string | undefined;
}

export type VariableReader = (name: string) => Value | undefined;

/** @param host inventory name; the address when no variable gives one. */
export function connectionSettings(
  host: string,
  read: VariableReader,
  keywords: ConnectionKeywords,
  defaults: ConnectionDefaults,
): ConnectionSettings {
  const text = (...names: readonly string[]) => firstText(read, names);
  const number = (...names: readonly string[]) => numberOf(names, text(...names));
  const keyFile = text('ansible_ssh_private_key_file', 'ansible_private_key_file');
  return {
    host,
    transport: text('ansible_connection') ?? keywords.connection ?? defaults.transport,
    address: text('ansible_ssh_host', 'ansible_host', 'ansible_docker_host_name') ?? host,
    port: number('ansible_ssh_port', 'ansible_port') ?? keywords.port,
    user: text('ansible_ssh_user', 'ansible_user') ?? keywords.remoteUser ?? defaults.user,
    password:
      secretOf(text('ansible_ssh_password', 'ansible_ssh_pass', 'ansible_password')) ??
      defaults.password,
    privateKeyFile: expandHome(keyFile ?? defaults.privateKeyFile, defaults.home),
    privateKeyPassphrase: secretOf(text('ansible_private_key_passphrase')),
    hostKeyChecking:
      checkingOf(text('ansible_ssh_host_key_checking', 'ansible_host_key_checking')) ??
      defaults.hostKeyChecking,
    knownHostsFiles: defaults.knownHostsFiles,
    connectTimeoutMs:
      secondsOf(number('ansible_ssh_timeout', 'ansible_timeout')) ?? defaults.connectTimeoutMs,
    retries: number('ansible_ssh_retries') ?? defaults.retries,
    sshArgs: [
      ...defaults.sshArgs,
      ...words(text('ansible_ssh_args')),
      ...words(text('ansible_ssh_common_args')),
      ...words(text('ansible_ssh_extra_args')),
    ],
    shell: text('ansible_shell_executable') ?? '/bin/sh',
  };
}

/** Undefined when the task runs as the login user. */
export function becomeSettings(
  read: VariableReader,
  keywords: ConnectionKeywords,
  defaults: ConnectionDefaults,
): BecomeSettings | undefined {
  const text = (...names: readonly string[]) => firstText(read, names);
  const wanted =
    booleanOf(text('ansible_become', 'ansible_sudo')) ?? keywords.become ?? defaults.become;
  if (!wanted) return undefined;
  const method = methodOf(
    text('ansible_become_method') ?? keywords.becomeMethod ?? defaults.becomeMethod,
  );
  return {
    method,
    user:
      text('ansible_become_user', 'ansible_sudo_user') ??
      keywords.becomeUser ??
      defaults.becomeUser,
    password:
      secretOf(
        text(
          'ansible_become_password',
          'ansible_become_pass',
          `ansible_${method}_password`,
          `ansible_${method}_pass`,
        ),
      ) ?? defaults.becomePassword,
    executable: text('ansible_become_exe', `ansible_${method}_exe`) ?? keywords.becomeExe,
    flags: flagsOf(text('ansible_become_flags', `ansible_${method}_flags`) ?? keywords.becomeFlags),
  };
}

function methodOf(name: string): BecomeMethod {
  const method = becomeMethodNamed(name);
  if (method !== undefined) return method;
  throw new DroverError(`unknown become method "${name}"`, {
    code: 'DROVER_UNKNOWN_BECOME_METHOD',
    hint: KNOWN_BECOME_METHODS,
  });
}

function firstText(read: VariableReader, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = read(name);
    if (value !== undefined && value !== null && value !== '') return String(value);
  }
  return undefined;
}

/** @throws DroverError naming the variable, by the last of its names, when it holds something else. */
function numberOf(names: readonly string[], text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new DroverError(`${names.at(-1)} is "${text}", which is no number`, {
    code: 'DROVER_INVALID_VARIABLE',
    hint: 'set it in the inventory, in group_vars or in host_vars',
  });
}

function secondsOf(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1000;
}

function secretOf(text: string | undefined): Secret | undefined {
  return text === undefined ? undefined : new Secret(text);
}

export function booleanOf(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : /^(true|yes|on|1|y|t)$/i.test(text);
}

function checkingOf(text: string | undefined): HostKeyChecking | undefined {
  const isChecked = booleanOf(text);
  return isChecked === undefined ? undefined : isChecked ? 'strict' : 'off';
}

function words(text: string | undefined): string[] {
  const matches = text?.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return matches.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

function flagsOf(text: string | undefined): readonly string[] | undefined {
  return text === undefined ? undefined : words(text);
}

function expandHome(file: string | undefined, home: string): string | undefined {
  return file?.startsWith('~/') ? path.join(home, file.slice(2)) : file;
}

import { splitWords } from '../../../commands/shellWords.ts';
import type { ImageInspect } from '../../image.ts';
import { nanoseconds } from '../../units.ts';
import { asDict, asTexts, isObject } from '../compare.ts';
import { configField, type Field, hostField, peerMode, type Wanted } from '../field.ts';
import type { Params } from '../params.ts';

export const processFields: readonly Field[] = [
  configField('command', 'Cmd', 'list', ({ params }) => words(params, params.command)),
  configField('entrypoint', 'Entrypoint', 'list', ({ params }) => words(params, params.entrypoint)),
  configField('env', 'Env', 'dict', environment, {
    expected: (value, image) => ({ ...environmentOf(image?.Config?.Env), ...asDict(value) }),
    actual: ({ Config }) => environmentOf(Config['Env']),
    write: ({ config }, value) => {
      config['Env'] = Object.entries(asDict(value)).map(([name, text]) => `${name}=${text}`);
    },
  }),
  configField('labels', 'Labels', 'dict', undefined, {
    expected: (value, image) => ({ ...image?.Config?.Labels, ...asDict(value) }),
  }),
  configField('user', 'User', 'value'),
  configField('working_dir', 'WorkingDir', 'value'),
  configField('hostname', 'Hostname', 'value'),
  configField('domainname', 'Domainname', 'value'),
  configField('tty', 'Tty', 'value'),
  configField('interactive', 'OpenStdin', 'value'),
  configField('stop_signal', 'StopSignal', 'value'),
  configField('stop_timeout', 'StopTimeout', 'value', undefined, { mode: 'ignore' }),
  configField('healthcheck', 'Healthcheck', 'dict', ({ params }) => healthcheck(params), {
    actual: ({ Config }) => normalHealthcheck(Config['Healthcheck']),
    expected: normalHealthcheck,
  }),
  hostField('init', 'Init', 'value'),
  hostField('groups', 'GroupAdd', 'set'),
  hostField('privileged', 'Privileged', 'value'),
  hostField('capabilities', 'CapAdd', 'set', undefined, { normalise: capabilities }),
  hostField('cap_drop', 'CapDrop', 'set', undefined, { normalise: capabilities }),
  hostField('security_opts', 'SecurityOpt', 'set', undefined, { normalise: securityOptions }),
  hostField('sysctls', 'Sysctls', 'dict'),
  hostField('ulimits', 'Ulimits', 'set', ({ params }) => params.ulimits?.map(ulimit)),
  hostField('runtime', 'Runtime', 'value'),
  hostField('ipc_mode', 'IpcMode', 'value', peerMode('ipc_mode')),
  hostField('pid_mode', 'PidMode', 'value', peerMode('pid_mode')),
  hostField('userns_mode', 'UsernsMode', 'value'),
  hostField('uts', 'UTSMode', 'value'),
  hostField('cgroupns_mode', 'CgroupnsMode', 'value'),
  hostField('cgroup_parent', 'CgroupParent', 'value'),
  hostField('auto_remove', 'AutoRemove', 'value'),
  hostField('log_driver', 'LogConfig', 'value', undefined, {
    actual: ({ HostConfig }) => asDict(HostConfig['LogConfig'])['Type'],
    write: ({ hostConfig }, value) => {
      hostConfig['LogConfig'] = { ...asDict(hostConfig['LogConfig']), Type: value };
    },
  }),
  hostField('log_options', 'LogConfig', 'dict', undefined, {
    actual: ({ HostConfig }) => asDict(HostConfig['LogConfig'])['Config'],
    write: ({ hostConfig }, value) => {
      hostConfig['LogConfig'] = { ...asDict(hostConfig['LogConfig']), Config: value };
    },
  }),
  hostField('restart_policy', 'RestartPolicy', 'value', undefined, {
    isUpdatable: true,
    actual: ({ HostConfig }) => asDict(HostConfig['RestartPolicy'])['Name'],
    normalise: (name) => (name === 'no' ? '' : name),
    write: ({ hostConfig }, value) => {
      hostConfig['RestartPolicy'] = { ...asDict(hostConfig['RestartPolicy']), Name: value };
    },
  }),
  hostField('restart_retries', 'RestartPolicy', 'value', undefined, {
    isUpdatable: true,
    actual: ({ HostConfig }) => asDict(HostConfig['RestartPolicy'])['MaximumRetryCount'],
    write: ({ hostConfig }, value) => {
      const policy = asDict(hostConfig['RestartPolicy']);
      hostConfig['RestartPolicy'] = { Name: '', ...policy, MaximumRetryCount: value };
    },
  }),
];

/** `command_handling: compatibility` splits lists once more, as old releases did. */
function words({ command_handling }: Params, given: string | readonly string[] | undefined) {
  if (given === undefined) return undefined;
  if (typeof given === 'string') return splitWords(given);
  return command_handling === 'correct' ? given : splitWords(given.join(' '));
}

function environment({ params, fileEnvironment }: Wanted): unknown {
  if (params.env === undefined && params.env_file === undefined) return undefined;
  return { ...fileEnvironment, ...params.env };
}

export function environmentOf(lines: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    asTexts(lines).map((line) => {
      const [name = '', ...rest] = line.split('=');
      return [name, rest.join('=')];
    }),
  );
}

const DURATIONS = [
  ['interval', 'Interval'],
  ['timeout', 'Timeout'],
  ['start_period', 'StartPeriod'],
  ['start_interval', 'StartInterval'],
] as const;

function healthcheck({ healthcheck: given }: Params): unknown {
  if (given === undefined) return undefined;
  const test = testOf(given.test);
  const isOff = test === undefined ? !given.test_cli_compatible : test[0] === 'NONE';
  if (isOff) return { Test: ['NONE'] };
  const durations = DURATIONS.flatMap(([option, key]) => {
    const text = given[option];
    return text === undefined ? [] : [[key, nanoseconds(text, `healthcheck.${option}`)] as const];
  });
  return {
    ...(test !== undefined && { Test: test }),
    ...Object.fromEntries(durations),
    ...(given.retries !== undefined && { Retries: given.retries }),
  };
}

function testOf(test: unknown): readonly string[] | undefined {
  if (test === undefined || test === null || test === '') return undefined;
  if (!Array.isArray(test)) return ['CMD-SHELL', String(test)];
  if (test.length === 0) return undefined;
  const [first] = test;
  return ['NONE', 'CMD', 'CMD-SHELL'].includes(String(first))
    ? asTexts(test)
    : ['CMD', ...asTexts(test)];
}

/** A check that is switched off has no other settings. */
function normalHealthcheck(value: unknown): unknown {
  const check = asDict(value);
  return asTexts(check['Test'])[0] === 'NONE' ? { Test: ['NONE'] } : value;
}

function capabilities(value: unknown): unknown {
  return asTexts(value).map((name) => name.toUpperCase().replace(/^CAP_/, ''));
}

/** `no-new-privileges` is `no-new-privileges:true`; `a=b` is an older `a:b`. */
function securityOptions(value: unknown): unknown {
  return asTexts(value).map((option) => {
    const [name = '', ...rest] = option.split(/[:=]/);
    const setting = rest.join(':');
    return name === 'no-new-privileges' && setting === 'true' ? name : [name, ...rest].join('=');
  });
}

/** `nofile`, `nofile:1024`, `nofile:1024:2048`. */
function ulimit(text: string) {
  const [name, soft = '', hard = soft] = text.split(':');
  return { Name: name, Soft: Number(soft), Hard: Number(hard) };
}

/** Labels that the image brings and `labels` does not name. */
export function unexpectedLabels(
  image: ImageInspect | undefined,
  labels: unknown,
): readonly string[] {
  const given = isObject(labels) ? labels : {};
  return Object.keys(image?.Config?.Labels ?? {}).filter((name) => !(name in given));
}

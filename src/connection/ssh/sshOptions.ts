/**
 * Everything that decides how one host is reached by SSH, from the inventory and flags (first), `ssh` arguments, and
 * `~/.ssh/config` (last): the first that speaks of an option wins, as ssh_config(5) has it.
 */
import { isAbsolute, join } from 'node:path';
import type { Secret } from '../../core/secret.ts';
import type { ConnectionSettings, HostKeyChecking } from '../transport.ts';
import { expandHome, readSshConfig, type SshKeywords } from './sshConfigFile.ts';

/** What of the controller's surroundings a connection depends on; handed in, never looked up. */
export interface ControllerContext {
  readonly homeDirectory: string;
  readonly userName: string;
  /** `SSH_AUTH_SOCK`. */
  readonly agentSocket?: string | undefined;
}

export interface SshOptions {
  /** Inventory name, for messages. */
  readonly host: string;
  readonly hostName: string;
  readonly port: number;
  readonly user: string;
  /** Named by the user; a default identity is not in here. */
  readonly identityFiles: readonly string[];
  readonly defaultIdentityFiles: readonly string[];
  /** Offer no key of the agent that is not one of `identityFiles`. */
  readonly identitiesOnly: boolean;
  readonly agentSocket: string | undefined;
  readonly passphrase: Secret | undefined;
  readonly password: Secret | undefined;
  readonly hostKeyChecking: HostKeyChecking;
  readonly knownHostsFiles: readonly string[];
  /** Name to look up in known_hosts instead of the host's. */
  readonly hostKeyAlias: string | undefined;
  readonly connectTimeoutMs: number;
  readonly retries: number;
  readonly keepaliveIntervalMs: number;
  readonly keepaliveMaxMissed: number;
  /** Hosts to go through, in order: `[user@]host[:port]`. */
  readonly jumps: readonly string[];
  /** A command whose stdin and stdout are the connection. */
  readonly proxyCommand: string | undefined;
  /** The agent that programs of the host may ask for signatures. */
  readonly forwardedAgent: string | undefined;
}

const DEFAULT_KEEPALIVE_MS = 15_000;
const DEFAULT_KEEPALIVE_MISSED = 4;
const DEFAULT_IDENTITIES = ['id_ed25519', 'id_ecdsa', 'id_rsa'];

export function resolveSshOptions(
  settings: ConnectionSettings,
  context: ControllerContext,
): SshOptions {
  return resolve(settings, context, sshKeywords(settings, context));
}

/** What the arguments and the configuration say about each keyword of ssh_config(5), in lower case. */
export function sshKeywords(settings: ConnectionSettings, context: ControllerContext): Lookup {
  const { address: name, user, sshArgs } = settings;
  const file = sshConfigFile(settings, context);
  const fromFile: SshKeywords =
    file === undefined ? new Map() : readSshConfig(file, { name, user }, context.homeDirectory);
  return layered(parseSshArgs(sshArgs).keywords, fromFile);
}

/** The one that `-F` names, or the user's own; undefined for `-F none`. */
export function sshConfigFile(
  { sshArgs }: ConnectionSettings,
  { homeDirectory }: ControllerContext,
): string | undefined {
  const { configFile = join(homeDirectory, '.ssh', 'config') } = parseSshArgs(sshArgs);
  return configFile === 'none' ? undefined : expandHome(configFile, homeDirectory);
}

export type Lookup = (keyword: string) => readonly string[] | undefined;

function resolve(
  settings: ConnectionSettings,
  context: ControllerContext,
  lookup: Lookup,
): SshOptions {
  const first = (keyword: string): string | undefined => lookup(keyword)?.[0];
  const hostName = (first('hostname') ?? settings.address).replaceAll('%h', settings.address);
  const port = settings.port ?? Number(first('port') ?? 22);
  const user = settings.user ?? first('user') ?? context.userName;
  const expand = tokens({ h: hostName, n: settings.address, p: String(port), r: user }, context);
  const path = (name: string): string => absolutePath(expand(name), context.homeDirectory);
  const knownHosts = lookup('userknownhostsfile');
  return {
    host: settings.host,
    hostName,
    port,
    user,
    identityFiles: identityFiles(settings, lookup).map(path),
    defaultIdentityFiles: DEFAULT_IDENTITIES.map((name) =>
      join(context.homeDirectory, '.ssh', name),
    ),
    identitiesOnly: isYes(first('identitiesonly')),
    agentSocket: agentSocket(first('identityagent'), context, path),
    forwardedAgent: forwardedAgent(first('forwardagent'), context, path),
    passphrase: settings.privateKeyPassphrase,
    password: settings.password,
    hostKeyChecking: hostKeyChecking(first('stricthostkeychecking')) ?? settings.hostKeyChecking,
    knownHostsFiles: (knownHosts ?? settings.knownHostsFiles).map(path),
    hostKeyAlias: first('hostkeyalias'),
    connectTimeoutMs: milliseconds(first('connecttimeout')) ?? settings.connectTimeoutMs,
    retries: settings.retries,
    keepaliveIntervalMs: milliseconds(first('serveraliveinterval')) ?? DEFAULT_KEEPALIVE_MS,
    keepaliveMaxMissed: Number(first('serveralivecountmax') ?? DEFAULT_KEEPALIVE_MISSED),
    ...route(first('proxyjump'), lookup('proxycommand')?.join(' '), expand),
  };
}

function identityFiles(settings: ConnectionSettings, lookup: Lookup): string[] {
  const named = settings.privateKeyFile === undefined ? [] : [settings.privateKeyFile];
  const configured = lookup('identityfile') ?? [];
  return [...named, ...configured.filter((file) => file !== 'none')];
}

function agentSocket(
  configured: string | undefined,
  context: ControllerContext,
  path: (name: string) => string,
): string | undefined {
  if (configured === undefined || configured === 'SSH_AUTH_SOCK') return context.agentSocket;
  return configured === 'none' ? undefined : path(configured);
}

/** `yes`, or a socket, or the name of a variable that holds one (`$NAME`), of which we know one. */
function forwardedAgent(
  configured: string | undefined,
  context: ControllerContext,
  path: (name: string) => string,
): string | undefined {
  if (configured === undefined || configured.toLowerCase() === 'no') return undefined;
  const isOurs = isYes(configured) || configured === '$SSH_AUTH_SOCK';
  return isOurs ? context.agentSocket : path(configured);
}

function route(
  jump: string | undefined,
  command: string | undefined,
  expand: (text: string) => string,
): Pick<SshOptions, 'jumps' | 'proxyCommand'> {
  if (jump !== undefined && jump !== 'none') {
    return { jumps: jump.split(',').map((hop) => hop.trim()), proxyCommand: undefined };
  }
  const proxyCommand = command === undefined || command === 'none' ? undefined : expand(command);
  return { jumps: [], proxyCommand };
}

function hostKeyChecking(value: string | undefined): HostKeyChecking | undefined {
  switch (value?.toLowerCase()) {
    case 'no':
    case 'off':
      return 'off';
    case 'accept-new':
      return 'accept-new';
    case 'yes':
    case 'ask':
      return 'strict';
    default:
      return undefined;
  }
}

function milliseconds(seconds: string | undefined): number | undefined {
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}

function isYes(value: string | undefined): boolean {
  return value?.toLowerCase() === 'yes';
}

function absolutePath(path: string, homeDirectory: string): string {
  const expanded = expandHome(path, homeDirectory);
  return isAbsolute(expanded) ? expanded : join(process.cwd(), expanded);
}

/** The `%` tokens of ssh_config(5) that make sense here. */
function tokens(
  values: Readonly<Record<string, string>>,
  { homeDirectory, userName }: ControllerContext,
): (text: string) => string {
  const known: Readonly<Record<string, string>> = {
    ...values,
    d: homeDirectory,
    u: userName,
    '%': '%',
  };
  return (text) => text.replace(/%([a-zA-Z%])/g, (token, letter: string) => known[letter] ?? token);
}

function layered(above: SshKeywords, below: SshKeywords): Lookup {
  return (keyword) => {
    // Identities add up; for everything else the first that speaks wins.
    if (keyword !== 'identityfile') return above.get(keyword) ?? below.get(keyword);
    return [...(above.get(keyword) ?? []), ...(below.get(keyword) ?? [])];
  };
}

/** More hosts than anybody jumps over one after the other: beyond it a configuration leads back to itself. */
export const MAX_HOPS = 16;

/** A jump host is a host like any other; only how it is reached is given here. */
export function jumpSettings(
  settings: ConnectionSettings,
  before: readonly string[],
  hop: string,
): ConnectionSettings {
  const [, user, address = hop, port] =
    hop.match(/^(?:ssh:\/\/)?(?:(.+)@)?(\[.+\]|[^:]+)(?::(\d+))?$/) ?? [];
  const args = settings.sshArgs.join('\0').replace(/(^|\0)(-J\0?|-o\0?ProxyJump=)[^\0]*/gi, '');
  const rest = args === '' ? [] : args.split('\0').filter((word) => word !== '');
  return {
    ...settings,
    host: address,
    address: address.replace(/^\[|\]$/g, ''),
    user,
    port: port === undefined ? undefined : Number(port),
    password: undefined,
    sshArgs: before.length > 0 ? [...rest, '-J', before.join(',')] : rest,
  };
}

export interface SshArgs {
  readonly keywords: SshKeywords;
  readonly configFile: string | undefined;
}

/** Flags of `ssh(1)` that are shorthands of a keyword. */
const FLAG_KEYWORDS: Readonly<Record<string, string>> = {
  i: 'identityfile',
  J: 'proxyjump',
  l: 'user',
  p: 'port',
};

/** Flags with a value that decide nothing here (ciphers, control sockets, forwards, …): the value is stepped over. */
const OTHER_FLAGS_WITH_VALUE = 'BbcDEeILmOPQRSWw';

/** Flags that are a keyword with a value of its own. */
const FLAG_OPTIONS: Readonly<Record<string, readonly [string, string]>> = {
  A: ['forwardagent', 'yes'],
  a: ['forwardagent', 'no'],
  K: ['gssapiauthentication', 'yes'],
};

/** Words of an `ssh` command line as keywords. What has no meaning for one connection (multiplexing, `-C`, `-t`) is left out. */
export function parseSshArgs(words: readonly string[]): SshArgs {
  const keywords = new Map<string, string[]>();
  let configFile: string | undefined;
  const rest = [...words];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const flag = word.slice(1, 2);
    const value = (): string => (word.length > 2 ? word.slice(2) : (rest.shift() ?? ''));
    const keyword = FLAG_KEYWORDS[flag];
    const option = FLAG_OPTIONS[flag];
    if (!word.startsWith('-')) continue;
    if (option) add(keywords, ...option);
    else if (flag === 'o') addOption(keywords, value());
    else if (flag === 'F') configFile = value();
    else if (keyword !== undefined) add(keywords, keyword, value());
    else if (OTHER_FLAGS_WITH_VALUE.includes(flag)) value();
  }
  return { keywords, configFile };
}

function addOption(keywords: Map<string, string[]>, option: string): void {
  const [, keyword = '', value = ''] = option.match(/^\s*([A-Za-z]+)\s*[\s=]\s*(.*)$/s) ?? [];
  const name = keyword.toLowerCase();
  if (name === 'userknownhostsfile' && !keywords.has(name)) keywords.set(name, quotedWords(value));
  else add(keywords, name, value.replace(/^"(.*)"$/s, '$1'));
}

/** Words apart by blanks, each perhaps in double quotes. */
function quotedWords(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

function add(keywords: Map<string, string[]>, keyword: string, value: string): void {
  const known = keywords.get(keyword);
  if (!known) keywords.set(keyword, [value]);
  else if (keyword === 'identityfile') known.push(value);
}

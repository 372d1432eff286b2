/** What of a host's configuration ssh2 cannot do, so that the system's `ssh` has to. */
import { existsSync } from 'node:fs';
import type { ConnectionSettings } from '../transport.ts';
import type { KnownHosts } from './knownHosts.ts';
import { matchBeyondUs, textOf } from './sshConfigFile.ts';
import {
  type ControllerContext,
  jumpSettings,
  MAX_HOPS,
  resolveSshOptions,
  type SshOptions,
  sshConfigFile,
  sshKeywords,
} from './sshOptions.ts';

/** Keyword in lower case → whether its value asks for what only OpenSSH has. */
const KEYWORDS: Readonly<Record<string, (value: string) => boolean>> = {
  certificatefile: isSet,
  gssapiauthentication: isYes,
  hostbasedauthentication: isYes,
  knownhostscommand: isSet,
  pkcs11provider: isSet,
  proxyusefdpass: isYes,
  securitykeyprovider: (value) => isSet(value) && value !== 'internal',
  tunnel: isYes,
  verifyhostkeydns: (value) => isYes(value) || value === 'ask',
};

const DEFAULT_TOKEN_KEYS = ['id_ed25519_sk', 'id_ecdsa_sk'];

/** For people: `CertificateFile in the ssh configuration`; undefined where ssh2 will do. */
export function opensshReason(
  settings: ConnectionSettings,
  context: ControllerContext & { readonly knownHosts: KnownHosts },
  hops = 0,
): string | undefined {
  const lookup = sshKeywords(settings, context);
  for (const [keyword, needsIt] of Object.entries(KEYWORDS)) {
    const value = lookup(keyword)?.[0];
    if (value !== undefined && needsIt(value.toLowerCase())) return `the ssh option ${keyword}`;
  }
  const file = sshConfigFile(settings, context);
  const condition = file === undefined ? undefined : matchBeyondUs(file, context.homeDirectory);
  if (condition !== undefined) return `"${condition}" in the ssh configuration`;
  const options = resolveSshOptions(settings, context);
  return keyReason(options) ?? hostKeyReason(options, context.knownHosts) ?? jumpReason();

  function jumpReason(): string | undefined {
    const last = options.jumps.at(-1);
    // A chain without end is told where it is connected.
    if (last === undefined || hops >= MAX_HOPS) return undefined;
    const before = options.jumps.slice(0, -1);
    return opensshReason(jumpSettings(settings, before, last), context, hops + 1);
  }
}

function keyReason(options: SshOptions): string | undefined {
  const named = options.identityFiles;
  const files = named.length > 0 ? named : options.defaultIdentityFiles.filter(existsSync);
  const certificate = files.map((file) => `${file}-cert.pub`).find(existsSync);
  if (certificate !== undefined) return `the certificate ${certificate}`;
  const token = [...named, ...onlyTokens(options, files)].find(isTokenKey);
  return token === undefined ? undefined : `the key ${token}, which is on a token`;
}

/** Keys on tokens that are there by default and have nothing else beside them. */
function onlyTokens(
  { defaultIdentityFiles, agentSocket, password }: SshOptions,
  others: readonly string[],
): string[] {
  if (others.length > 0 || agentSocket !== undefined || password !== undefined) return [];
  const [first = ''] = defaultIdentityFiles;
  const folder = first.slice(0, first.lastIndexOf('/') + 1);
  return DEFAULT_TOKEN_KEYS.map((name) => `${folder}${name}`);
}

/** The public half names the type, also inside the private one of OpenSSH's format. */
function isTokenKey(file: string): boolean {
  const content = textOf(file).replace(/-----[^-]+-----|\s/g, '');
  const parts = Buffer.from(content, 'base64').toString('latin1');
  return /sk-(ssh|ecdsa)-/.test(parts) || /^sk-(ssh|ecdsa)-/.test(textOf(`${file}.pub`));
}

function hostKeyReason(options: SshOptions, knownHosts: KnownHosts): string | undefined {
  const { hostKeyChecking, knownHostsFiles, hostKeyAlias, hostName, port } = options;
  if (hostKeyChecking === 'off') return undefined;
  const name = hostKeyAlias ?? hostName;
  const authority = knownHosts.authority(knownHostsFiles, name, port);
  return authority && `@cert-authority in ${authority.file}:${authority.line}`;
}

function isSet(value: string): boolean {
  return value !== '' && value !== 'none';
}

function isYes(value: string): boolean {
  return value === 'yes';
}

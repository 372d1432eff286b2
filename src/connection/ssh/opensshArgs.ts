/** Words for `ssh(1)` that say what the settings say. Of two that speak of one option ssh takes the first. */

import type { ConnectionSettings } from '../transport.ts';
import type { SshOptions } from './sshOptions.ts';

/** Without the host, the command and the control socket. Nothing in here is secret. */
export function opensshArgs(settings: ConnectionSettings, options: SshOptions): string[] {
  const ours = {
    // One connection that ends with us, asks nobody and starts nothing of its own.
    ControlMaster: 'no',
    ControlPersist: 'no',
    BatchMode: 'yes',
    RemoteCommand: 'none',
    PermitLocalCommand: 'no',
    ClearAllForwardings: 'yes',
    ConnectTimeout: wholeSeconds(options.connectTimeoutMs),
    ServerAliveInterval: wholeSeconds(options.keepaliveIntervalMs),
    ServerAliveCountMax: String(options.keepaliveMaxMissed),
    ...hostKeyOptions(options),
  };
  return [
    ...Object.entries(ours).flatMap(([keyword, value]) => ['-o', `${keyword}=${value}`]),
    ...(settings.port === undefined ? [] : ['-p', String(settings.port)]),
    ...(settings.user === undefined ? [] : ['-l', settings.user]),
    ...(settings.privateKeyFile === undefined ? [] : ['-i', settings.privateKeyFile]),
    ...settings.sshArgs,
  ];
}

function hostKeyOptions({ hostKeyChecking, knownHostsFiles }: SshOptions): Record<string, string> {
  switch (hostKeyChecking) {
    case 'off':
      return {
        StrictHostKeyChecking: 'no',
        UserKnownHostsFile: '/dev/null',
        GlobalKnownHostsFile: '/dev/null',
      };
    case 'accept-new':
      return { StrictHostKeyChecking: 'accept-new', ...knownHosts(knownHostsFiles) };
    case 'strict':
      return { StrictHostKeyChecking: 'yes', ...knownHosts(knownHostsFiles) };
    default:
      return hostKeyChecking satisfies never;
  }
}

function knownHosts(files: readonly string[]): Record<string, string> {
  if (files.length === 0) return {};
  return { UserKnownHostsFile: files.map((file) => `"${file}"`).join(' ') };
}

function wholeSeconds(milliseconds: number): string {
  return String(Math.max(1, Math.ceil(milliseconds / 1000)));
}

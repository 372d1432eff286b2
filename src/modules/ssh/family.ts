/** Who may log in over SSH, and which hosts are known. */
import type { Module } from '../module.ts';
import { authorizedKey } from './authorizedKey.ts';
import { knownHosts } from './knownHosts.ts';

export const sshModules: readonly Module[] = [authorizedKey, knownHosts];

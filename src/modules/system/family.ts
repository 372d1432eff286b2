/** The modules for accounts, services and what else a system is made of. */
import type { Module } from '../module.ts';
import { alternatives } from './alternatives.ts';
import { getent } from './getent.ts';
import { group } from './group.ts';
import { reboot } from './reboot.ts';
import { service } from './service.ts';
import { serviceFacts } from './serviceFacts.ts';
import { systemd } from './systemd.ts';
import { sysvinit } from './sysvinit.ts';
import { user } from './user.ts';

export const systemModules: readonly Module[] = [
  alternatives,
  getent,
  group,
  reboot,
  service,
  serviceFacts,
  systemd,
  sysvinit,
  user,
];

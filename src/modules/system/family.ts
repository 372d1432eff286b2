/** The modules for accounts and services. */
import type { Module } from '../module.ts';
import { group } from './group.ts';
import { service } from './service.ts';
import { systemd } from './systemd.ts';
import { user } from './user.ts';

export const systemModules: readonly Module[] = [group, service, systemd, user];

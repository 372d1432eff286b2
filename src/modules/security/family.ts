/** What users and programs may do: limits, capabilities, SELinux. */
import type { Module } from '../module.ts';
import { capabilities } from './capabilities.ts';
import { pamLimits } from './pamLimits.ts';
import { seboolean } from './seboolean.ts';
import { selinux } from './selinux.ts';

export const securityModules: readonly Module[] = [capabilities, pamLimits, seboolean, selinux];

/** What a host is called, in which zone it is, and what it speaks. */
import type { Module } from '../module.ts';
import { hostname } from './hostname.ts';
import { localeGen } from './localeGen.ts';
import { timezone } from './timezone.ts';

export const identityModules: readonly Module[] = [hostname, localeGen, timezone];

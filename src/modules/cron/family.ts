/** Jobs that run at certain times. */
import type { Module } from '../module.ts';
import { cron } from './cron.ts';

export const cronModules: readonly Module[] = [cron];

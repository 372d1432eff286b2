/** The modules for jobs that run on while the play goes on. */
import type { Module } from '../module.ts';
import { asyncStatus } from './asyncStatus.ts';

export const jobsModules: readonly Module[] = [asyncStatus];

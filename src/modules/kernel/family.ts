/** The kernel: its parameters and its modules. */
import type { Module } from '../module.ts';
import { modprobe } from './modprobe.ts';
import { sysctl } from './sysctl.ts';

export const kernelModules: readonly Module[] = [modprobe, sysctl];

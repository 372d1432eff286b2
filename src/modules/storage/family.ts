/** Disks and file systems. */
import type { Module } from '../module.ts';
import { mount } from './mount.ts';

export const storageModules: readonly Module[] = [mount];

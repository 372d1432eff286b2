/** The modules for commands and scripts. */
import type { Module } from '../module.ts';
import { command } from './command.ts';
import { expect } from './expect/expect.ts';
import { raw } from './raw.ts';
import { script } from './script.ts';
import { shell } from './shell.ts';

export const commandsModules: readonly Module[] = [command, expect, raw, script, shell];

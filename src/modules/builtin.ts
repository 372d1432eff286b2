/** Every module that drover brings, by family. To add one, import its definition and name it in its family's list. */
import { command } from './commands/command.ts';
import { raw } from './commands/raw.ts';
import { script } from './commands/script.ts';
import { shell } from './commands/shell.ts';
import { ping } from './control/ping.ts';
import type { Module } from './module.ts';

const control: readonly Module[] = [ping];

const commands: readonly Module[] = [command, raw, script, shell];

export const builtinModules: readonly Module[] = [...commands, ...control];

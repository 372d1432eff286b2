/** Every module that drover brings, by family. To add one, import its definition and name it in its family's list. */
import { ping } from './control/ping.ts';
import type { Module } from './module.ts';

const control: readonly Module[] = [ping];

export const builtinModules: readonly Module[] = [...control];

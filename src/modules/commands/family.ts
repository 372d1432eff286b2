/** The modules for commands and scripts. */
import { type ListedModule, listed } from '../listed.ts';

export const commandsModules: readonly ListedModule[] = [
  listed('ansible.builtin.command', async () => (await import('./command.ts')).command),
  listed('ansible.builtin.expect', async () => (await import('./expect/expect.ts')).expect),
  listed('ansible.builtin.raw', async () => (await import('./raw.ts')).raw),
  listed('ansible.builtin.script', async () => (await import('./script.ts')).script),
  listed('ansible.builtin.shell', async () => (await import('./shell.ts')).shell),
];

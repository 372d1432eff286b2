/** Every command of `drover`, in the order of its help. */
import type { LazyCommand } from './command.ts';

export const COMMANDS: Readonly<Record<string, LazyCommand>> = {
  run: {
    summary: 'run playbooks on the hosts of an inventory',
    load: async () => (await import('./run.ts')).defineRun,
  },
  exec: {
    summary: 'run one task on hosts, without a playbook',
    load: async () => (await import('./exec.ts')).defineExec,
  },
  inventory: {
    summary: 'show hosts, groups and variables',
    load: async () => (await import('./inventory.ts')).defineInventory,
  },
  lint: {
    summary: 'check playbooks, roles and whole projects without touching a host',
    load: async () => (await import('./lint.ts')).defineLint,
  },
  eval: {
    summary: 'show the value of a template',
    load: async () => (await import('./eval.ts')).defineEval,
  },
  vault: {
    summary: 'encrypt and decrypt files and values',
    load: async () => (await import('./vault.ts')).defineVault,
  },
  doc: {
    summary: 'show modules and what they take; list filters, tests and lookups',
    load: async () => (await import('./doc.ts')).defineDoc,
  },
  schema: {
    summary: 'print JSON Schemas for editors',
    load: async () => (await import('./schema.ts')).defineSchema,
  },
  config: {
    summary: 'show settings, and where they come from',
    load: async () => (await import('./config.ts')).defineConfig,
  },
};

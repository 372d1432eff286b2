/** What the installed Ansible documents of its modules (`ansible-doc --json`). */
import { spawnSync } from 'node:child_process';
import * as z from 'zod';

export interface OptionDoc {
  readonly type?: string | undefined;
  readonly required?: boolean | undefined;
  readonly default?: unknown;
  readonly aliases?: readonly string[] | undefined;
  readonly choices?: readonly unknown[] | undefined;
  readonly suboptions?: Readonly<Record<string, OptionDoc>> | undefined;
}

const optionDoc: z.ZodType<OptionDoc> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    required: z.boolean().optional(),
    default: z.unknown().optional(),
    aliases: z.array(z.string()).optional(),
    choices: z
      .union([z.array(z.unknown()), z.record(z.string(), z.unknown()).transform(Object.keys)])
      .optional(),
    suboptions: z.record(z.string(), optionDoc).optional(),
  }),
);

const moduleDocs = z.record(
  z.string(),
  z.object({
    doc: z.object({ options: z.record(z.string(), optionDoc).optional() }),
    return: z.record(z.string(), z.unknown()).nullish(),
  }),
);

export interface AnsibleModuleDoc {
  readonly options: Readonly<Record<string, OptionDoc>>;
  readonly returns: readonly string[];
}

/** @param names full names @returns by full name, those that the installed Ansible has */
export function ansibleDocs(names: readonly string[]): ReadonlyMap<string, AnsibleModuleDoc> {
  const { stdout } = spawnSync('ansible-doc', ['--json', ...names], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  const docs = Object.entries(moduleDocs.parse(JSON.parse(stdout)));
  return new Map(
    docs.map(([name, { doc, return: returns }]) => [
      name,
      { options: doc.options ?? {}, returns: Object.keys(returns ?? {}) },
    ]),
  );
}

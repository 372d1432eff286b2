/** The engine with everything that is built in. */
import { readFileSync } from 'node:fs';
import type { ModeName } from './evaluate/resultMode.ts';
import { builtinFilters } from './filters/builtin.ts';
import { builtinGlobals } from './globals.ts';
import { builtinLookups } from './lookups/builtin.ts';
import type { TemplateHost } from './plugins.ts';
import { TemplateEngine } from './template.ts';
import { allTests } from './tests/all.ts';

export interface CreateOptions extends Partial<TemplateHost> {
  /** How playbook strings become values; default `auto`. */
  readonly mode?: ModeName | undefined;
}

/** An engine with all built-in filters, tests, lookups and globals; callers may add to its registries. */
export function createTemplateEngine({
  mode = 'auto',
  ...given
}: CreateOptions = {}): TemplateEngine {
  const host: TemplateHost = { ...DEFAULTS, ...given };
  return new TemplateEngine({
    mode,
    host,
    filters: new Map(builtinFilters),
    tests: new Map(allTests),
    lookups: new Map(builtinLookups),
    globals: builtinGlobals(host),
  });
}

const DEFAULTS: TemplateHost = {
  environment: {},
  now: () => new Date(),
  baseDirectory: '.',
  random: Math.random,
  warn: () => undefined,
  readFile: (file) => readFileSync(file),
  decrypt: undefined,
  wasEncrypted: () => false,
  decryptWith: undefined,
  encrypt: undefined,
  hostsMatching: undefined,
  setting: undefined,
};

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PLAN_EXCEPTIONS } from '../../support/planExceptions.ts';

const PAGE = readFileSync(new URL('../../../docs/modules.md', import.meta.url), 'utf8');

it.each(PLAN_EXCEPTIONS)('docs/modules.md names $modules: $reason', ({ modules, reason }) => {
  const named = modules.map((module) => `\`${module}\``).join(', ');
  const rows = PAGE.split('\n').filter((line) => line.startsWith(`| ${named} |`));
  expect(rows.filter((row) => row.endsWith(`| ${reason} |`))).toHaveLength(1);
});

/**
 * One theme in one text file: a YAML header (what it shows, runs, settings), then the files of a small project, each behind a line `-- path --`.
 * Without `hosts.ini` among the files the project gets hosts `a` and `b`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';

const Header = z.strictObject({
  /** What the theme is about, in a line. */
  shows: z.string(),
  /** Arguments of each run, in order, on the same files; one run without any when absent. */
  runs: z.array(z.string()).default(['']),
  inventory: z.string().default('hosts.ini'),
  environment: z.record(z.string(), z.string()).default({}),
  /** True where the order of tasks over hosts is not fixed, as with `strategy: free`. */
  unordered: z.boolean().default(false),
});

export interface Case extends z.output<typeof Header> {
  readonly name: string;
  /** Contents by relative path. */
  readonly files: Readonly<Record<string, string>>;
}

const FOLDER = join(import.meta.dirname, 'cases');
const MARKER = /^-- (\S+) --\n/m;
const TWO_HOSTS = 'a\nb\n';

/** Every case, by name. */
export function readCases(): Case[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.case'));
  return names.sort().map((name) => readCase(join(FOLDER, name)));
}

function readCase(file: string): Case {
  const [header = '', ...parts] = readFileSync(file, 'utf8').split(MARKER);
  const files: Record<string, string> = { 'hosts.ini': TWO_HOSTS };
  for (let i = 0; i + 1 < parts.length; i += 2) files[parts[i] ?? ''] = parts[i + 1] ?? '';
  return { name: basename(file, '.case'), files, ...Header.parse(parse(header)) };
}

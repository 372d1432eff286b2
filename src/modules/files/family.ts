/** The modules for files and their text. */
import type { Module } from '../module.ts';
import { acl } from './acl.ts';
import { assemble } from './assemble.ts';
import { blockinfile } from './blockinfile.ts';
import { copy } from './copy.ts';
import { fetch } from './fetch.ts';
import { file } from './file.ts';
import { find } from './find.ts';
import { git } from './git/git.ts';
import { htpasswd } from './htpasswd.ts';
import { iniFile } from './iniFile.ts';
import { lineinfile } from './lineinfile.ts';
import { replace } from './replace.ts';
import { slurp } from './slurp.ts';
import { stat } from './stat.ts';
import { synchronize } from './synchronize/synchronize.ts';
import { tempfile } from './tempfile.ts';
import { template } from './template.ts';
import { unarchive } from './unarchive/unarchive.ts';

export const filesModules: readonly Module[] = [
  acl,
  assemble,
  blockinfile,
  copy,
  fetch,
  file,
  find,
  git,
  htpasswd,
  iniFile,
  lineinfile,
  replace,
  slurp,
  stat,
  synchronize,
  tempfile,
  template,
  unarchive,
];

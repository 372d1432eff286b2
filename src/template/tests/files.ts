/** Tests of files on the controller. */
import { lstatSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import { expandUser } from '../filters/paths.ts';
import { type Context, type Test, table } from '../plugins.ts';
import { str } from '../python/text.ts';
import type { Internal } from '../python/types.ts';

function fileOf(value: Internal, { host }: Context): string {
  return path.resolve(host.baseDirectory, expandUser(str(value), host));
}

const status =
  (holds: (stats: Stats) => boolean): Test =>
  (value, _args, context) => {
    const stats = statSync(fileOf(value, context), { throwIfNoEntry: false });
    return stats !== undefined && holds(stats);
  };

const link: Test = (value, _args, context) =>
  lstatSync(fileOf(value, context), { throwIfNoEntry: false })?.isSymbolicLink() === true;
const directory = status((stats) => stats.isDirectory());
const file = status((stats) => stats.isFile());
const absolute: Test = (value) => str(value).startsWith('/');

const same: Test = (value, { positional: [other = null] }, context) => {
  const [a, b] = [statSync(fileOf(value, context)), statSync(fileOf(other, context))];
  return a.dev === b.dev && a.ino === b.ino;
};

const mount: Test = (value, _args, context) => {
  const stats = lstatSync(fileOf(value, context), { throwIfNoEntry: false });
  if (stats === undefined || stats.isSymbolicLink()) return false;
  const parent = statSync(path.join(realpathSync(fileOf(value, context)), '..'));
  return stats.dev !== parent.dev || stats.ino === parent.ino;
};

export const fileTests = table<Test>({
  directory,
  is_dir: directory,
  file,
  is_file: file,
  link,
  is_link: link,
  exists: status(() => true),
  link_exists: (value, _args, context) =>
    lstatSync(fileOf(value, context), { throwIfNoEntry: false }) !== undefined,
  abs: absolute,
  is_abs: absolute,
  same_file: same,
  is_same_file: same,
  mount,
  is_mount: mount,
});

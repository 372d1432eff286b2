/** The `version` test: loose, strict, semantic and PEP 440 comparison. */
import { bind } from '../arguments.ts';
import { type Test, table } from '../plugins.ts';
import { usageError } from '../python/errors.ts';
import { isTrue } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { compareVersions, type VersionType } from './compareVersions.ts';

type Holds = (order: number) => boolean;

const OPERATORS: ReadonlyMap<string, Holds> = new Map<string, Holds>([
  ...named(['==', '=', 'eq'], (order) => order === 0),
  ...named(['!=', '<>', 'ne'], (order) => order !== 0),
  ...named(['<', 'lt'], (order) => order < 0),
  ...named(['<=', 'le'], (order) => order <= 0),
  ...named(['>', 'gt'], (order) => order > 0),
  ...named(['>=', 'ge'], (order) => order >= 0),
]);

function named(names: readonly string[], holds: Holds): [string, Holds][] {
  return names.map((name) => [name, holds]);
}

const TYPES: readonly VersionType[] = ['loose', 'strict', 'semver', 'semantic', 'pep440'];

const version: Test = (value, args) => {
  const [other = null, operator = 'eq', strict, type] = bind(
    'version',
    args,
    'version',
    'operator',
    'strict',
    'version_type',
  );
  const holds = OPERATORS.get(str(operator));
  if (holds === undefined) {
    throw usageError(
      `Invalid operator type (${str(operator)})`,
      `one of ${[...OPERATORS.keys()].join(', ')}`,
    );
  }
  const areBoth = [strict, type].every((given) => given !== undefined && given !== null);
  if (areBoth) throw usageError("Cannot specify both 'strict' and 'version_type'");
  const isStrict = strict !== undefined && strict !== null && isTrue(strict);
  const kind = type === undefined || type === null ? (isStrict ? 'strict' : 'loose') : str(type);
  const known = TYPES.find((one) => one === kind);
  if (known === undefined)
    throw usageError(`Invalid version type (${kind})`, `one of ${TYPES.join(', ')}`);
  const texts = [str(value), str(other)] as const;
  if (texts[0] === '') throw usageError('Input version value cannot be empty');
  if (texts[1] === '') throw usageError('Version parameter to compare against cannot be empty');
  return holds(compareVersions(texts[0], texts[1], known));
};

export const versionTests = table<Test>({ version, version_compare: version });

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
  const isStrict = strict !== undefined && strict !== null && isTrue(strict);
  const kind = type === undefined || type === null ? (isStrict ? 'strict' : 'loose') : str(type);
  const known = TYPES.find((one) => one === kind);
  if (known === undefined)
    throw usageError(`Invalid version type (${kind})`, `one of ${TYPES.join(', ')}`);
  const texts = [str(value), str(other)] as const;
  if (texts.includes(''))
    throw usageError(`a version to compare is empty: "${texts[0]}" and "${texts[1]}"`);
  return holds(compareVersions(texts[0], texts[1], known));
};

export const versionTests = table<Test>({ version, version_compare: version });

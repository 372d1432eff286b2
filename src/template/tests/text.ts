/** Ansible's tests on text, truth and collections. */
import { bind } from '../arguments.ts';
import { toBoolean } from '../filters/logic.ts';
import { flagOf, textOf } from '../filters/parameters.ts';
import { type Test, table } from '../plugins.ts';
import { includes } from '../python/equality.ts';
import { defined, typeError } from '../python/errors.ts';
import { pythonRegex } from '../python/regex.ts';
import { contains, isTrue, iterate } from '../python/sequence.ts';
import { str } from '../python/text.ts';
import { type Arguments, type Internal, isNumber, typeName } from '../python/types.ts';

/** Where a pattern has to match: at the start, anywhere, or as `match_type` says. */
function matches(value: Internal, args: Arguments, type: 'match' | 'search' | undefined): boolean {
  const [pattern, ignorecase, multiline, matchType] = bind(
    'regex',
    args,
    'pattern',
    'ignorecase',
    'multiline',
    'match_type',
  );
  const how = type ?? textOf(matchType, 'search');
  const flags = { ignoreCase: flagOf(ignorecase), multiline: flagOf(multiline) };
  const regex = pythonRegex(textOf(pattern), flags, how !== 'search');
  const match = regex.exec(str(value));
  return match !== null && (how !== 'fullmatch' || match[0].length === str(value).length);
}

function isSubset(inner: Internal, outer: Internal): boolean {
  const items = iterate(outer);
  return iterate(inner).every((item) => includes(items, item));
}

const subset: Test = (value, { positional: [other = null] }) => isSubset(value, other);
const superset: Test = (value, { positional: [other = null] }) => isSubset(other, value);

const SCHEMES = /^[A-Za-z][\w+.-]*:/;

function isUri(value: Internal, args: Arguments, needsHost: boolean): boolean {
  const [schemes] = bind('uri', args, 'schemes');
  if (typeof value !== 'string' || !SCHEMES.test(value)) return false;
  const scheme = value.slice(0, value.indexOf(':'));
  if (Array.isArray(schemes) && !includes(schemes, scheme)) return false;
  return !needsHost || /^[A-Za-z][\w+.-]*:\/\/[^/?#]+/.test(value);
}

const nan: Test = (value) => {
  const given = defined(value);
  if (!isNumber(given))
    throw typeError(`the isnan() test expects a number, not ${typeName(given)}`);
  return Number.isNaN(Number(given));
};

export const textTests = table<Test>({
  match: (value, args) => matches(value, args, 'match'),
  search: (value, args) => matches(value, args, 'search'),
  regex: (value, args) => matches(value, args, undefined),
  truthy: (value, args) => isTruthy(value, args),
  falsy: (value, args) => !isTruthy(value, args),
  any: (value) => iterate(value).some(isTrue),
  all: (value) => iterate(value).every(isTrue),
  contains: (value, { positional: [item = null] }) => contains(value, item),
  subset,
  issubset: subset,
  superset,
  issuperset: superset,
  nan,
  isnan: nan,
  uri: (value, args) => isUri(value, args, false),
  url: (value, args) => isUri(value, args, true),
  urn: (value) => typeof value === 'string' && /^urn:[^:]+/i.test(value),
  vault_encrypted: (value, _args, { host }) =>
    typeof value === 'string' && (value.startsWith('$ANSIBLE_VAULT') || host.wasEncrypted(value)),
});

function isTruthy(value: Internal, args: Arguments): boolean {
  const [convert] = bind('truthy', args, 'convert_bool');
  return isTrue(flagOf(convert) && isWord(value) ? toBoolean(value) : value);
}

/** A text that one of the two sides of `bool` knows. */
function isWord(value: Internal): boolean {
  return typeof value !== 'string' || /^(?:yes|no|on|off|y|n|t|f|1|0|true|false)$/i.test(value);
}

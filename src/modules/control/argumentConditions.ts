/**
 * Conditions between the options of a dict in an argument spec. Source of the rules: "Dependencies between module
 * options" in Ansible's developer guide.
 */
import { isDict, type Value } from '../../core/values.ts';

type Values = ReadonlyMap<string, Value>;
type Rule = (terms: readonly Value[], given: Values) => string | undefined;

/** @param spec of the dict: holds `mutually_exclusive` and its kin. @param name of the dict, for messages. */
export function conditionErrors(spec: Values, given: Values, name: string): string[] {
  const set = new Map([...given].filter(([, value]) => value !== null));
  return Object.entries(RULES)
    .flatMap(([condition, rule]) => {
      const groups = spec.get(condition);
      if (!Array.isArray(groups)) return [];
      const isOneGroup = groups.every((term) => typeof term === 'string');
      const errors = (isOneGroup ? [groups] : groups).flatMap((terms) =>
        Array.isArray(terms) ? (rule(terms, set) ?? []) : [],
      );
      return errors.map((error) => `${error} found in ${name}`);
    })
    .concat(requiredBy(spec.get('required_by'), set, name));
}

const RULES: Readonly<Record<string, Rule>> = {
  mutually_exclusive: (terms, given) =>
    givenOf(terms, given).length < 2
      ? undefined
      : `parameters are mutually exclusive: ${terms.map(String).join('|')}`,
  required_together: (terms, given) => {
    const count = givenOf(terms, given).length;
    return count === 0 || count === terms.length
      ? undefined
      : `parameters are required together: ${listed(terms)}`;
  },
  required_one_of: (terms, given) =>
    givenOf(terms, given).length > 0
      ? undefined
      : `one of the following is required: ${listed(terms)}`,
  required_if: ([key, value, needed, isAny], given) => {
    if (given.get(String(key)) !== value || !Array.isArray(needed)) return undefined;
    const missing = needed.filter((term) => !given.has(String(term)));
    const isMet = isAny === true ? missing.length < needed.length : missing.length === 0;
    if (isMet) return undefined;
    const which = isAny === true ? 'any' : 'all';
    return `${String(key)} is ${String(value)} but ${which} of the following are missing: ${listed(missing)}`;
  },
};

function requiredBy(rules: Value | undefined, given: Values, name: string): string[] {
  if (rules === undefined || !isDict(rules)) return [];
  return [...rules].flatMap(([key, needed]) => {
    if (!given.has(String(key))) return [];
    const names = Array.isArray(needed) ? needed : [needed];
    const missing = names.filter((term) => !given.has(String(term)));
    if (missing.length === 0) return [];
    return [
      `missing parameter(s) required by '${String(key)}': ${listed(missing)} found in ${name}`,
    ];
  });
}

function givenOf(terms: readonly Value[], given: Values): Value[] {
  return terms.filter((term) => given.has(String(term)));
}

function listed(terms: readonly Value[]): string {
  return terms.map(String).join(', ');
}

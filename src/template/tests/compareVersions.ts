/** The order of version texts. */
import { typeError, valueError } from '../python/errors.ts';

export type VersionType = 'loose' | 'strict' | 'semver' | 'semantic' | 'pep440';

type Part = number | string;

/** Negative, zero or positive. @throws TemplateError for texts that are no versions of the type, or have no order. */
export function compareVersions(left: string, right: string, type: VersionType): number {
  switch (type) {
    case 'loose':
      return compareParts(looseParts(left), looseParts(right), `${left} and ${right}`);
    case 'strict':
      return compareStrict(left, right);
    case 'semver':
    case 'semantic':
      return compareSemantic(left, right);
    case 'pep440':
      return comparePep440(left, right);
  }
}

/** Numbers and words; dots only separate. */
function looseParts(text: string): Part[] {
  return (text.match(/\d+|[a-z]+|[^.\da-z]+/g) ?? []).map((part) =>
    /^\d+$/.test(part) ? Number(part) : part,
  );
}

function compareParts(left: readonly Part[], right: readonly Part[], what: string): number {
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (typeof part !== typeof other) {
      throw typeError(
        `Version comparison failed: ${what} have a number where the other has a word`,
      );
    }
    return part < other ? -1 : 1;
  }
  return left.length - right.length;
}

function compareStrict(left: string, right: string): number {
  const [a, b] = [strictParts(left), strictParts(right)];
  return compareNumbers(a.numbers, b.numbers) || comparePreRelease(a.suffix, b.suffix);
}

function strictParts(text: string) {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(text);
  if (match === null) throw valueError(`invalid version number '${text}'`);
  const [, major, minor, patch = '0', letter, number] = match;
  const suffix = letter === undefined ? [] : [letter, Number(number)];
  return { numbers: [Number(major), Number(minor), Number(patch)], suffix };
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** No suffix sorts after any. */
function comparePreRelease(left: readonly Part[], right: readonly Part[]): number {
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (typeof part === typeof other) return part < other ? -1 : 1;
    return typeof part === 'number' ? -1 : 1;
  }
  return left.length - right.length;
}

const SEMANTIC =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

function compareSemantic(left: string, right: string): number {
  const [a, b] = [semanticParts(left), semanticParts(right)];
  return compareNumbers(a.numbers, b.numbers) || comparePreRelease(a.suffix, b.suffix);
}

function semanticParts(text: string) {
  const match = SEMANTIC.exec(text);
  if (match === null) throw valueError(`invalid semantic version '${text}'`);
  const [, major, minor, patch, suffix] = match;
  const parts = suffix === undefined ? [] : suffix.split('.');
  return {
    numbers: [Number(major), Number(minor), Number(patch)],
    suffix: parts.map((part): Part => (/^\d+$/.test(part) ? Number(part) : part)),
  };
}

const PEP440 =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/i;

function comparePep440(left: string, right: string): number {
  const [a, b] = [pep440Key(left), pep440Key(right)];
  return (
    a.epoch - b.epoch ||
    compareNumbers(a.release, b.release) ||
    compareNumbers(a.stage, b.stage) ||
    compareLocal(a.local, b.local)
  );
}

const STAGES: Readonly<Record<string, number>> = {
  a: 1,
  alpha: 1,
  b: 2,
  beta: 2,
  c: 3,
  rc: 3,
  pre: 3,
  preview: 3,
};
const NO_SUFFIX = 1e9;

/** dev < alpha < beta < candidate < release < post. */
function pep440Key(text: string) {
  const match = PEP440.exec(text.trim());
  if (match === null) throw valueError(`invalid PEP 440 version '${text}'`);
  const [
    whole,
    epoch = '0',
    release = '',
    pre,
    preNumber,
    shortPost,
    postNumber,
    dev,
    devNumber,
    local,
  ] = match;
  const hasPost =
    shortPost !== undefined || postNumber !== undefined || /(?:post|rev|\dr)/i.test(whole);
  const devOnly = pre === undefined && !hasPost && dev !== undefined;
  const stage = pre === undefined ? (devOnly ? 0 : 4) : (STAGES[pre.toLowerCase()] ?? 4);
  const post = hasPost ? Number(shortPost ?? postNumber ?? 0) : -1;
  const devOrder = dev === undefined ? NO_SUFFIX : Number(devNumber || 0);
  return {
    epoch: Number(epoch),
    release: release.split('.').map(Number),
    stage: [stage, Number(preNumber || 0), post, devOrder],
    local: (local ?? '')
      .split(/[-_.]/)
      .filter(Boolean)
      .map((part): Part => (/^\d+$/.test(part) ? Number(part) : part)),
  };
}

function compareLocal(left: readonly Part[], right: readonly Part[]): number {
  if (left.length === 0 || right.length === 0) return left.length - right.length;
  return -comparePreRelease(left, right) === 0 ? 0 : comparePreRelease(left, right);
}

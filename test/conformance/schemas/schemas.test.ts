/** Every parameter, alias, choice, default and return key that Ansible documents is known to drover's module of that name. */
import { describe, expect, test } from 'vitest';
import { moduleDoc } from '../../../src/modules/documentation.ts';
import { hasAnsible } from '../../support/ansible.ts';
import { ansibleDocs } from '../../support/ansibleDoc.ts';
import { modules } from '../../support/modules.ts';
import { notHere } from '../../support/onThisMachine.ts';
import { schemaDifferences } from './differences.ts';
import { WANTED_DIFFERENCES } from './wantedDifferences.ts';

const isHere = hasAnsible() || notHere('Ansible');
if (!isHere) console.warn('SKIPPED: ansible-doc is not installed, schemas are not compared');

describe.skipIf(!isHere)('the schemas of modules', () => {
  const ours = modules.map(moduleDoc);
  const theirs = isHere ? ansibleDocs(ours.map(({ fullName }) => fullName)) : new Map();
  const wanted = WANTED_DIFFERENCES.flatMap(({ differences }) => differences);
  const found = ours.flatMap((doc) => {
    const documented = theirs.get(doc.fullName);
    return documented === undefined ? [] : schemaDifferences(documented, doc);
  });

  test('are compared with those of most modules', () => {
    expect(theirs.size).toBeGreaterThan(90);
  });

  test('know all that Ansible documents, but for what is listed with its reason', () => {
    expect(found.filter((difference) => !wanted.includes(difference))).toEqual([]);
  });

  test('differ in all that is listed', () => {
    expect(wanted.filter((difference) => !found.includes(difference))).toEqual([]);
  });
});

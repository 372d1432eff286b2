import { describe, expect, it } from 'vitest';
import { debconf } from '../../../../../src/modules/packages/apt/debconf.ts';
import { type Script, scriptedTarget } from '../../../../support/fakeTarget.ts';
import { converge, runResource } from '../../driver.ts';
import { testController } from '../../testController.ts';

/** A database with one package, as debconf-show and debconf-set-selections see it. */
function debconfHost(values: Map<string, string>, seen = new Set<string>()): Script[] {
  return [
    (script, { args = [], stdin }) => {
      if (!script.startsWith('debconf-set-selections')) return undefined;
      const [, question = '', vtype, ...value] = String(stdin).trim().split(' ');
      if (vtype !== 'seen') values.set(question, value.join(' '));
      if (vtype === 'seen' ? value[0] === 'true' : args[0] !== '--unseen') seen.add(question);
      else seen.delete(question);
      return {};
    },
    (_script, { args: [, password = ''] = [] }) => {
      const lines = [...values].map(([name, value]) => {
        const shown = name === 'db/password' ? '(password omitted)' : value;
        return `${seen.has(name) ? '*' : ' '} ${name}: ${shown}\n`;
      });
      const secret = password === '' ? '' : `\n\x1epassword\n${values.get(password) ?? ''}\n`;
      return { stdout: `\n\x1eshow\n${lines.join('')}${secret}` };
    },
  ];
}

const question = (name: string, vtype: string, value: string) => ({
  name: 'db',
  question: name,
  vtype,
  value,
});

describe('debconf', () => {
  it.each([
    ['a new answer', question('db/port', 'string', '99'), ['absent', '99']],
    ['another answer', question('db/host', 'string', 'b c'), ['a', 'b c']],
    [
      'a boolean as a template prints it',
      question('db/purge', 'boolean', 'True'),
      ['false', 'true'],
    ],
    ['whether it was asked', question('db/host', 'seen', 'true'), ['false', 'true']],
    ['choices', question('db/langs', 'multiselect', 'de, nl'), ['de, en', 'de, nl']],
    ['a password', question('db/password', 'password', 'tiger5'), ['[hidden]', '[hidden]']],
  ])('sets %s, once', async (_name, args, [before, after]) => {
    const values = new Map([
      ['db/host', 'a'],
      ['db/purge', 'false'],
      ['db/langs', 'de, en'],
      ['db/password', 'scott5'],
    ]);
    const target = scriptedTarget(debconfHost(values));
    const { changes, data } = await converge(debconf, args, { target });
    expect(changes).toMatchObject([{ what: `db: ${args.question}`, before, after }]);
    expect(JSON.stringify(data)).not.toMatch(/scott5|tiger5/);
  });

  it('has nothing to do for the same choices in another order', async () => {
    const target = scriptedTarget(debconfHost(new Map([['db/langs', 'de, en']])));
    const args = question('db/langs', 'multiselect', 'en,de');
    expect((await runResource(debconf, args, { target })).changed).toBe(false);
  });

  it('reads all answers of a package, and keeps the password of a task out of every output', async () => {
    const secrets: string[] = [];
    const controller = testController({ addSecret: (text) => void secrets.push(text) });
    const target = scriptedTarget(debconfHost(new Map([['db/host', 'a']])));
    const { changed, data } = await runResource(debconf, { name: 'db' }, { target, controller });
    expect({ changed, data }).toEqual({
      changed: false,
      data: { previous: { 'db/host': 'a' }, current: { 'db/host': 'a' } },
    });
    await runResource(debconf, question('db/password', 'password', 'tiger5'), {
      target,
      controller,
    });
    expect(secrets).toEqual(['tiger5']);
  });

  it('needs a type and a value for a question, and debconf', async () => {
    const target = scriptedTarget([() => ({ rc: 127 })]);
    const run = (args: object) => runResource(debconf, args, { target });
    await expect(run({ name: 'db', question: 'db/host' })).rejects.toThrow('needs "vtype"');
    await expect(run({ name: 'db' })).rejects.toThrow('debconf is not on this host');
  });
});

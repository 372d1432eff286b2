/** What leaves the program has no secret in it, whatever has happened to the secret on its way. */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quote } from '../../../src/connection/quote.ts';
import { ModuleError } from '../../../src/core/errors.ts';
import { Redactor, Secret } from '../../../src/core/secret.ts';
import { isSecretName, secretsIn } from '../../../src/core/secretNames.ts';
import { fromPlain } from '../../../src/core/values.ts';
import { pythonText } from '../../../src/report/pythonText.ts';

function redactorOf(...secrets: string[]): Redactor {
  const redactor = new Redactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret', () => {
  it('shows itself to nobody who prints it', () => {
    const secret = new Secret('hunter2!');
    expect([String(secret), JSON.stringify({ secret }), inspect({ secret })]).toEqual([
      '[hidden]',
      '{"secret":"[hidden]"}',
      '{ secret: [hidden] }',
    ]);
  });
});

const SPELLINGS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'in a sentence': (text) => `login failed for ops:${text}@db1`,
  'for a shell': quote,
  'for a shell, as Python quotes': (text) => `'${text.replaceAll("'", `'"'"'`)}'`,
  'for a shell inside of JSON': (text) => JSON.stringify({ cmd: `mysql -p${quote(text)}` }),
  JSON: (text) => JSON.stringify({ text }),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify({ text })),
  'as Python prints it': (text) => pythonText([text, "it's", 'a "quote"']),
  'in a URL': (text) => `https://ops:${encodeURIComponent(text)}@example.org`,
  'in a form': (text) => new URLSearchParams({ password: text }).toString(),
  base64,
  'base64 for URLs': (text) => Buffer.from(text).toString('base64url'),
  'basic authentication': (text) => `Basic ${base64(`ops:${text}`)}`,
  'base64 of JSON': (text) => base64(JSON.stringify({ username: 'o', auth: text, more: 1 })),
  hex: (text) => Buffer.from(text).toString('hex'),
};

describe.each(Object.entries(SPELLINGS))('redaction of a secret %s', (_, spell) => {
  it.each(['correct-horse', 'p$\'a"s\\s w&rd%+/=;<é€', 'Tr0ub4dor&3', '  padded value  '])(
    '%j',
    (text) => {
      const shown = redactorOf(text).redact(spell(text));
      expect(shown).toContain('[hidden]');
      for (const each of [text.trim(), base64(text)]) expect(shown).not.toContain(each);
    },
  );

  it('finds any text', () => {
    const texts = fc
      .string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 })
      .filter((text) => text.trim().length >= 8);
    fc.assert(
      fc.property(texts, (text) => {
        const shown = redactorOf(text).redact(spell(text));
        return shown.includes('[hidden]') && !shown.includes(text.trim());
      }),
      { numRuns: 100 },
    );
  });
});

describe('redaction', () => {
  it('reaches keys, lists, dicts, numbers and all that errors carry', () => {
    const cause = new Error('said 8675309');
    const error = new ModuleError('no 8675309', {
      hint: 'not 8675309',
      data: { rc: 1, out: ['8675309'] },
      cause,
    });
    const [copy, data] = redactorOf('8675309').redactData([
      error,
      { '8675309': [8675309, new Map([['8675309', 1]])], port: 80, when: new Date(0) },
    ]);
    expect(inspect([copy, data], { depth: 9 })).not.toContain('8675309');
    expect(copy).toBeInstanceOf(ModuleError);
    expect(data).toEqual({
      '[hidden]': ['[hidden]', new Map([['[hidden]', 1]])],
      port: 80,
      when: new Date(0),
    });
  });

  it('finds the lines of a secret of several lines, as stdout_lines has them', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\nkiG9w0BAQ==\n-----END KEY-----\n';
    const redactor = redactorOf(key);
    expect(redactor.redactData(key.split('\n').map((line) => `    ${line}`))).toEqual([
      ...Array.from({ length: 4 }, () => '    [hidden]'),
      '    ',
    ]);
    expect(redactor.redact(key)).toBe('[hidden]');
  });

  it('takes the longest of secrets that begin alike, and blanks nothing for one of three letters', () => {
    expect(redactorOf('abcd', 'abcdefgh', 'yes').redact('abcdefgh abcdef yes')).toBe(
      '[hidden] [hidden]ef yes',
    );
  });

  it('takes time in proportion to the text, not to the number of secrets', () => {
    const secrets = Array.from({ length: 500 }, (_, n) => `secret number ${n}`);
    const redactor = redactorOf(...secrets);
    const text = 'nothing secretive here, move along '.repeat(30_000);
    const before = performance.now();
    expect(redactor.redact(text)).toBe(text);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});

describe('names of secrets', () => {
  it.each([
    'password',
    'db_password',
    'url_password',
    'api_token',
    'SECRET_KEY',
    'apiKey',
    'vault.secret',
    'ansible_become_pass',
  ])('%s', (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  it.each([
    'update_password',
    'password_lock',
    'bypass',
    'compass',
    'passwords_file',
    'key',
    'keyboard',
    'user',
    'tokens',
  ])('not %s', (name) => {
    expect(isSecretName(name)).toBe(false);
  });

  it('hold for everything below them', () => {
    const value = fromPlain({
      db: { user: 'ops', password: 'one' },
      token: ['two', { old: 3 }],
      pass: '{{ later }}',
    });
    expect([...secretsIn(value)]).toEqual(['one', 'two', '3']);
  });
});

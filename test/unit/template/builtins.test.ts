/** Filters and lookups that the oracle of the cases does not have, or that need files. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Value } from '../../../src/core/values.ts';
import { createTemplateEngine } from '../../../src/template/create.ts';
import type { Scope } from '../../../src/template/scope.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'drover-template-'));
afterAll(() => rmSync(directory, { recursive: true }));

const warnings: [string, string | undefined][] = [];
const engine = createTemplateEngine({
  baseDirectory: directory,
  environment: { HOME: '/home/ann', PATH: process.env['PATH'] },
  warn: (message, replacement) => warnings.push([message, replacement]),
});

function value(text: string, values: Readonly<Record<string, Value>> = {}): Value {
  const scope: Scope = {
    lookup: (name) => (Object.hasOwn(values, name) ? values[name] : undefined),
    names: () => Object.keys(values),
  };
  return engine.evaluateText(text, scope);
}

describe('addresses (results as the documentation of ansible.utils shows them)', () => {
  it.each<[string, Value]>([
    ["'192.0.2.1/24' | ipaddr('address')", '192.0.2.1'],
    ["'192.0.2.1/24' | ansible.utils.ipaddr('network')", '192.0.2.0'],
    ["'192.0.2.1/24' | ipaddr('prefix')", 24],
    ["'192.0.2.1/24' | ipaddr('netmask')", '255.255.255.0'],
    ["'192.0.2.1/24' | ipaddr('broadcast')", '192.0.2.255'],
    ["'192.0.2.1/24' | ipaddr('net')", false],
    ["'192.0.2.0/24' | ipaddr('net')", '192.0.2.0/24'],
    ["'192.0.2.0/24' | ipaddr('5')", '192.0.2.5/24'],
    ["'192.0.2.0/24' | ipaddr(-1)", '192.0.2.255/24'],
    ["'192.0.2.1/255.255.255.0' | ipaddr('host/prefix')", '192.0.2.1/24'],
    ["'nonsense' | ipaddr", false],
    ["['10.0.0.1', 'x', 'fe80::1'] | ipv4", ['10.0.0.1']],
    ["['10.0.0.1', '8.8.8.8'] | ipaddr('private')", ['10.0.0.1']],
    ["'fe80::100/10' | ipwrap", '[fe80::100]/10'],
    ["'192.168.0.0/16' | ipsubnet(20)", '16'],
    ["'192.168.0.0/16' | ipsubnet(20, 1)", '192.168.16.0/20'],
    ["['192.168.0.0/17', '192.168.128.0/17'] | cidr_merge", ['192.168.0.0/16']],
    ["'1a:2b:3c:4d:5e:6f' | hwaddr('cisco')", '1a2b.3c4d.5e6f'],
    ["'10.0.0.1' | ipaddr('revdns')", '1.0.0.10.in-addr.arpa.'],
  ])('%s', (expression, expected) => {
    expect(value(`{{ ${expression} }}`)).toEqual(expected);
  });
});

describe('password hashes (openssl passwd gives the same)', () => {
  it.each([
    [
      "'pw' | password_hash('sha256', 'saltsalt')",
      '$5$saltsalt$0rl.MZtoLLPP3X0Rdl8riRnphIcAXJY27/aOAyK2hB5',
    ],
    ["'pw' | password_hash('md5', 'saltsalt')", '$1$saltsalt$6SNdNaZLKst2LlSm7oPPL1'],
  ])('%s', (expression, expected) => {
    expect(value(`{{ ${expression} }}`)).toBe(expected);
  });
});

describe('JMESPath', () => {
  it('selects from dicts and lists', () => {
    const people: Value = [
      new Map<Value, Value>([['name', 'ann']]),
      new Map<Value, Value>([['name', 'bob']]),
    ];
    expect(value("{{ people | json_query('[?name==`bob`].name') }}", { people })).toEqual(['bob']);
    expect(value("{{ people | community.general.json_query('length(@)') }}", { people })).toBe(2);
  });
});

describe('lookups of files', () => {
  writeFileSync(path.join(directory, 'a.txt'), 'text\n\n');
  writeFileSync(path.join(directory, 'a.j2'), 'hi {{ who }}\n');
  writeFileSync(path.join(directory, 'a.csv'), 'k,v\nb,"x, y"\n');
  writeFileSync(path.join(directory, 'a.ini'), '[one]\nKey = 1\nother: 2\n');

  it.each<[string, Value]>([
    ["lookup('file', 'a.txt')", 'text'],
    ["lookup('template', 'a.j2')", 'hi bob\n'],
    ["lookup('template', 'a.j2', template_vars={'who': 'ann'})", 'hi ann\n'],
    ["lookup('csvfile', 'b file=a.csv delimiter=,')", 'x, y'],
    ["lookup('ini', 'key', section='one', file='a.ini')", '1'],
    ["query('ini', '.*', section='one', file='a.ini', re=true)", ['1', '2']],
    ["query('fileglob', '*.txt') | map('basename')", ['a.txt']],
    ["lookup('first_found', 'none', 'a.txt') | basename", 'a.txt'],
    ["'~/x' | expanduser", '/home/ann/x'],
  ])('%s', (expression, expected) => {
    expect(value(`{{ ${expression} }}`, { who: 'bob' })).toEqual(expected);
  });

  it('of passwords remember what they made', () => {
    const first = value("{{ lookup('password', 'pw/one length=9') }}");
    expect(value("{{ lookup('password', 'pw/one') }}")).toBe(first);
    expect(readFileSync(path.join(directory, 'pw', 'one'), 'utf8')).toBe(`${String(first)}\n`);
    expect(statSync(path.join(directory, 'pw', 'one')).mode & 0o777).toBe(0o600);
  });
});

describe('tests in the old spelling of filters', () => {
  it('work and name the new spelling', () => {
    const result: Value = new Map<Value, Value>([['changed', true]]);
    expect(
      value('{{ result | changed }} {{ "1.10" | version_compare("1.9", ">") }}', { result }),
    ).toBe('True True');
    expect(warnings.map(([, replacement]) => replacement)).toEqual([
      '"is changed"',
      '"is version"',
    ]);
  });
});

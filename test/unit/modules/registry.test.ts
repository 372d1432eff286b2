import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { LoadError } from '../../../src/core/errors.ts';
import { type ListedModule, listed } from '../../../src/modules/listed.ts';
import { defineAction } from '../../../src/modules/module.ts';
import { namesOf, Registry } from '../../../src/modules/registry.ts';

const copy = module('ansible.builtin.copy');
const systemd = module('ansible.builtin.systemd', ['systemd_service']);
const container = module('community.docker.docker_container', [
  'community.general.docker_container',
]);

describe('Registry', () => {
  const registry = new Registry([systemd, copy, container]);

  it.each([
    ['copy', copy],
    ['ansible.builtin.copy', copy],
    ['ansible.legacy.copy', copy],
    ['systemd_service', systemd],
    ['ansible.builtin.systemd_service', systemd],
    ['docker_container', container],
    ['community.docker.docker_container', container],
    ['community.general.docker_container', container],
    ['ansible.builtin.docker_container', container],
    ['ansible.legacy.docker_container', container],
    ['ansible.posix.docker_container', undefined],
  ])('finds %s', (name, expected) => {
    expect(registry.find(name)).toBe(expected);
  });

  it('names the nearest module for an unknown one', () => {
    const source = { file: 'site.yml', line: 3, column: 7 };
    expect(() => registry.get('coppy', source)).toThrow(
      expect.objectContaining({
        message: 'unknown module "coppy"',
        code: 'DROVER_UNKNOWN_MODULE',
        hint: 'did you mean "copy"?',
        source,
      }),
    );
    expect(() => registry.get('nonsense.x')).toThrow(LoadError);
  });

  it.each([
    ['mysql_db', ' of community.mysql'],
    ['ansible.legacy.zypper_repository', ' of community.general'],
    ['win_feature', ' of ansible.windows'],
    ['win_chocolatey_feature', ' of chocolatey.chocolatey'],
    ['azure_rm_anything', ' of azure.azcollection'],
    ['community.docker.docker_swarm', ''],
    ['some.collection.thing', ''],
  ])('says of %s that its collection has it', (name, origin) => {
    expect(() => registry.get(name)).toThrow(
      expect.objectContaining({
        message: `drover does not have the module "${name}"${origin}`,
        code: 'DROVER_MISSING_MODULE',
      }),
    );
  });

  it.each(['coppy', 'mysql_bd', 'ansible.builtin.coppy', 'community.docker.docker_contaner'])(
    'takes %s for a misspelling',
    (name) => {
      expect(registry.missing(name)).toBeUndefined();
      expect(() => registry.get(name)).toThrow(`unknown module "${name}"`);
    },
  );

  it('lists each module once, by name', () => {
    expect(registry.all()).toEqual([copy, container, systemd]);
  });

  it('does not let two modules share a name', () => {
    expect(() => new Registry([copy, module('ansible.builtin.move', ['copy'])])).toThrow(
      'modules copy and move are both called copy',
    );
  });
});

describe('namesOf', () => {
  it('gives a module of a collection no builtin names', () => {
    expect([...namesOf(container)]).toEqual([
      'docker_container',
      'community.docker.docker_container',
      'community.general.docker_container',
    ]);
  });
});

function module(fullName: string, aliases?: readonly string[]): ListedModule {
  const definition = defineAction({
    name: fullName.slice(fullName.lastIndexOf('.') + 1),
    summary: 'For this test',
    params: z.strictObject({}),
    examples: [],
    checkMode: 'run',
    run: () => ({ changed: false }),
  });
  return listed(fullName, async () => definition, aliases);
}

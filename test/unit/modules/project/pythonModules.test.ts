import { describe, expect, it } from 'vitest';
import { ModuleError } from '../../../../src/core/errors.ts';
import { executableModule } from '../../../../src/modules/project/executable.ts';
import { importedNames } from '../../../../src/modules/project/pythonImports.ts';
import { scriptedTarget } from '../../../support/fakeTarget.ts';
import { runAction } from '../driver.ts';

const PACKAGE = 'ansible_collections.a.b.plugins.modules';
const UTILS = 'ansible_collections.a.b.plugins.module_utils';
const namesIn = (text: string) => [...importedNames(text, PACKAGE)].sort();

describe('imports of a Python file', () => {
  it.each([
    [
      'from ansible.module_utils.x import y',
      ['ansible.module_utils.x', 'ansible.module_utils.x.y'],
    ],
    ['  import ansible.module_utils.x as z, os', ['ansible.module_utils.x']],
    [
      'from ansible.module_utils.x import (  # why\n    y as z,\n    w,\n)',
      ['ansible.module_utils.x', 'ansible.module_utils.x.w', 'ansible.module_utils.x.y'],
    ],
    [
      'from ansible.module_utils.x import y, \\\n  w; z = 1',
      ['ansible.module_utils.x', 'ansible.module_utils.x.w', 'ansible.module_utils.x.y'],
    ],
    ['from ..module_utils.x import y', [`${UTILS}.x`, `${UTILS}.x.y`]],
    ['from . import y', [PACKAGE, `${PACKAGE}.y`]],
    ['from ........x import y', []],
    ['from ansible.module_utils.x import *', ['ansible.module_utils.x']],
    ['from ansible.errors import AnsibleError\nimport json\n# import ansible.module_utils.x', []],
    [
      'from ansible_collections.c.d.plugins.module_utils.x import y',
      [
        'ansible_collections.c.d.plugins.module_utils.x',
        'ansible_collections.c.d.plugins.module_utils.x.y',
      ],
    ],
  ])('%j', (text, names) => {
    expect(namesIn(text)).toEqual(names);
  });
});

it('a module for the library of Ansible is refused where the controller has none, before the host is asked', async () => {
  const module = executableModule({
    name: 'needs',
    file: '/p/library/needs.py',
    content: Buffer.from('from ansible.module_utils.basic import AnsibleModule\n'),
    pythonPlaces: () => undefined,
  });
  if (module.kind !== 'action') throw new Error(module.kind);
  const error = await runAction(module, {}, { target: scriptedTarget([]) }).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ModuleError);
  expect(error).toMatchObject({
    message: `module "needs" (/p/library/needs.py) is written against Ansible's Python library`,
    hint: expect.stringContaining('install ansible-core on this machine'),
  });
});

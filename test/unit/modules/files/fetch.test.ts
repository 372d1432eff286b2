import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { fetch } from '../../../../src/modules/files/fetch.ts';
import { runAction } from '../driver.ts';
import { useScratch } from '../scratch.ts';
import { testController } from '../testController.ts';

const scratch = useScratch();

async function fetchAs(host: string, src: string): Promise<string> {
  await scratch.target.writeFile(scratch.path('secret'), 'content');
  const controller = testController({ host, playbookDir: scratch.path('project') });
  const { data = {} } = await runAction(fetch, { src, dest: 'got' }, { ...scratch, controller });
  return String(data['dest']);
}

it.each(['..', '.', '../../x', '/etc', 'a/b', 'x\0y'])(
  'has no folder for a host of the name %j',
  async (host) => {
    await expect(fetchAs(host, scratch.path('secret'))).rejects.toThrow('there can be no folder');
    expect(existsSync(scratch.path('project'))).toBe(false);
  },
);

it.each(['web1', '...', '~', '$(id)', '..web', '-rf'])(
  'keeps the file of %j below its folder',
  async (host) => {
    const dest = await fetchAs(host, scratch.path('secret'));
    expect(dest).toBe(join(scratch.path('project'), 'got', host, scratch.path('secret')));
    expect(readFileSync(dest, 'utf8')).toBe('content');
  },
);

it('keeps a path that climbs below the folder of its host', async () => {
  const climbing = `${scratch.directory}/../../../../../../..${scratch.path('secret')}`;
  const dest = await fetchAs('web1', climbing);
  expect(dirname(dest)).toBe(join(scratch.path('project'), 'got', 'web1', scratch.directory));
});

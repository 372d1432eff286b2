import { describe, expect, it } from 'vitest';
import { toPlain } from '../../../../src/core/values.ts';
import { aptOrigins } from '../../../../src/modules/packages/apt/aptOrigins.ts';
import { packageFacts } from '../../../../src/modules/packages/packageFacts.ts';
import { scriptedTarget } from '../../../support/fakeTarget.ts';
import { runAction } from '../driver.ts';

const OVERVIEW = `Package files:
 100 /var/lib/dpkg/status
     release a=now
 500 http://deb.example.org/debian bookworm/main amd64 Packages
     release v=12.5,o=Debian,a=stable,n=bookworm,l=Debian,c=main,b=amd64
     origin deb.example.org
`;
const POLICY = `bash:
  Installed: 5.2.15-2+b2
  Candidate: 5.2.15-2+b2
  Version table:
 *** 5.2.15-2+b2 500
        500 http://deb.example.org/debian bookworm/main amd64 Packages
        100 /var/lib/dpkg/status
curl:
  Installed: 7.80
  Candidate: 7.88
  Version table:
     7.88 500
        500 http://deb.example.org/debian bookworm/main amd64 Packages
 *** 7.80 100
        100 /var/lib/dpkg/status
`;

function sections(parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts)
    .map(([name, content]) => `\n\x1e${name}\n${content}`)
    .join('');
}

async function factsOf(stdout: string, args: object = {}) {
  const target = scriptedTarget([() => ({ stdout })]);
  const outcome = await runAction(packageFacts, args, { target });
  const [effect] = outcome.effects ?? [];
  if (effect?.type !== 'hostFacts') throw new Error('no facts');
  const packages = toPlain(effect.facts.get('packages') ?? null);
  expect(outcome.data).toEqual({ ansible_facts: { packages } });
  return { packages, asked: target.requests[0]?.options.args };
}

describe('package_facts', () => {
  it('lists packages of dpkg with who publishes them', async () => {
    const apt = 'bash\t5.2.15-2+b2\tamd64\tshells\ncurl\t7.80\tamd64\tweb\n';
    const { packages, asked } = await factsOf(sections({ apt, origins: OVERVIEW, policy: POLICY }));
    const common = { arch: 'amd64', source: 'apt' };
    expect(packages).toEqual({
      bash: [
        { name: 'bash', version: '5.2.15-2+b2', category: 'shells', origin: 'Debian', ...common },
      ],
      curl: [{ name: 'curl', version: '7.80', category: 'web', origin: '', ...common }],
    });
    expect(asked).toEqual(['first', 'rpm', 'apt', 'apk', 'pacman', 'pkg_info']);
  });

  it('lists several versions of one package of rpm, and of every manager that is asked', async () => {
    const rpm = 'kernel\t6.1\t1\t(none)\tx86_64\nkernel\t6.2\t1\t2\tx86_64\n';
    const apk = 'busybox-1.36.1-r5\n';
    const { packages, asked } = await factsOf(sections({ rpm, apk }), {
      manager: ['dnf', 'apk', 'rpm'],
      strategy: 'all',
    });
    const kernel = { name: 'kernel', release: '1', arch: 'x86_64', source: 'rpm' };
    expect(packages).toEqual({
      kernel: [
        { ...kernel, version: '6.1', epoch: null },
        { ...kernel, version: '6.2', epoch: 2 },
      ],
      busybox: [{ name: 'busybox', version: '1.36.1', release: 'r5', source: 'apk' }],
    });
    expect(asked).toEqual(['all', 'rpm', 'apk']);
  });

  it('fails where no manager has packages', async () => {
    await expect(factsOf('')).rejects.toThrow('this host has none of the package managers rpm');
    await expect(factsOf('', { manager: 'portage' })).rejects.toThrow('drover does not read');
  });

  it('knows no origin for what no source has', () => {
    expect([...aptOrigins(OVERVIEW, POLICY)]).toEqual([['bash', 'Debian']]);
  });
});

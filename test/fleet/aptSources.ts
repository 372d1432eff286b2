// A machine's own Debian mirror and proxy, so that the hosts fetch packages from where the machine does.
import { lines, run } from './command.ts';

export const suite = 'bookworm';

export interface AptSources {
  /** Mirror for debootstrap; undefined leaves debootstrap to its own default. */
  readonly mirror: string | undefined;
  /** Text for `/etc/apt/sources.list`; undefined keeps what debootstrap wrote. */
  readonly list: string | undefined;
  /** Text for a file in `/etc/apt/apt.conf.d`: the machine's proxy, if it has one. */
  readonly proxy: string;
}

interface Source {
  readonly uri: string;
  readonly release: string;
  readonly component: string;
}

/** What this machine's apt says about Debian's own repositories; other vendors' are left out. */
export async function machineAptSources(): Promise<AptSources> {
  const sources = await debianSources();
  const proxy = await run('apt-config', ['dump', 'Acquire::http::Proxy', 'Acquire::https::Proxy']);
  return {
    mirror: sources.find(({ release }) => release === suite)?.uri,
    list: sources.length === 0 ? undefined : sourcesList(sources),
    proxy: lines(proxy)
      .filter((line) => !/""|127\.0\.0\.1|localhost/.test(line))
      .join('\n'),
  };
}

/** Where apt has no lists yet, only downloading them tells whose repositories they are. */
async function debianSources(): Promise<Source[]> {
  const known = await askApt();
  if (known.length > 0) return known;
  await run('apt-get', ['update'], { timeoutMs: 300_000 });
  return askApt();
}

async function askApt(): Promise<Source[]> {
  const fields = '$(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)';
  const answer = await run('apt-get', ['indextargets', '--format', fields, 'Created-By: Packages']);
  return lines(answer).flatMap((line) => {
    const [origin, uri, release, component] = line.split(' ');
    if (origin !== 'Debian' || !uri || !release?.startsWith(suite) || !component) return [];
    return [{ uri, release, component }];
  });
}

const sourcesList = (sources: readonly Source[]): string =>
  [...new Set(sources.map((each) => `deb ${each.uri} ${each.release} ${each.component}\n`))].join(
    '',
  );

/** Which proxy a request takes, by the variables that curl, wget and Python's urllib agree on. */

export interface ProxyEnvironment {
  readonly http?: string | undefined;
  readonly https?: string | undefined;
  /** Hosts reached directly: names, suffixes (`.example.com`), addresses, `*`; separated by commas. */
  readonly none?: string | undefined;
}

/** The proxy for `url`; undefined when it is reached directly. */
export function proxyFor(url: URL, environment: ProxyEnvironment): URL | undefined {
  const proxy = url.protocol === 'https:' ? environment.https : environment.http;
  if (proxy === undefined || proxy === '' || isExempt(url, environment.none ?? ''))
    return undefined;
  return new URL(proxy.includes('://') ? proxy : `http://${proxy}`);
}

function isExempt(url: URL, none: string): boolean {
  const host = url.hostname.toLowerCase();
  const hostAndPort = `${host}:${portOf(url)}`;
  return none
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter((entry) => entry !== '')
    .some((entry) => {
      const suffix = entry.replace(/^\*?\./, '');
      return (
        entry === '*' ||
        [host, hostAndPort].some((name) => name === suffix || name.endsWith(`.${suffix}`))
      );
    });
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

/** `Basic …` for the user and password inside a URL; undefined when it has none. */
export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

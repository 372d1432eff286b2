import { asDict, asList, asTexts } from '../compare.ts';
import { configField, type Field, hostField, peerMode, type Wanted } from '../field.ts';
import { exposedPorts, type PortBindings, parsePorts } from '../ports.ts';

/** What `default_host_ip` is when nobody sets it. */
const ANY_ADDRESS = '0.0.0.0';

export const networkFields: readonly Field[] = [
  hostField('published_ports', 'PortBindings', 'dict', publishedPorts, {
    normalise: (value, { params }) => normalBindings(value, params.default_host_ip),
    write: ({ config, hostConfig }, value) => {
      hostConfig['PortBindings'] = value;
      expose(config, Object.keys(asDict(value)));
    },
  }),
  hostField('publish_all_ports', 'PublishAllPorts', 'value', ({ params }) =>
    params.published_ports?.includes('all') ? true : params.publish_all_ports,
  ),
  configField('exposed_ports', 'ExposedPorts', 'set', exposed, {
    expected: (value, image) => [
      ...asTexts(value),
      ...Object.keys(image?.Config?.ExposedPorts ?? {}),
    ],
    actual: ({ Config }) => Object.keys(asDict(Config['ExposedPorts'])),
    write: ({ config }, value) => expose(config, asTexts(value)),
  }),
  hostField('network_mode', 'NetworkMode', 'value', peerMode('network_mode'), {
    // The Engine shows either, by its release.
    normalise: (mode) => (mode === 'default' ? 'bridge' : mode),
  }),
  hostField('links', 'Links', 'set', ({ params }) => params.links?.map(link), {
    actual: ({ HostConfig }) => asTexts(HostConfig['Links']).map(shownLink),
  }),
  hostField('etc_hosts', 'ExtraHosts', 'set', etcHosts),
  hostField('dns_servers', 'Dns', 'list'),
  hostField('dns_opts', 'DnsOptions', 'set'),
  hostField('dns_search_domains', 'DnsSearch', 'list'),
  configField('mac_address', 'MacAddress', 'value', undefined, {
    actual: ({ Config, NetworkSettings }) =>
      Config['MacAddress'] || Object.values(NetworkSettings.Networks ?? {})[0]?.MacAddress,
    normalise: (address) =>
      typeof address === 'string' ? address.toLowerCase().replaceAll('-', ':') : address,
  }),
];

function publishedPorts({ params }: Wanted): PortBindings | undefined {
  return params.published_ports === undefined
    ? undefined
    : parsePorts(params.published_ports, params.default_host_ip ?? ANY_ADDRESS);
}

function exposed(wanted: Wanted): readonly string[] | undefined {
  const given = wanted.params.exposed_ports;
  if (given === undefined) return undefined;
  return [...exposedPorts(given), ...Object.keys(publishedPorts(wanted) ?? {})];
}

function expose(config: Record<string, unknown>, ports: readonly string[]): void {
  const more = Object.fromEntries(ports.map((port) => [port, {}]));
  config['ExposedPorts'] = { ...asDict(config['ExposedPorts']), ...more };
}

/** Every list in one order; no address is any IPv4 address unless `default_host_ip` says what it is. */
function normalBindings(value: unknown, defaultIp: string | undefined): unknown {
  const spelt = (binding: unknown) => {
    const { HostIp, HostPort } = asDict(binding);
    const ip = !HostIp && defaultIp === undefined ? ANY_ADDRESS : String(HostIp ?? '');
    return `${ip}:${HostPort ?? ''}`;
  };
  const entries = Object.entries(asDict(value));
  return Object.fromEntries(entries.map(([port, list]) => [port, asList(list).map(spelt).sort()]));
}

/** `web` is `web:web`. */
export function link(text: string): string {
  return text.includes(':') ? text : `${text}:${text}`;
}

/** The Engine shows `/web:/this/alias`. */
function shownLink(text: string): string {
  const [container = '', alias = ''] = text.split(':');
  return `${container.replace(/^\//, '')}:${alias.split('/').at(-1)}`;
}

function etcHosts({ params }: Wanted): readonly string[] | undefined {
  const { etc_hosts } = params;
  return etc_hosts && Object.entries(etc_hosts).map(([name, address]) => `${name}:${address}`);
}

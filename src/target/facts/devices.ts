import { type FactFamily, HARDWARE, lines } from './family.ts';

/** Attributes of a block device in /sys, each with its fact. */
const ATTRIBUTES = [
  'removable',
  'size',
  'queue/rotational',
  'queue/scheduler',
  'queue/hw_sector_size',
  'queue/logical_block_size',
  'queue/discard_granularity',
  'device/vendor',
  'device/model',
  'device/sas_address',
  'device/sas_device_handle',
  'ro',
];

/** Block devices and their partitions. */
export const devices: FactFamily = {
  name: 'devices',
  aliases: HARDWARE,
  requires: ['platform'],
  script: String.raw`
at devices
for device in /sys/block/*; do
  [ -e "$device" ] || continue
  name=\${device##*/}
  echo "device $name"
  for attribute in ATTRIBUTES; do
    { IFS= read -r value <"$device/$attribute"; } 2>/dev/null && echo "attribute $attribute $value"
  done
  for holder in "$device"/holders/*; do [ -e "$holder" ] && echo "holder \${holder##*/}"; done
  for part in "$device/$name"*; do
    [ -e "$part/partition" ] || continue
    read -r start <"$part/start"; read -r size <"$part/size"
    echo "partition \${part##*/} $start $size"
  done
done
at links
for kind in uuid id label; do
  [ -d /dev/disk/by-$kind ] && ls -l /dev/disk/by-$kind 2>/dev/null | while read -r line; do echo "$kind $line"; done
done
at lvm; command -v lvs >/dev/null 2>&1 && echo yes`
    .replaceAll('\\$', '$')
    .replace('ATTRIBUTES', ATTRIBUTES.join(' ')),
  parse(section) {
    const links = linksOf(section('links'));
    const blocks = section('devices')
      .split(/^device /m)
      .slice(1);
    return {
      devices: Object.fromEntries(blocks.map((block) => deviceOf(block, links))),
      device_links: {
        ids: groupLinks(links, 'id'),
        uuids: groupLinks(links, 'uuid'),
        labels: groupLinks(links, 'label'),
        masters: {},
      },
      ...(section('lvm').trim() === '' && { lvm: 'N/A' }),
    };
  },
};

interface Link {
  readonly kind: string;
  readonly name: string;
  readonly device: string;
}

function linksOf(text: string): Link[] {
  return [...text.matchAll(/^(\w+) .* (\S+) -> \.\.\/\.\.\/(\S+)$/gm)].map(
    ([, kind = '', name = '', device = '']) => ({ kind, name, device }),
  );
}

function groupLinks(links: readonly Link[], kind: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const link of links) {
    if (link.kind !== kind) continue;
    found[link.device] = [...(found[link.device] ?? []), link.name].sort();
  }
  return found;
}

function namesOf(links: readonly Link[], device: string): object {
  const of = (kind: string): string[] =>
    links
      .filter((link) => link.device === device && link.kind === kind)
      .map(({ name }) => name)
      .sort();
  return { ids: of('id'), uuids: of('uuid'), labels: of('label'), masters: [] };
}

function deviceOf(block: string, links: readonly Link[]): [string, object] {
  const [name = '', ...rest] = lines(block);
  const attributes = new Map(
    rest.flatMap((line) => {
      const [, key, value = ''] = line.match(/^attribute (\S+) ?(.*)$/) ?? [];
      return key === undefined ? [] : [[key, value.trim()] as const];
    }),
  );
  const sectorSize =
    attributes.get('queue/hw_sector_size') ?? attributes.get('queue/logical_block_size') ?? '512';
  const sectors = attributes.get('size') ?? '0';
  const facts = {
    // Ansible says so of every device on a kernel whose /sys/block holds links, that is of all today.
    virtual: 1,
    links: namesOf(links, name),
    vendor: attributes.get('device/vendor') ?? null,
    model: attributes.get('device/model') ?? null,
    sas_address: attributes.get('device/sas_address') ?? null,
    sas_device_handle: attributes.get('device/sas_device_handle') ?? null,
    removable: attributes.get('removable') ?? '0',
    support_discard: attributes.get('queue/discard_granularity') ?? '0',
    rotational: attributes.get('queue/rotational') ?? '0',
    scheduler_mode: schedulerOf(attributes.get('queue/scheduler') ?? ''),
    sectors,
    sectorsize: sectorSize,
    // The kernel counts in sectors of 512 bytes whatever the device's own are.
    size: humanSize(Number(sectors) * 512),
    host: '',
    holders: rest.flatMap((line) => line.match(/^holder (\S+)$/)?.[1] ?? []),
    partitions: Object.fromEntries(rest.flatMap((line) => partitionOf(line, sectorSize, links))),
  };
  return [name, facts];
}

function partitionOf(line: string, sectorSize: string, links: readonly Link[]): [string, object][] {
  const [, name, start, sectors] = line.match(/^partition (\S+) (\d+) (\d+)$/) ?? [];
  if (name === undefined) return [];
  const uuid = links.find((link) => link.device === name && link.kind === 'uuid')?.name ?? null;
  const size = humanSize(Number(sectors) * 512);
  return [
    [
      name,
      {
        links: namesOf(links, name),
        start,
        sectors,
        sectorsize: Number(sectorSize),
        size,
        uuid,
        holders: [],
      },
    ],
  ];
}

/** `[mq-deadline] none` → `mq-deadline`; a device with one scheduler names it bare. */
function schedulerOf(text: string): string {
  return text.match(/\[(.*?)\]/)?.[1] ?? (/^\w+$/.test(text) ? text : '');
}

/** 1024-based with two decimals: `10.00 GB`. */
function humanSize(bytes: number): string {
  const units = ['YB', 'ZB', 'EB', 'PB', 'TB', 'GB', 'MB', 'KB'];
  const at = units.findIndex((_, index) => bytes >= 1024 ** (units.length - index));
  if (at < 0) return `${bytes.toFixed(2)} Bytes`;
  return `${(bytes / 1024 ** (units.length - at)).toFixed(2)} ${units[at]}`;
}

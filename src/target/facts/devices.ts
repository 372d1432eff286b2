import { posix } from 'node:path';
import { type FactFamily, HARDWARE, lines, type Sections } from './family.ts';

const { basename } = posix;

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

/** Where links to devices are, by what their names say. */
const LINKS = { uuid: '/dev/disk/by-uuid', id: '/dev/disk/by-id', label: '/dev/disk/by-label' };

/** Block devices and their partitions. */
export const devices: FactFamily = {
  name: 'devices',
  aliases: HARDWARE,
  requires: ['platform'],
  folders: Object.values(LINKS),
  script: `
at devices
for device in /sys/block/*; do
  [ -e "$device" ] || continue
  echo "device $device"
  also ${ATTRIBUTES.map((attribute) => `"$device/${attribute}"`).join(' ')}
  for holder in "$device"/holders/*; do [ -e "$holder" ] && echo "holder $holder"; done
  for part in "$device/$\{device##*/}"*; do
    [ -e "$part/partition" ] && echo "partition $part" && also "$part/start" "$part/size"
  done
done
at lvm; command -v lvs >/dev/null 2>&1 && echo yes`,
  parse(section) {
    const links = Object.entries(LINKS).flatMap(([kind, folder]) => linksOf(kind, section(folder)));
    const blocks = section('devices')
      .split(/^device /m)
      .slice(1);
    return {
      devices: Object.fromEntries(blocks.map((block) => deviceOf(block, section, links))),
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

function linksOf(kind: string, listing: string): Link[] {
  return [...listing.matchAll(/ (\S+) -> \.\.\/\.\.\/(\S+)$/gm)].map(
    ([, name = '', device = '']) => ({ kind, name, device }),
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

/** @param block its path in /sys, and below it what it has. */
function deviceOf(block: string, section: Sections, links: readonly Link[]): [string, object] {
  const [path = '', ...rest] = lines(block);
  const name = basename(path);
  const below = (kind: string): string[] =>
    rest.filter((line) => line.startsWith(`${kind} `)).map((line) => line.slice(kind.length + 1));
  const attribute = (file: string): string | undefined => {
    const text = section(`${path}/${file}`);
    return text === '' ? undefined : text.trim();
  };
  const sectorSize =
    attribute('queue/hw_sector_size') ?? attribute('queue/logical_block_size') ?? '512';
  const sectors = attribute('size') ?? '0';
  const facts = {
    // Ansible says so of every device on a kernel whose /sys/block holds links, that is of all today.
    virtual: 1,
    links: namesOf(links, name),
    vendor: attribute('device/vendor') ?? null,
    model: attribute('device/model') ?? null,
    sas_address: attribute('device/sas_address') ?? null,
    sas_device_handle: attribute('device/sas_device_handle') ?? null,
    removable: attribute('removable') ?? '0',
    support_discard: attribute('queue/discard_granularity') ?? '0',
    rotational: attribute('queue/rotational') ?? '0',
    scheduler_mode: schedulerOf(attribute('queue/scheduler') ?? ''),
    sectors,
    sectorsize: sectorSize,
    // The kernel counts in sectors of 512 bytes whatever the device's own are.
    size: humanSize(Number(sectors) * 512),
    host: '',
    holders: below('holder').map((holder) => basename(holder)),
    partitions: Object.fromEntries(
      below('partition').map((part) => partitionOf(part, section, sectorSize, links)),
    ),
  };
  return [name, facts];
}

/** @param path in /sys. */
function partitionOf(
  path: string,
  section: Sections,
  sectorSize: string,
  links: readonly Link[],
): [string, object] {
  const name = basename(path);
  const [start, sectors] = ['start', 'size'].map((file) => section(`${path}/${file}`).trim());
  const facts = {
    links: namesOf(links, name),
    start,
    sectors,
    sectorsize: Number(sectorSize),
    size: humanSize(Number(sectors) * 512),
    uuid: links.find((link) => link.device === name && link.kind === 'uuid')?.name ?? null,
    holders: [],
  };
  return [name, facts];
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

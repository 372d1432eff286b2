import { type FactFamily, HARDWARE, lines } from './family.ts';

/** File in /sys/class/dmi/id → fact. */
const FILES: Readonly<Record<string, string>> = {
  bios_date: 'bios_date',
  bios_vendor: 'bios_vendor',
  bios_version: 'bios_version',
  board_asset_tag: 'board_asset_tag',
  board_name: 'board_name',
  board_serial: 'board_serial',
  board_vendor: 'board_vendor',
  board_version: 'board_version',
  chassis_asset_tag: 'chassis_asset_tag',
  chassis_serial: 'chassis_serial',
  chassis_type: 'form_factor',
  chassis_vendor: 'chassis_vendor',
  chassis_version: 'chassis_version',
  product_name: 'product_name',
  product_serial: 'product_serial',
  product_uuid: 'product_uuid',
  product_version: 'product_version',
  sys_vendor: 'system_vendor',
};

/** Chassis types of the SMBIOS specification (7.4.1), by number. */
const FORM_FACTORS = [
  'Unknown',
  'Other',
  'Unknown',
  'Desktop',
  'Low Profile Desktop',
  'Pizza Box',
  'Mini Tower',
  'Tower',
  'Portable',
  'Laptop',
  'Notebook',
  'Hand Held',
  'Docking Station',
  'All In One',
  'Sub Notebook',
  'Space-saving',
  'Lunch Box',
  'Main Server Chassis',
  'Expansion Chassis',
  'Sub Chassis',
  'Bus Expansion Chassis',
  'Peripheral Chassis',
  'RAID Chassis',
  'Rack Mount Chassis',
  'Sealed-case PC',
  'Multi-system',
  'CompactPCI',
  'AdvancedTCA',
  'Blade',
  'Blade Enclosure',
  'Tablet',
  'Convertible',
  'Detachable',
  'IoT Gateway',
  'Embedded PC',
  'Mini PC',
  'Stick PC',
];

/** What the firmware says about the machine; `NA` where it says nothing or only to root. */
export const dmi: FactFamily = {
  name: 'dmi',
  aliases: HARDWARE,
  requires: ['platform'],
  script: `
at dmi
for name in ${Object.keys(FILES).join(' ')}; do
  { IFS= read -r value <"/sys/class/dmi/id/$name"; } 2>/dev/null && echo "$name=$value"
done`,
  parse(section) {
    const values = new Map(
      lines(section('dmi')).map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), line.slice(at + 1).trim()] as const;
      }),
    );
    return Object.fromEntries(
      Object.entries(FILES).map(([file, fact]) => [fact, factOf(file, values.get(file))]),
    );
  },
};

function factOf(file: string, value: string | undefined): string {
  if (value === undefined) return 'NA';
  return file === 'chassis_type' ? (FORM_FACTORS[Number(value)] ?? `unknown (${value})`) : value;
}

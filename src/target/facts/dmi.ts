import { type FactFamily, HARDWARE } from './family.ts';

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
  files: Object.keys(FILES).map(pathOf),
  parse: (section) =>
    Object.fromEntries(
      Object.entries(FILES).map(([file, fact]) => [fact, factOf(file, section(pathOf(file)))]),
    ),
};

function pathOf(file: string): string {
  return `/sys/class/dmi/id/${file}`;
}

/** @param text with a newline, even where the firmware says nothing; the empty text where there is no such file. */
function factOf(file: string, text: string): string {
  if (text === '') return 'NA';
  const value = text.trim();
  return file === 'chassis_type' ? (FORM_FACTORS[Number(value)] ?? `unknown (${value})`) : value;
}

/**
 * Modules that Ansible's collections have and drover does not: a playbook that names one is not mistaken, it only cannot
 * run that task here. Without this every such task would look like a misspelling.
 */
import { COLLECTION_NAMES } from './collectionNames.ts';

/** Names in these are routed as short ones are. */
const OWN_COLLECTION = /^ansible\.(?:builtin|legacy)\./;
const QUALIFIED = /^(\w+\.\w+)\.\w+(?:\.\w+)*$/;

/** The collection that holds a module, by the module's short or full name: `community.mysql` for `mysql_db`. */
export function collectionOf(name: string): string | undefined {
  const short = name.replace(OWN_COLLECTION, '');
  return QUALIFIED.exec(short)?.[1] ?? collectionListing(short) ?? collectionOfFamily(short);
}

/** Whether the collection is known to hold the module of that full name. */
export function isListed(fullName: string): boolean {
  const short = fullName.slice(fullName.lastIndexOf('.') + 1);
  const collection = collectionListing(short);
  return collection !== undefined && fullName === `${collection}.${short}`;
}

/** The longest beginning of the name that stands for a family wins. */
function collectionOfFamily(name: string): string | undefined {
  for (let end = name.lastIndexOf('_'); end > 0; end = name.lastIndexOf('_', end - 1)) {
    const collection = collectionListing(`${name.slice(0, end)}_*`);
    if (collection !== undefined) return collection;
  }
  return undefined;
}

function collectionListing(entry: string): string | undefined {
  let collection: string | undefined;
  for (const line of COLLECTION_NAMES.split('\n')) {
    if (line.endsWith(':')) collection = line.slice(0, -1);
    else if (line.trim().split(' ').includes(entry)) return collection;
  }
  return undefined;
}

/** Links from a service to others, by the name they are known under (rancher.md B8). */
import { invalid } from '../api/errors.ts';
import { isGone } from '../api/references.ts';
import { numberOf } from '../model/ids.ts';
import { asFields, asList, asText, asTextMap, type Fields } from '../model/json.ts';
import type { Action, Call } from '../model/resourceType.ts';
import type { Row } from '../store/store.ts';

const states = [
  'active',
  'inactive',
  'activating',
  'updating-active',
  'updating-inactive',
  'registering',
];

type Links = Record<string, string>;

function linkAction(change: (links: Links, input: Fields, call: Call) => Promise<Links>): Action {
  return {
    states,
    handle: async (row: Row, input: Fields, call: Call) => {
      const linkedServices = await change(asTextMap(row.fields['linkedServices']), input, call);
      await call.world.lifecycle.patch(row, { fields: { linkedServices } });
      return undefined;
    },
  };
}

export const linkActions: Readonly<Record<string, Action>> = {
  setservicelinks: linkAction(async (_links, input, call) => {
    const given = asList(input['serviceLinks']).map((one) => asFields(one) ?? {});
    return Object.assign({}, ...(await Promise.all(given.map((one) => link(one, call)))));
  }),
  addservicelink: linkAction(async (links, input, call) => ({
    ...links,
    ...(await link(asFields(input['serviceLink']) ?? {}, call)),
  })),
  removeservicelink: linkAction(async (links, input) => {
    const { serviceId, name } = asFields(input['serviceLink']) ?? {};
    const isMeant = ([key, id]: [string, string]) =>
      id === serviceId && (name == null || key === name);
    return Object.fromEntries(Object.entries(links).filter((entry) => !isMeant(entry)));
  }),
};

/** Without a name of its own a link has the name of the service. */
async function link({ serviceId, name }: Fields, call: Call): Promise<Links> {
  const id = asText(serviceId);
  if (id === undefined) throw invalid('MissingRequired', 'serviceId');
  const number = numberOf(call.world.types.get('service'), id);
  const row =
    number === undefined ? undefined : await call.world.store.get({ table: 'service', number });
  if (row === undefined || isGone(row)) throw invalid('InvalidReference', 'serviceId');
  return { [asText(name) ?? String(row.fields['name'])]: id };
}

/** From an Authorization header to the account it stands for. */
import type { ApiRequest } from '../api/request.ts';
import { accountNumber } from '../model/ids.ts';
import { asText } from '../model/json.ts';
import type { World } from '../model/world.ts';
import type { Row } from '../store/store.ts';
import { basicCredentials, digest, isSame } from './secrets.ts';
import { sessionAccountId } from './session.ts';

/** The living account behind an API key or a session token; undefined when there is none. */
export async function accountOfCredentials(
  authorization: string | undefined,
  request: ApiRequest,
  world: World,
): Promise<Row | undefined> {
  const basic = basicCredentials(authorization);
  const number =
    basic === undefined
      ? await sessionAccountId(authorization, request, world)
      : await keyAccount(basic.user, basic.password, world);
  const account =
    number === undefined ? undefined : await world.store.get({ table: 'account', number });
  return account?.removed === null && account.state === 'active' ? account : undefined;
}

async function keyAccount(key: string, secret: string, world: World): Promise<number | undefined> {
  const found = await credential('apiKey', key, secret, world);
  return found === undefined ? undefined : accountNumber(String(found.fields['accountId']));
}

/** The active credential of this type with this name and secret. */
export async function credential(type: string, key: string, secret: string, world: World) {
  const rows = await world.store.list('credential');
  return rows.find(
    (row) =>
      row.type === type &&
      row.state === 'active' &&
      row.fields['publicValue'] === key &&
      isSame(digest(secret), asText(row.hidden['secretHash']) ?? ''),
  );
}

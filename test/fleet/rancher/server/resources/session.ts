/** Login tokens: JWTs signed with a secret the database keeps (rancher.md B3). */
import { createHmac, randomBytes } from 'node:crypto';
import type { ApiRequest } from '../api/request.ts';
import { asNumber, parseFields } from '../model/json.ts';
import type { World } from '../model/world.ts';
import { isSame } from './secrets.ts';

const lifetimeMs = 16 * 60 * 60 * 1000;
export const signingKeySetting = 'api.auth.jwt.signing.key';

export async function issueToken(accountId: number, world: World): Promise<string> {
  const payload = { sub: accountId, exp: world.clock.now() + lifetimeMs };
  const unsigned = `${encoded({ alg: 'HS256', typ: 'JWT' })}.${encoded(payload)}`;
  return `${unsigned}.${sign(unsigned, await signingKey(world))}`;
}

/** The account of a Bearer token, or of the `token` cookie; undefined when it is missing, forged or old. */
export async function sessionAccountId(
  authorization: string | undefined,
  request: ApiRequest,
  world: World,
): Promise<number | undefined> {
  const jwt = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1] ?? cookieToken(request);
  if (jwt === undefined) return undefined;
  const [head = '', payload = '', signature = ''] = jwt.split('.');
  if (!isSame(signature, sign(`${head}.${payload}`, await signingKey(world)))) return undefined;
  const claims = parseFields(Buffer.from(payload, 'base64url').toString('utf8'));
  const expires = asNumber(claims?.['exp']) ?? 0;
  return expires > world.clock.now() ? asNumber(claims?.['sub']) : undefined;
}

function cookieToken(request: ApiRequest): string | undefined {
  return /(?:^|;\s*)token=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sign(text: string, key: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Made on first use and kept, so that tokens outlive a restart. */
async function signingKey(world: World): Promise<string> {
  const kept = await world.settings.value(signingKeySetting);
  if (kept !== null) return kept;
  const key = randomBytes(32).toString('hex');
  await world.settings.set(signingKeySetting, key, world.clock.now());
  return key;
}

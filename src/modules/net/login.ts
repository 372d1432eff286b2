/** User and password of an HTTP request: sent at once, or in answer to a 401. */
import { randomBytes } from 'node:crypto';
import { challengesIn, digestAuthorization } from './digest.ts';
import { basicAuthorization } from './proxy.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** The header that sends them unasked. */
export function authorization(credentials: Credentials | undefined): Record<string, string> {
  if (credentials === undefined) return {};
  return { Authorization: basicAuthorization(credentials.user, credentials.password) };
}

export interface Refused {
  readonly method: string;
  readonly url: string;
  readonly body?: Buffer | undefined;
}

/**
 * The value of Authorization for a request that got a 401. A server that asks for nothing known gets them in the basic way.
 * @param header its WWW-Authenticate.
 */
export function answerTo401(header: string, credentials: Credentials, request: Refused): string {
  const { pathname, search } = new URL(request.url);
  const digest = digestAuthorization(challengesIn(header), credentials, {
    method: request.method,
    path: `${pathname}${search}`,
    body: request.body,
    clientNonce: randomBytes(8).toString('hex'),
  });
  return digest ?? basicAuthorization(credentials.user, credentials.password);
}

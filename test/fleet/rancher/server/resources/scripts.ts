/** `GET /scripts/<token>`: what the agent's bootstrap loads. Needs no login: the token is the key. */
import { notFound } from '../api/errors.ts';
import type { ApiRequest } from '../api/request.ts';
import { type ApiResponse, ok, TextBody } from '../api/response.ts';
import type { World } from '../model/world.ts';
import { agentUrl, tokenCredential } from './registrationToken.ts';

/** @throws ApiError 404 for a token that is forged, expired or of an inactive credential */
export async function answerScript(request: ApiRequest, world: World): Promise<ApiResponse> {
  const [, token = ''] = request.segments;
  if (request.method !== 'GET' || (await tokenCredential(token, world)) === undefined) {
    throw notFound();
  }
  return ok(
    new TextBody('text/plain', script(token, await agentUrl(request, world), request.clientIp)),
  );
}

function script(token: string, url: string, clientIp: string): string {
  return `#!/bin/sh

export CATTLE_REGISTRATION_ACCESS_KEY="registrationToken"
export CATTLE_REGISTRATION_SECRET_KEY="${token}"
export CATTLE_URL="${url}"
export DETECTED_CATTLE_AGENT_IP="${clientIp}"
`;
}

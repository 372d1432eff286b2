/** The calls an agent makes to the Rancher server. */
import { AgentError } from './environment.ts';
import { exchange, type Reply } from './http.ts';

export interface AgentKeys {
  readonly accessKey: string;
  readonly secretKey: string;
}

export type Sleep = (delayMs: number) => Promise<void>;

const reachAttempts = 300;
const reachPauseMs = 2000;

/** Tries the URL until anything answers, at most 300 times. @throws AgentError after the last */
export async function waitUntilReachable(url: string, sleep: Sleep, log: (line: string) => void) {
  for (let attempt = 1; attempt <= reachAttempts; attempt++) {
    const reply = await exchange({ url }).catch(() => undefined);
    if (reply !== undefined && reply.status < 500) return;
    log(`INFO: ${url} is not accessible, attempt ${attempt} of ${reachAttempts}`);
    await sleep(reachPauseMs);
  }
  throw new AgentError(`Could not reach ${url}. Giving up.`);
}

/** The registration script behind the URL. @throws AgentError with what came instead */
export async function loadScript(url: string): Promise<string> {
  const { text } = await exchange({ url });
  if (!text.startsWith('#!/bin/sh')) throw new AgentError(`Invalid response from ${url}\n${text}`);
  return text;
}

/** Without a token in the URL: an active token of the first project, made when there is none. */
export async function findRegistrationUrl(url: string, sleep: Sleep): Promise<string> {
  const root = `${url.replace(/\/+$/, '').replace(/\/v\d.*$/, '')}/v1`;
  const projects = parseData(await exchange({ url: `${root}/projects` }), 'projects');
  const tokens = `${root}/projects/${String(projects[0]?.id)}/registrationtokens`;
  const [active] = parseData(
    await exchange({ url: `${tokens}?state=active` }),
    'registration tokens',
  );
  return active?.registrationUrl ?? newToken(tokens, sleep);
}

interface Token {
  readonly id?: string;
  readonly state?: string;
  readonly registrationUrl?: string;
}

async function newToken(tokens: string, sleep: Sleep): Promise<string> {
  const made: Token = JSON.parse(expectOk(await exchange({ method: 'POST', url: tokens })).text);
  for (let attempt = 0; attempt < pollAttempts; attempt++) {
    const token: Token = JSON.parse(expectOk(await exchange({ url: `${tokens}/${made.id}` })).text);
    if (token.registrationUrl) return token.registrationUrl;
    await sleep(pollPauseMs);
  }
  throw new AgentError(`registration token ${made.id} did not become active`);
}

function parseData(reply: Reply, what: string): readonly Token[] {
  const { data } = JSON.parse(expectOk(reply).text);
  if (!Array.isArray(data)) throw new AgentError(`no ${what} in the answer: ${reply.text}`);
  return data;
}

const pollAttempts = 60;
const pollPauseMs = 1000;

/** Registers under `key` and waits for the keys that belong to it. @throws AgentError when the server refuses */
export async function registerHost(api: string, token: string, key: string, sleep: Sleep) {
  const auth = `registrationToken:${token}`;
  expectOk(await exchange({ method: 'POST', url: `${api}/register`, auth, body: { key } }));
  for (let attempt = 0; attempt < pollAttempts; attempt++) {
    const reply = expectOk(await exchange({ url: `${api}/register?key=${key}`, auth }));
    const [row] = JSON.parse(reply.text).data;
    if (row?.state === 'active') return { accessKey: row.accessKey, secretKey: row.secretKey };
    await sleep(pollPauseMs);
  }
  throw new AgentError('the registration did not become active');
}

/** @throws AgentError when the keys are refused, Error when the server is away */
export async function ping(api: string, keys: AgentKeys, report: object): Promise<void> {
  const auth = `${keys.accessKey}:${keys.secretKey}`;
  const reply = await exchange({ method: 'POST', url: `${api}/agents/ping`, auth, body: report });
  if (reply.status === 401) {
    throw new AgentError('Credentials are no longer valid, please re-register this agent');
  }
  if (reply.status !== 200) throw new Error(`the server answered ${reply.status}`);
}

function expectOk(reply: Reply): Reply {
  if (reply.status === 401) throw new AgentError('Invalid API credentials');
  if (reply.status < 300) return reply;
  throw new AgentError(`the server answered ${reply.status}: ${reply.text}`);
}

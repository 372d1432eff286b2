/** The door: Node's HTTP server around `dispatch`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { RawRequest } from './request.ts';
import type { ApiResponse } from './response.ts';
import { TextBody } from './response.ts';

const highestBodyBytes = 16 * 1024 * 1024;

/** `answer` undefined: the API is not up yet, and the proxy in front of it says 502. */
export type Answer = ((raw: RawRequest) => Promise<ApiResponse>) | undefined;

/** A server, not listening yet. `version` goes into every response. */
export function httpServer(version: string, answer: () => Answer): Server {
  return createServer((incoming, outgoing) => {
    respond(incoming, outgoing, version, answer()).catch(() => outgoing.destroy());
  });
}

async function respond(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  version: string,
  answer: Answer,
): Promise<void> {
  if (answer === undefined) {
    outgoing.writeHead(502, { 'Content-Type': 'text/plain' }).end('Bad Gateway');
    return;
  }
  const response = await answer(await rawRequest(incoming));
  send(outgoing, response, version);
}

async function rawRequest(incoming: IncomingMessage): Promise<RawRequest> {
  return {
    method: incoming.method ?? 'GET',
    url: incoming.url ?? '/',
    headers: incoming.headers,
    body: await readBody(incoming),
    peer: incoming.socket.remoteAddress ?? '',
  };
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > highestBodyBytes) throw new Error(`body larger than ${highestBodyBytes} bytes`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function send(outgoing: ServerResponse, { status, headers, body }: ApiResponse, version: string) {
  const { contentType, text } =
    body instanceof TextBody
      ? body
      : { contentType: 'application/json; charset=utf-8', text: JSON.stringify(body) };
  outgoing.writeHead(status, {
    'X-Rancher-Version': version,
    'Set-Cookie': 'PL=rancher;Path=/',
    ...headers,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(text),
  });
  outgoing.end(text);
}

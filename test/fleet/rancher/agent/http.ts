/** One HTTP exchange, over TCP or a unix socket. */
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Exchange {
  readonly method?: string;
  /** An absolute URL; over a unix socket, a path. */
  readonly url: string;
  readonly socketPath?: string;
  readonly auth?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
}

const timeoutMs = 30_000;

/** Rejects when no answer comes; any status is an answer. */
export function exchange({ method = 'GET', url, socketPath, auth, body, headers }: Exchange) {
  const target = new URL(url, 'http://localhost');
  const text = body === undefined ? undefined : JSON.stringify(body);
  const json = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text ?? ''),
  };
  const options: RequestOptions = {
    method,
    timeout: timeoutMs,
    headers: { Accept: 'application/json', ...headers, ...(text === undefined ? {} : json) },
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(auth === undefined ? {} : { auth }),
  };
  return new Promise<Reply>((resolve, reject) => {
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
    const outgoing = send(target, options, (incoming) => readReply(incoming).then(resolve, reject));
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`no answer from ${url} in ${timeoutMs} ms`)),
    );
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

async function readReply(incoming: IncomingMessage): Promise<Reply> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  return { status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
}

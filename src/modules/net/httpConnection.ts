/** Opens the stream that an HTTP request travels on, from the target's network: direct, by proxy, by unix socket, with TLS. */
import { request as httpRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import { rootCertificates, connect as tlsConnect } from 'node:tls';
import type { Target } from '../../target/target.ts';
import { basicAuthorization, type ProxyEnvironment, portOf, proxyFor } from './proxy.ts';

export interface TlsOptions {
  readonly validateCerts: boolean;
  /** Certificates in PEM form to trust besides the public ones. */
  readonly ca?: readonly string[] | undefined;
  readonly cert?: Buffer | undefined;
  readonly key?: Buffer | undefined;
  /** As OpenSSL names them. */
  readonly ciphers?: string | undefined;
}

export interface Route {
  readonly unixSocket?: string | undefined;
  readonly proxies: ProxyEnvironment;
  readonly tls: TlsOptions;
}

export interface Connection {
  readonly stream: Duplex;
  /** The proxy that the request itself goes to (absolute-form target); undefined when the stream ends at the server. */
  readonly proxy: URL | undefined;
}

type Network = Pick<Target, 'connect' | 'connectUnix' | 'sh'>;

export async function openConnection(target: Network, url: URL, route: Route): Promise<Connection> {
  const isSecure = url.protocol === 'https:';
  if (route.unixSocket !== undefined) {
    const stream = await target.connectUnix(route.unixSocket);
    return { stream: isSecure ? await secure(stream, url, route.tls) : stream, proxy: undefined };
  }
  const proxy = proxyFor(url, route.proxies);
  if (!isSecure) return { stream: await connectTo(target, proxy ?? url), proxy };
  return { stream: await openSecure(target, url, proxy, route.tls), proxy: undefined };
}

/** Trusts what the controller trusts, then also what the target's own system trusts. */
async function openSecure(
  target: Network,
  url: URL,
  proxy: URL | undefined,
  tls: TlsOptions,
): Promise<Duplex> {
  const open = () => (proxy === undefined ? connectTo(target, url) : tunnel(target, url, proxy));
  try {
    return await secure(await open(), url, tls);
  } catch (error) {
    if (tls.ca !== undefined || !isUntrusted(error)) throw error;
    const bundle = await systemCertificates(target);
    if (bundle === '') throw error;
    return secure(await open(), url, { ...tls, ca: [bundle] });
  }
}

const UNTRUSTED = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

function isUntrusted(error: unknown): boolean {
  return error instanceof Error && 'code' in error && UNTRUSTED.has(String(error.code));
}

/** The trust store of the target, in the places where distributions keep it. */
async function systemCertificates(target: Network): Promise<string> {
  const { stdout } = await target.sh(
    `for file in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
      [ ! -r "$file" ] || { cat "$file"; exit; }
    done`,
  );
  return stdout.toString();
}

function connectTo(target: Network, url: URL): Promise<Duplex> {
  return target.connect(url.hostname.replace(/^\[|\]$/g, ''), portOf(url));
}

/** A tunnel to `url` through a proxy (`CONNECT`). */
async function tunnel(target: Network, url: URL, proxy: URL): Promise<Duplex> {
  const stream = await connectTo(target, proxy);
  const authority = `${url.hostname}:${portOf(url)}`;
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyAuthorization(proxy) },
      createConnection: () => stream,
    });
    request.once('connect', (response) => {
      if (response.statusCode === 200) return resolve(stream);
      stream.destroy();
      return reject(
        new Error(`the proxy ${proxy.host} answered ${response.statusCode} to CONNECT`),
      );
    });
    request.once('error', reject);
    request.end();
  });
}

export function proxyAuthorization(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const [user, password] = [proxy.username, proxy.password].map(decodeURIComponent);
  return { 'proxy-authorization': basicAuthorization(user ?? '', password ?? '') };
}

function secure(socket: Duplex, url: URL, tls: TlsOptions): Promise<Duplex> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const isAddress = /^[\d.]+$|:/.test(host);
  return new Promise((resolve, reject) => {
    const stream = tlsConnect({
      socket,
      host,
      ...(isAddress ? {} : { servername: host }),
      rejectUnauthorized: tls.validateCerts,
      ALPNProtocols: ['http/1.1'],
      ...(tls.ca === undefined ? {} : { ca: [...rootCertificates, ...tls.ca] }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert, key: tls.key ?? tls.cert }),
      ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
    });
    stream.once('secureConnect', () => resolve(stream));
    stream.once('error', (error) => {
      socket.destroy();
      reject(error);
    });
    socket.once('close', () =>
      reject(new Error('the connection was closed during the TLS handshake')),
    );
  });
}

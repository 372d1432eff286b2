import { createServer } from 'node:net';

/** The first port at or after `from` that nobody listens on at 127.0.0.1 and that is not in `taken`; adds it there. */
export async function freePort(from: number, taken: Set<number>): Promise<number> {
  let port = from;
  while (taken.has(port) || !(await isFree(port))) port += 1;
  taken.add(port);
  return port;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

import { request } from 'node:http';

/** Whether a HEAD request gets a status below 400 within `timeoutMs`. Each on a connection of its own: a server that is
 *  just starting drops them. */
export const httpAnswers = (
  url: string,
  headers: Readonly<Record<string, string>> = {},
  timeoutMs = 5000,
): Promise<boolean> =>
  new Promise((resolve) => {
    const asking = request(url, { method: 'HEAD', headers, agent: false, timeout: timeoutMs });
    asking.once('response', (response) => {
      response.resume();
      resolve((response.statusCode ?? 500) < 400);
    });
    asking.once('timeout', () => asking.destroy());
    asking.once('error', () => resolve(false));
    asking.once('close', () => resolve(false));
    asking.end();
  });

/**
 * What nobody can be faster than on this machine with this library: one ssh2 connection and one shell per host, and round trips
 * through it, each running `/bin/true`; or a file streamed into `cat`. Everything else that a tool does comes on top.
 *
 *     tsx floor.ts KEYFILE trips N ADDRESS…
 *     tsx floor.ts KEYFILE stream FILE ADDRESS…
 */
import { createReadStream, readFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import ssh2, { type ClientChannel } from 'ssh2';

const [keyFile = '', kind = '', what = '', ...addresses] = process.argv.slice(2);
const privateKey = readFileSync(keyFile);
await Promise.all(addresses.map(work));

async function work(host: string): Promise<void> {
  const client = await connected(host);
  client.setNoDelay(true);
  if (kind === 'trips') await trips(await opened(client, 'exec sh'), Number(what));
  else await stream(await opened(client, 'cat >/tmp/floor'), what);
  client.end();
}

function connected(host: string): Promise<ssh2.Client> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.on('error', reject).on('ready', () => resolve(client));
    client.connect({ host, username: 'root', privateKey, readyTimeout: 60_000 });
  });
}

function opened(client: ssh2.Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

async function trips(channel: ClientChannel, count: number): Promise<void> {
  for (let trip = 0; trip < count; trip += 1) {
    const answer = new Promise((resolve) => channel.once('data', resolve));
    channel.write('/bin/true; echo $?\n');
    await answer;
  }
}

async function stream(channel: ClientChannel, file: string): Promise<void> {
  const closed = new Promise((resolve) => channel.once('close', resolve));
  channel.resume();
  await pipeline(createReadStream(file), channel);
  await closed;
}

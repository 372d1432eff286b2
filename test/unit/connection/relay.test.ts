import { Duplex, PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { openProgram } from '../../../src/connection/relay.ts';
import type { ExitStatus, Transport } from '../../../src/connection/transport.ts';

/** A transport whose program says something and is gone, as over SSH: one channel both ways, closed without its input being read. */
function hastyTransport(says: string): Pick<Transport, 'exec'> {
  let hasSaid = false;
  const channel: Duplex = new Duplex({
    read: () => undefined,
    write: (_chunk, _encoding, done) => {
      done();
      if (hasSaid) return;
      hasSaid = true;
      channel.once('end', () => channel.emit('close')); // before anybody else hears of the end
      channel.push(`ok\n${says}`);
      channel.push(null);
    },
  });
  const exec = async () => ({
    stdin: channel,
    stdout: channel,
    stderr: new PassThrough(),
    exit: new Promise<ExitStatus>((resolve) => channel.once('close', () => resolve({ code: 0 }))),
    kill: () => undefined,
  });
  return { exec };
}

it('hears a program that ends without reading its input', async () => {
  const transport = hastyTransport('done') as Transport;
  const stream = await openProgram(
    transport,
    { host: 'h', shell: '/bin/sh' },
    { script: '', args: [] },
  );
  await delay(5);
  const heard: string[] = [];
  for await (const chunk of stream) {
    heard.push(String(chunk));
  }
  expect(heard.join('')).toBe('done');
});

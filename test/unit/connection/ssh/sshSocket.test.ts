import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { connectSocket } from '../../../../src/connection/ssh/sshSocket.ts';

test('what is written in one turn of the event loop is held until its end, and then sent at once', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a port was asked for');
  const socket = connectSocket('127.0.0.1', address.port);
  const [[peer]] = await Promise.all([once(server, 'connection'), once(socket, 'connect')]);
  for (const piece of ['length', 'content', 'tag']) socket.write(piece);
  expect([socket.writableLength, socket.writableCorked]).toEqual(['lengthcontenttag'.length, 1]);
  expect(String(await once(peer, 'data'))).toBe('lengthcontenttag');
  expect(socket.writableCorked).toBe(0);
  socket.destroy();
  server.close();
});

import { PassThrough, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { RequestWriter } from '../../../../src/connection/session/requestWriter.ts';

const MEBIBYTE = 1024 * 1024;

/** A host at the end of a wire that takes what is on it when it is told to. */
function slowWire() {
  let onWire = 0;
  let received = 0;
  let room: () => void = () => undefined;
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      onWire += chunk.length;
      done();
    },
  });
  const process = {
    stdin,
    sent: () =>
      new Promise<void>((resolve) => {
        room = resolve;
      }),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    exit: new Promise<never>(() => undefined),
    kill: () => undefined,
  };
  return {
    process,
    onWire: () => onWire,
    received: () => received,
    async take() {
      received += onWire;
      onWire = 0;
      room();
      await turn();
    },
  };
}

describe('content that is held whole', () => {
  it('goes out piece by piece, as the wire takes it', async () => {
    const wire = slowWire();
    const sending = new RequestWriter(wire.process, () => undefined).send(
      Buffer.from('head\n'),
      Buffer.alloc(MEBIBYTE),
    );
    let most = 0;
    while (wire.received() < MEBIBYTE) {
      await turn();
      most = Math.max(most, wire.onWire());
      await wire.take();
    }
    await wire.take();
    await sending;
    expect(wire.received()).toBe(MEBIBYTE + 'head\n'.length);
    expect(most).toBeLessThan(MEBIBYTE / 2);
  });

  it('is given up when the session ends meanwhile', async () => {
    const wire = slowWire();
    const writer = new RequestWriter(wire.process, () => undefined);
    const sending = writer.send(Buffer.from('head\n'), Buffer.alloc(MEBIBYTE));
    await turn();
    writer.stop();
    await sending;
    expect(wire.onWire()).toBeLessThan(MEBIBYTE / 2);
  });

  it('goes out with its head in one piece when it is short', async () => {
    const wire = slowWire();
    await new RequestWriter(wire.process, () => undefined).send(Buffer.from('head\n'), 'content');
    expect(wire.onWire()).toBe('head\ncontent'.length);
  });
});

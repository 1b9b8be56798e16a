import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { ProtocolError } from '../../errors/index.ts';
import { CompressedWriter, PacketWriter, SESSION_LIMITS } from '../../wire/index.ts';
import { PacketChannel } from './packet-channel.ts';

const MEGABYTE = 1024 * 1024;

/** A packet of zeros, compressed. */
function packed(bytes: number): Buffer {
  const writer = new PacketWriter();
  writer.packet(Buffer.alloc(bytes));
  return new CompressedWriter('zlib').wrap(writer.take());
}

test('what is compressed is unpacked when there is room for it, and not before', async () => {
  const socket = new Socket();
  const channel = new PacketChannel(socket);
  channel.compress('zlib');
  channel.reader.limits = SESSION_LIMITS;
  const damaged = packed(100);
  damaged[7]! ^= 0xff;
  socket.emit('data', Buffer.concat([packed(100), packed(2 * MEGABYTE), packed(3 * MEGABYTE), damaged]));
  for (const size of [100, 2 * MEGABYTE, 3 * MEGABYTE]) {
    // Nobody has looked at the last one: there is too much in front of it.
    expect(socket.isPaused()).toBe(true);
    expect(socket.destroyed).toBe(false);
    await channel.next();
    expect(channel.size).toBe(size);
  }
  await expect(channel.next()).rejects.toThrow(ProtocolError);
  expect(socket.destroyed).toBe(true);
});

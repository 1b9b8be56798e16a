import { expect, test } from 'vitest';
import { PacketReader } from '../../wire/index.ts';
import type { PacketChannel } from '../packets/packet-channel.ts';
import { EventSender } from './event-sender.ts';
import { SLAB_BYTES } from './send-slabs.ts';

const LARGEST = 0xff_ffff;
type Sent = (error?: Error | null) => void;

/** A channel whose client takes what is sent only when told to. */
function slowChannel() {
  const sent: Buffer[] = [];
  const waiting: Sent[] = [];
  const socket = { destroyed: false };
  const channel = {
    reader: new PacketReader({ packet: LARGEST }),
    socket,
    send: (bytes: Buffer, done: Sent) => {
      sent.push(Buffer.from(bytes));
      waiting.push(done);
      return false;
    },
  };
  return {
    sender: (semisync = false) => new EventSender(channel as unknown as PacketChannel, semisync),
    channel,
    sent,
    waiting,
    socket,
  };
}

/** Lets the client take everything until the promise settles. */
async function takeAll({ waiting }: ReturnType<typeof slowChannel>, added: Promise<void> | undefined) {
  let isDone = false;
  void Promise.resolve(added).then(() => {
    isDone = true;
  });
  for (let turn = 0; !isDone && turn < 10_000; turn += 1) {
    expect(waiting.length).toBeLessThanOrEqual(1);
    waiting.shift()?.();
    await new Promise(setImmediate);
  }
  expect(isDone).toBe(true);
}

test.each([
  0,
  1,
  SLAB_BYTES - 5,
  SLAB_BYTES - 4,
  SLAB_BYTES,
  LARGEST - 2,
  LARGEST - 1,
  LARGEST,
  2 * LARGEST - 1,
])(
  'an event of %i bytes comes in the packets it should, and one slab is on its way at a time',
  async (size) => {
    const slow = slowChannel();
    const sender = slow.sender();
    const event = Buffer.alloc(size, 0x61);
    for (const bytes of [Buffer.from('x'), event, Buffer.from('y')]) {
      await takeAll(slow, sender.add(bytes, 0, bytes.length, false));
    }
    await takeAll(slow, sender.flush());
    const all = Buffer.concat(slow.sent);
    const packets: Buffer[] = [];
    for (let at = 0; at < all.length; ) {
      const length = all.readUIntLE(at, 3);
      expect(all[at + 3]).toBe(packets.length);
      packets.push(all.subarray(at + 4, at + 4 + length));
      at += 4 + length;
    }
    const count = Math.floor((size + 1) / LARGEST) + 1;
    expect(packets).toHaveLength(count + 2);
    expect(packets[0]).toEqual(Buffer.from('\0x'));
    expect(packets.at(-1)).toEqual(Buffer.from('\0y'));
    const carried = Buffer.concat(packets.slice(1, -1));
    expect(carried[0]).toBe(0);
    expect(carried.subarray(1).equals(event)).toBe(true);
    for (const bytes of slow.sent) expect(bytes.length).toBeLessThanOrEqual(SLAB_BYTES);
  },
);

test('an event whose client has gone away is given up', async () => {
  const slow = slowChannel();
  const added = slow.sender().add(Buffer.alloc(10 * SLAB_BYTES), 0, 10 * SLAB_BYTES, false);
  slow.socket.destroyed = true;
  slow.waiting.shift()?.(new Error('gone'));
  await added;
  expect(slow.sent).toHaveLength(1);
});

test('behind an event that wants to be acknowledged, packets count anew', async () => {
  const slow = slowChannel();
  const sender = slow.sender(true);
  for (const wanted of [false, true, false]) await sender.add(Buffer.from('e'), 0, 1, wanted);
  await takeAll(slow, sender.flush());
  const [bytes] = slow.sent;
  expect([...bytes!].filter((_, index) => index % 8 === 3)).toEqual([0, 1, 1]);
  expect([...bytes!].filter((_, index) => index % 8 === 6)).toEqual([0, 1, 0]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../../errors/index.ts';
import { MAX_FRAME } from '../limits.ts';
import { CompressedReader, CompressedWriter, PacketReader, PacketWriter, prepareZstd } from './index.ts';

const limits = { packet: 64 * 1024 * 1024 };

function readAll(reader: PacketReader, chunks: readonly Buffer[]): Buffer[] {
  const packets: Buffer[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    while (reader.next()) packets.push(Buffer.from(reader.bytes.subarray(reader.start, reader.end)));
  }
  return packets;
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const points = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Buffer[] = [];
  let at = 0;
  for (const point of [...points, bytes.length]) {
    chunks.push(bytes.subarray(at, point));
    at = point;
  }
  return chunks;
}

const packetsArbitrary = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
const cutsArbitrary = fc.array(fc.nat(), { maxLength: 40 });

test('any split of the stream gives the packets that were written', () => {
  fc.assert(
    fc.property(packetsArbitrary, cutsArbitrary, (packets, cuts) => {
      const writer = new PacketWriter();
      for (const packet of packets) writer.packet(packet);
      const reader = new PacketReader(limits);
      const read = readAll(reader, split(writer.take(), cuts));
      expect(read).toEqual(packets.map((packet) => Buffer.from(packet)));
      expect(reader.idle).toBe(true);
    }),
  );
});

test('one byte at a time gives the same packets', () => {
  const writer = new PacketWriter();
  for (const size of [0, 1, 5, 70_000]) writer.packet(Buffer.alloc(size, size));
  const bytes = writer.take();
  const reader = new PacketReader(limits);
  const read = readAll(
    reader,
    Array.from(bytes, (byte) => Buffer.of(byte)),
  );
  expect(read.map((packet) => packet.length)).toEqual([0, 1, 5, 70_000]);
});

test.each([MAX_FRAME - 1, MAX_FRAME, MAX_FRAME + 1, 2 * MAX_FRAME])(
  'a packet of %i bytes crosses frames unchanged',
  (size) => {
    const payload = Buffer.alloc(size, 7);
    payload.writeUInt32LE(0xdead_beef, size - 4);
    const writer = new PacketWriter();
    const out = writer.begin();
    out.bytes(payload);
    writer.end();
    writer.packet(Buffer.from('next'));
    const bytes = writer.take();
    const reader = new PacketReader(limits);
    const read = readAll(reader, split(bytes, [3, 100_000, MAX_FRAME + 2, MAX_FRAME + 6]));
    expect(read.length).toBe(2);
    expect(read[0]!.equals(payload)).toBe(true);
    expect(read[1]!.toString()).toBe('next');
    expect(bytes.length).toBe(size + 4 * (Math.floor(size / MAX_FRAME) + 1) + 8);
  },
);

test('a packet built in place equals one handed over', () => {
  const one = new PacketWriter();
  one.begin().latin1('abc');
  one.end();
  const other = new PacketWriter();
  other.packet(Buffer.from('abc'));
  expect(one.take()).toEqual(other.take());
});

test('an announced length above the limit is refused before its bytes arrive', () => {
  const reader = new PacketReader({ packet: 1000 });
  reader.push(Buffer.of(0xe9, 0x03, 0x00, 0x00));
  expect(() => reader.next()).toThrow(/packet of 1001 bytes exceeds the limit of 1000/);
  const whole = new PacketReader({ packet: 3 });
  whole.push(Buffer.of(4, 0, 0, 0, 1, 2, 3, 4));
  expect(() => whole.next()).toThrow(ProtocolError);
});

test('frames that together exceed the limit are refused', () => {
  const reader = new PacketReader({ packet: MAX_FRAME + 10 });
  reader.push(
    Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 0), Buffer.alloc(MAX_FRAME), Buffer.of(11, 0, 0, 1)]),
  );
  expect(() => reader.next()).toThrow(/exceeds the limit/);
});

test('a large announced length allocates only what arrives', () => {
  const reader = new PacketReader(limits);
  reader.push(Buffer.of(0xff, 0xff, 0xff, 0, 1, 2, 3));
  const before = process.memoryUsage().arrayBuffers;
  expect(reader.next()).toBe(false);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
});

test('a wrong sequence number is refused, but an error sent before our command is heard', () => {
  const reader = new PacketReader(limits);
  reader.expected = 1;
  reader.push(Buffer.of(1, 0, 0, 2, 0));
  expect(() => reader.next()).toThrow(/got number 2, expected 1/);
  for (const cut of [9, 4]) {
    const other = new PacketReader(limits);
    other.expected = 1;
    expect(readAll(other, split(Buffer.of(3, 0, 0, 0, 0xff, 0xbf, 0x0f), [cut])).length).toBe(1);
  }
});

test('what follows a packet can be taken as it is', () => {
  const reader = new PacketReader(limits);
  reader.push(Buffer.of(1, 0, 0, 0, 9, 22, 3, 1));
  expect(reader.next()).toBe(true);
  expect(reader.idle).toBe(false);
  expect(reader.takeRest()).toEqual(Buffer.of(22, 3, 1));
  expect(reader.idle).toBe(true);
});

/** All that a chunk completes. */
function unpacked(reader: CompressedReader, chunk: Buffer): Buffer[] {
  reader.push(Buffer.from(chunk));
  const pieces: Buffer[] = [];
  for (let piece = reader.next(); piece !== undefined; piece = reader.next()) pieces.push(piece);
  return pieces;
}

test.each(['zlib', 'zstd'] as const)(
  '%s: any split of the outer stream gives the inner stream',
  async (algorithm) => {
    await prepareZstd();
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 8 }),
        cutsArbitrary,
        (pieces, cuts) => {
          const writer = new CompressedWriter(algorithm);
          const outer = Buffer.concat(pieces.map((piece) => writer.wrap(Buffer.concat([piece, piece]))));
          const reader = new CompressedReader(algorithm);
          const inner = Buffer.concat(split(outer, cuts).flatMap((chunk) => unpacked(reader, chunk)));
          expect(inner).toEqual(Buffer.concat(pieces.flatMap((piece) => [piece, piece])));
          expect(reader.idle).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  },
);

test('repetitive bytes travel smaller under zlib', () => {
  const wrapped = new CompressedWriter('zlib').wrap(Buffer.alloc(10_000, 1));
  expect(wrapped.length).toBeLessThan(200);
});

test('a compressed body that is not what was announced is refused', async () => {
  await prepareZstd();
  const honest = new CompressedWriter('zlib').wrap(Buffer.alloc(1000, 1));
  const liar = Buffer.from(honest);
  liar.writeUIntLE(999, 4, 3);
  expect(() => unpacked(new CompressedReader('zlib'), liar)).toThrow(ProtocolError);
  liar.writeUIntLE(1001, 4, 3);
  expect(() => unpacked(new CompressedReader('zlib'), liar)).toThrow(/announced 1001/);
  expect(() => unpacked(new CompressedReader('zstd'), honest)).toThrow(ProtocolError);
});

test('a frame of the zstd program is inflated, and a damaged one refused', async () => {
  await prepareZstd();
  // 64 times the letter a, piped through `zstd --no-check`.
  const frame = Buffer.from('28b52ffd00584500001061610100930016', 'hex');
  const outer = Buffer.concat([Buffer.of(frame.length, 0, 0, 0, 64, 0, 0), frame]);
  expect(Buffer.concat(unpacked(new CompressedReader('zstd'), outer)).toString()).toBe('a'.repeat(64));
  outer.writeUIntLE(65, 4, 3);
  expect(() => unpacked(new CompressedReader('zstd'), outer)).toThrow(/announced 65/);
  outer.writeUIntLE(63, 4, 3);
  expect(() => unpacked(new CompressedReader('zstd'), outer)).toThrow(ProtocolError);
});

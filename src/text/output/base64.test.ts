import fc from 'fast-check';
import { expect, test } from 'vitest';
import { withEventMemory, writeBase64, writeBase64Lines } from './base64.ts';
import { createLineEncoder, SIMD_LINES } from './base64-simd.ts';
import { TextOutput } from './text-output.ts';

/** Node's base64, cut into the originals' lines. */
function expected(bytes: Buffer): string {
  return (bytes.toString('base64').match(/.{1,76}/g) ?? []).map((line) => `${line}\n`).join('');
}

const noise = Buffer.from(
  Array.from({ length: 100_000 }, (_, index) => (index * index * 31 + (index >> 3)) & 0xff),
);

// First of all: what is read by tables from the first line on says nothing here.
test('small pieces, of two memories in turn, are written byte by byte and then by tables', () => {
  const out = new TextOutput();
  const other = Buffer.from(noise.toReversed());
  for (let round = 0; round < 400; round += 1) {
    for (const bytes of [noise, other, other.subarray(round)]) {
      const end = round + 60 + (round % 200);
      writeBase64Lines(out, bytes, round, end);
      expect(out.take().toString('latin1')).toBe(expected(bytes.subarray(round, end)));
    }
  }
});

test('lines are those of base64, by tables and then by vectors', () => {
  const out = new TextOutput();
  // The quick way is taken up after a megabyte or so: some runs see the one, some the other.
  for (let round = 0; round < 30; round += 1) {
    fc.assert(
      fc.property(fc.nat(noise.length), fc.nat(60_000), (start, length) => {
        const end = Math.min(noise.length, start + length);
        writeBase64Lines(out, noise, start, end);
        expect(out.take().toString('latin1')).toBe(expected(noise.subarray(start, end)));
      }),
      { numRuns: 10 },
    );
  }
});

test('several outputs at a time do not get into each other, whoever has the memory of the vectors', () => {
  const outputs = Array.from({ length: 3 }, () => {
    const texts: string[] = [];
    return { out: new TextOutput((bytes) => texts.push(bytes.toString('latin1'))), texts, wanted: '' };
  });
  for (let round = 0; round < 200; round += 1) {
    const bytes = noise.subarray(round * 7, round * 7 + ((round * 7919) % 60_000));
    const each = outputs[round % 3]!;
    each.out.text(`${round}\n`);
    writeBase64Lines(each.out, bytes, 0, bytes.length);
    each.wanted += `${round}\n${expected(bytes)}`;
  }
  for (const { out, texts, wanted } of outputs) {
    out.flush();
    expect(texts.join('')).toBe(wanted);
  }
});

test('events become base64 where they are, too, and nobody gets memory that another has', () => {
  const out = new TextOutput();
  writeBase64Lines(out, Buffer.alloc(2_000_000), 0, 2_000_000);
  out.take();
  for (const size of [70_000, 1_000_000, 5_000_000]) {
    withEventMemory(size, (memory) => {
      const length = Math.min(size, noise.length);
      const at = size - length;
      noise.copy(memory, at, 0, length);
      withEventMemory(size, (other) => other.fill(0xff));
      writeBase64Lines(out, memory, at, at + length);
      expect(out.take().toString('latin1') === expected(noise.subarray(0, length))).toBe(true);
    });
  }
});

test('the vectors know every digit in every place', () => {
  const encoder = createLineEncoder()!;
  for (let shift = 0; shift < 57; shift += 1) {
    const bytes = noise.subarray(shift, shift + SIMD_LINES * 57);
    encoder.input.set(bytes);
    encoder.encode(encoder.input.byteOffset, encoder.output.byteOffset, SIMD_LINES);
    const text = Buffer.from(encoder.output.subarray(0, SIMD_LINES * 77)).toString('latin1');
    expect(text).toBe(expected(bytes));
  }
});

test("in one piece it is Node's base64", () => {
  const out = new TextOutput();
  fc.assert(
    fc.property(fc.nat(noise.length), fc.nat(10_000), (start, length) => {
      const end = Math.min(noise.length, start + length);
      writeBase64(out, noise, start, end);
      expect(out.take().toString('latin1')).toBe(noise.subarray(start, end).toString('base64'));
    }),
  );
});

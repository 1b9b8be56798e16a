import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writePlain } from './plain-text.ts';
import { TextOutput } from './text-output.ts';

const QUOTE = 0x27;
const escapes = new Uint8Array(256).fill(1, 0, 0x20);
escapes[QUOTE] = 1;
escapes[0x5c] = 1;

test('writes what needs no escape between quotes, and nothing at all of what needs one', () => {
  const plain = fc.integer({ min: 0x20, max: 255 }).filter((byte) => escapes[byte] === 0);
  const string = fc.array(fc.oneof({ weight: 40, arbitrary: plain }, fc.integer({ min: 0, max: 255 })), {
    maxLength: 70,
  });
  fc.assert(
    fc.property(string, fc.nat(7), (bytes, before) => {
      const memory = Buffer.from([...Array.from({ length: before }, () => 1), ...bytes, 1, 1, 1]);
      const out = new TextOutput(undefined, 16);
      out.text('>');
      const isWritten = writePlain(out, memory, before, before + bytes.length, QUOTE, escapes);
      expect(isWritten).toBe(bytes.every((byte) => escapes[byte] === 0));
      expect(out.take()).toEqual(Buffer.from(isWritten ? [0x3e, QUOTE, ...bytes, QUOTE] : [0x3e]));
    }),
  );
});

test('integers print as JavaScript prints them', () => {
  const bounds = Array.from({ length: 16 }, (_, power) => [10 ** power - 1, 10 ** power]).flat();
  const near = [...bounds, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32].map((value) => fc.constant(value));
  fc.assert(
    fc.property(fc.oneof(...near, fc.nat(), fc.maxSafeInteger()), (value) => {
      const out = new TextOutput(undefined, 8);
      out.integer(value);
      expect(out.take().toString()).toBe(String(value));
    }),
    { numRuns: 500 },
  );
});

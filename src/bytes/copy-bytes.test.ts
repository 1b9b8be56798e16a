import fc from 'fast-check';
import { expect, test } from 'vitest';
import { copyBytes } from './copy-bytes.ts';

test('copies what is asked for and nothing else, into shared memory and out of it, whatever the size', () => {
  const memories = [(size: number) => new ArrayBuffer(size), (size: number) => new SharedArrayBuffer(size)];
  const memory = fc.constantFrom(...memories);
  const places = fc.tuple(fc.nat(2000), fc.nat(3000), fc.nat(2000));
  fc.assert(
    fc.property(memory, memory, places, (makeTarget, makeSource, [start, size, at]) => {
      const source = Buffer.from(makeSource(start + size + 7)).map((_, index) => (index * 31) & 0xff);
      const shared = Buffer.from(makeSource(source.length));
      shared.set(source);
      const target = Buffer.from(makeTarget(at + size + 9)).fill(255);
      copyBytes(target, at, shared, start, start + size);
      expect(target.subarray(at, at + size).equals(source.subarray(start, start + size))).toBe(true);
      expect(target.subarray(0, at).every((byte) => byte === 255)).toBe(true);
      expect(target.subarray(at + size).every((byte) => byte === 255)).toBe(true);
    }),
  );
});

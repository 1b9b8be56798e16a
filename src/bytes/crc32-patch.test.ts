import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32 } from './crc32.ts';
import { patchedCrc32 } from './crc32-patch.ts';

describe('the checksum of bytes of which four have changed', () => {
  test('is the one of the changed bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 70_000, size: 'max' }),
        fc.nat(),
        fc.integer({ min: 0, max: 0xffff_ffff }),
        (array, place, value) => {
          const bytes = Buffer.from(array);
          const at = place % (bytes.length - 3);
          const sum = crc32(bytes);
          const before = bytes.readUInt32LE(at);
          bytes.writeUInt32LE(value, at);
          expect(patchedCrc32(sum, before ^ value, bytes.length - at - 4)).toBe(crc32(bytes));
        },
      ),
    );
  });

  test('is right behind very many bytes', () => {
    const bytes = Buffer.alloc((1 << 24) + 77);
    const sum = crc32(bytes);
    bytes.writeUInt32LE(0xdead_beef, 13);
    expect(patchedCrc32(sum, 0xdead_beef, bytes.length - 17)).toBe(crc32(bytes));
  });
});

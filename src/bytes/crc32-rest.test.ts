import { assert, nat, property, uint8Array } from 'fast-check';
import { expect, test } from 'vitest';
import { crc32, crc32OfRest } from './index.ts';

test('the checksum of a rest follows from those of the whole and of its beginning', () => {
  assert(
    property(uint8Array({ maxLength: 3000 }), nat(), (bytes, at) => {
      const cut = at % (bytes.length + 1);
      const rest = crc32OfRest(crc32(bytes), crc32(bytes, 0, cut), bytes.length - cut);
      expect(rest).toBe(crc32(bytes, cut));
    }),
  );
});

test('a rest of megabytes', () => {
  const bytes = Buffer.alloc(20_000_003, 'rowlock');
  const rest = crc32OfRest(crc32(bytes), crc32(bytes, 0, 25), bytes.length - 25);
  expect(rest).toBe(crc32(bytes, 25));
});

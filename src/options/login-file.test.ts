import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeLoginFile, encodeLoginFile } from './login-file.ts';

const keyMaterial = Uint8Array.from({ length: 20 }, (_, at) => at * 7);

describe('the login file', () => {
  test('what is written is read', () => {
    const line = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((text) => !text.includes('\n'));
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 8 }),
        fc.uint8Array({ minLength: 20, maxLength: 20 }),
        (lines, key) => {
          expect(decodeLoginFile(encodeLoginFile(lines, key))).toEqual(lines);
        },
      ),
    );
  });

  test('cut anywhere, it gives the lines before the cut', () => {
    const lines = ['[client]', 'user = "root"', 'password = "a long one, over more than one block"'];
    const whole = encodeLoginFile(lines, keyMaterial);
    for (let length = 0; length < whole.length; length++) {
      const read = decodeLoginFile(whole.subarray(0, length));
      expect(lines.slice(0, read.length)).toEqual(read);
      expect(read.length).toBeLessThan(lines.length);
    }
  });

  test('a record longer than the real reader takes ends it', () => {
    const whole = encodeLoginFile(['[client]', 'x'.repeat(5000), 'user=a'], keyMaterial);
    expect(decodeLoginFile(whole)).toEqual(['[client]']);
  });
});

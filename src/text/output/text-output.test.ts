import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeBase64Lines } from './base64.ts';
import { TextOutput } from './text-output.ts';

function printed(write: (out: TextOutput) => void): string {
  const out = new TextOutput();
  write(out);
  return out.take().toString('latin1');
}

describe('TextOutput', () => {
  test('integers print as JavaScript prints them', () => {
    for (const value of [
      0,
      7,
      9,
      10,
      99,
      100,
      101,
      999,
      1000,
      4294967295,
      4294967296,
      10000000000,
      2 ** 53 - 1,
      -1,
      -10,
      -128,
    ]) {
      expect(printed((out) => out.integer(value))).toBe(String(value));
    }
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => printed((out) => out.integer(value)) === String(value)),
    );
  });

  test('64-bit halves print as BigInt prints them', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (value) => {
        const text = printed((out) => out.unsigned64(Number(value >> 32n), Number(value & 0xffff_ffffn)));
        return text === value.toString();
      }),
    );
  });

  test('padded numbers keep their width', () => {
    expect(printed((out) => out.padded(7, 1))).toBe('7');
    expect(printed((out) => out.padded(7, 3))).toBe('007');
    expect(printed((out) => out.padded(123456, 6))).toBe('123456');
    expect(printed((out) => out.hex(0xbeef, 8))).toBe('0000beef');
  });

  test('a sink gets everything once, in order, whatever the sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 20 }), (sizes) => {
        const got: Buffer[] = [];
        const out = new TextOutput((bytes) => got.push(Buffer.from(bytes)));
        const wanted = sizes.map((size, index) => Buffer.alloc(size, index + 1));
        for (const part of wanted) out.bytes(part);
        out.flush();
        return Buffer.concat(got).equals(Buffer.concat(wanted));
      }),
    );
  });

  test('base64 lines are 76 characters of what Node encodes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const lines = printed((out) => writeBase64Lines(out, bytes, 0, bytes.length)).split('\n');
        const body = lines.slice(0, -1);
        return (
          body.join('') === Buffer.from(bytes).toString('base64') &&
          body.every((line, index) => line.length === 76 || index === body.length - 1) &&
          lines.at(-1) === ''
        );
      }),
    );
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitNumber, readSuffixed } from './numbers.ts';

describe('numbers of options', () => {
  test('a suffix multiplies, whatever follows it', () => {
    expect(readSuffixed('3K', false, false)).toEqual({ value: 3072n });
    expect(readSuffixed('2mb', false, false)).toEqual({ value: 2n << 20n });
    expect(readSuffixed('-1g', true, false)).toEqual({ value: -(1n << 30n) });
  });

  test('what is no number is named by its first odd character', () => {
    expect(readSuffixed('12x', false, false)).toEqual({ problem: 'suffix', suffix: 'x' });
    expect(readSuffixed('x12', false, false)).toEqual({ problem: 'suffix', suffix: 'x' });
    expect(readSuffixed(' -', true, false)).toEqual({ problem: 'suffix', suffix: ' ' });
  });

  test('64 bits are the end, before and after the suffix', () => {
    expect(readSuffixed('18446744073709551615', false, false)).toEqual({ value: 2n ** 64n - 1n });
    expect(readSuffixed('18446744073709551616', false, false)).toEqual({ problem: 'range' });
    expect(readSuffixed('16E', false, false)).toEqual({ problem: 'range' });
    expect(readSuffixed('16E', false, true)).toEqual({ value: 0n });
    expect(readSuffixed('9223372036854775808', true, false)).toEqual({ problem: 'range' });
  });

  test('a limit adjusts, the block size does not', () => {
    const type = { kind: 'unsigned', bits: 64, default: 0n, min: 256n, block: 256n } as const;
    expect(limitNumber(300n, type)).toEqual({ value: 256n, adjusted: false });
    expect(limitNumber(1n, type)).toEqual({ value: 256n, adjusted: true });
    expect(limitNumber(2n ** 32n, { ...type, bits: 32 })).toEqual({
      value: 2n ** 32n - 256n,
      adjusted: true,
    });
  });

  test('a limited number is within its limits and limiting it again changes nothing', () => {
    const type = { kind: 'signed', bits: 32, default: 0n, min: -7n, max: 1000n } as const;
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const limited = limitNumber(value, type).value;
        expect(limited >= -7n && limited <= 1000n).toBe(true);
        expect(limitNumber(limited, type)).toEqual({ value: limited, adjusted: false });
      }),
    );
  });
});

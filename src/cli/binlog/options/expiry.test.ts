import { expect, test } from 'vitest';
import { parseExpiry } from './expiry.ts';

test('an age or a size', () => {
  expect(parseExpiry('12h')).toEqual({ kind: 'age', milliseconds: 43_200_000 });
  expect(parseExpiry('2w')).toEqual({ kind: 'age', milliseconds: 1_209_600_000 });
  expect(parseExpiry('500M')).toEqual({ kind: 'size', bytes: 524_288_000 });
  expect(parseExpiry('1g')).toEqual({ kind: 'size', bytes: 2 ** 30 });
  for (const text of ['', '7', '0d', '7m', '-1d', '1.5G', '7 d', '99999999999d']) {
    expect(parseExpiry(text)).toBeUndefined();
  }
});

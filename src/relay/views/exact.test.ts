import { expect, test } from 'vitest';
import { exactOf, exactQuotient, exactText, product, sum, withinPrecision, withScale } from './exact.ts';

const text = (value: string | number | bigint): string => exactText(exactOf(value));

test('numbers and texts of any form are read with all of their digits', () => {
  expect(['12345678901234567890.10', '-0.00', '.5', '-7', '1e3', '1.5e-3', 'abc', ''].map(text)).toEqual([
    '12345678901234567890.10',
    '0.00',
    '0.5',
    '-7',
    '1000',
    '0.0015',
    '0',
    '0',
  ]);
  expect([0.1, 1e21, -5, 9_007_199_254_740_993n].map(text)).toEqual([
    '0.1',
    '1000000000000000000000',
    '-5',
    '9007199254740993',
  ]);
});

test('halves are rounded away from zero, or cut', () => {
  expect(
    ['0.005', '-0.005', '0.0049', '99.995'].map((each) => exactText(withScale(exactOf(each), 2))),
  ).toEqual(['0.01', '-0.01', '0.00', '100.00']);
  expect(exactText(withScale(exactOf('-0.009'), 2, true))).toBe('0.00');
});

test('a quotient has the digits of the family, and none by zero', () => {
  const divided = (one: string, other: string, isCut: boolean): string | undefined => {
    const found = exactQuotient(exactOf(one), exactOf(other), isCut, [2, 0], 4);
    return found && exactText(found);
  };
  expect(divided('5.00', '3', false)).toBe('1.666667');
  expect(divided('-5.00', '3', false)).toBe('-1.666667');
  expect(divided('5.00', '3', true)).toBe('1.666666666');
  expect(divided('5.00', '0', false)).toBeUndefined();
});

test('what is beyond a type is the largest of it, and what nobody could write is refused', () => {
  expect(exactText(withinPrecision(withScale(exactOf('12345.678'), 2), 6))).toBe('9999.99');
  const large = exactOf('9'.repeat(150));
  expect(() => product(large, large)).toThrow('out of range');
  expect(() => sum(exactOf('9'.repeat(5000)), exactOf(1))).toThrow('out of range');
});

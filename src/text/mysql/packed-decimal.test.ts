import { expect, test } from 'vitest';
import { TextOutput } from '../output/text-output.ts';
import { writePackedDecimal } from './packed-decimal.ts';

function printed(hex: string, precision: number, scale: number): string {
  const out = new TextOutput(undefined, 64);
  out.text('@1=');
  writePackedDecimal(out, Buffer.from(hex, 'hex'), 0, precision, scale);
  return out.take().toString();
}

test('a decimal prints its digits', () => {
  expect(printed('810dfb38d204d2', 14, 4)).toBe('@1=1234567890.1234');
  expect(printed('7ef204c72dfb2d', 14, 4)).toBe('@1=-1234567890.1234');
});

test('a group beyond its digits makes all of it 0, as mysqlbinlog has it', () => {
  // 9,999 in the group of four digits, then 10,000.
  expect(printed('810dfb38d2270f', 14, 4)).toBe('@1=1234567890.9999');
  expect(printed('810dfb38d22710', 14, 4)).toBe('@1=0');
});

import { describe, expect, test } from 'vitest';
import { Column, ColumnCode } from '../../../binlog/index.ts';
import { TruncatedError } from '../../../errors/index.ts';
import { TextOutput } from '../../output/text-output.ts';
import { columnText, oldTemporalText } from './registry.ts';

/** What a value prints as; the bytes must be used up. */
function printed(code: number, meta: number, hex: string): string {
  const bytes = Buffer.from(hex, 'hex');
  const out = new TextOutput();
  const end = columnText(new Column(0, code, meta))!.write(out, bytes, 0, bytes.length);
  expect(end).toBe(bytes.length);
  return out.take().toString('latin1');
}

describe('values of MariaDB rows', () => {
  test.each([
    ['a positive integer', ColumnCode.LONG, 0, '2a000000', '42'],
    ['a negative one with its unsigned reading', ColumnCode.TINY, 0, 'ff', '-1 (255)'],
    [
      'the smallest 64-bit integer',
      ColumnCode.LONGLONG,
      0,
      '0000000000000080',
      '-9223372036854775808 (9223372036854775808)',
    ],
    ['a 64-bit -1', ColumnCode.LONGLONG, 0, 'ffffffffffffffff', '-1 (18446744073709551615)'],
    ['a 24-bit integer', ColumnCode.INT24, 0, '000080', '-8388608 (8388608)'],
    ['year zero', ColumnCode.YEAR, 0, '00', '1900'],
    ['a float, padded', ColumnCode.FLOAT, 4, '0000c03f', '1.5                 '],
    ['a double', ColumnCode.DOUBLE, 8, '9a9999999999b93f', '0.10000000000000000555'],
    ['a decimal', ColumnCode.NEWDECIMAL, 0x0a02, '8000000119', '1.25'],
    ['a negative decimal', ColumnCode.NEWDECIMAL, 0x0a02, '7ffffffee6', '-1.25'],
    ['bits', ColumnCode.BIT, 0x0301, '05a5', "b'10110100101'"],
    ['an ENUM of two bytes', ColumnCode.STRING, 0xf702, '2c01', '300'],
    ['a SET', ColumnCode.STRING, 0xf801, '05', "b'00000101'"],
    ['a string with control characters', ColumnCode.VARCHAR, 80, '0661000a275c62', "'a\\x00\\x0a'\\b'"],
    ['a long CHAR', ColumnCode.STRING, 0xcefc, '0200c3a9', "'Ã©'"],
    ['a blob', ColumnCode.BLOB, 3, '020000ff1f', "'ÿ\\x1f'"],
    ['a date, with colons', ColumnCode.DATE, 0, 'e1bc0f', "'2014:07:01'"],
    ['a negative time with fraction', ColumnCode.TIME2, 1, '7fffffce', "'-00:00:00.5'"],
    ['a datetime', ColumnCode.DATETIME2, 0, '8000000000', "'0000-00-00 00:00:00'"],
    ['a year that has no four digits', ColumnCode.DATETIME2, 0, 'ff02000000', "'XX04-04-00 00:00:00'"],
    ['a timestamp with an odd number of digits', ColumnCode.TIMESTAMP2, 3, '0000000104ce', '1.123'],
  ])('%s', (_, code, meta, hex, text) => {
    expect(printed(code, meta, hex)).toBe(text);
  });

  // Of MariaDB 11.8.6 with mysql56_temporal_format=OFF.
  test.each([
    ['TIME', ColumnCode.TIME, 1, '01c5f6ff', "'-12:34:56.1'"],
    ['TIME', ColumnCode.TIME, 6, '02b4b2027dc0', "'-12:34:56.123456'"],
    ['DATETIME', ColumnCode.DATETIME, 2, '069a813e89cc', "'2020-01-02 12:34:56.12'"],
    ['DATETIME', ColumnCode.DATETIME, 6, '0101f3589ae6be40', "'2020-01-02 12:34:56.123456'"],
    ['TIMESTAMP', ColumnCode.TIMESTAMP, 3, '5e0de370007b', '1577968496.123'],
  ])('old %s with digits', (_, code, digits, hex, text) => {
    const bytes = Buffer.from(hex, 'hex');
    const out = new TextOutput();
    const end = oldTemporalText(new Column(0, code, 0), digits)!.write(out, bytes, 0, bytes.length);
    expect(end).toBe(bytes.length);
    expect(out.take().toString('latin1')).toBe(text);
  });

  test('long strings are escaped wherever a control character stands', () => {
    for (let at = 0; at < 12; at += 1) {
      const value = Buffer.alloc(12, 0x7e);
      value[at] = 0x1f;
      const text = printed(ColumnCode.VARCHAR, 80, `0c${value.toString('hex')}`);
      expect(text).toBe(`'${'~'.repeat(at)}\\x1f${'~'.repeat(11 - at)}'`);
    }
  });

  test('a length that leads out of the row is refused before anything is copied', () => {
    const out = new TextOutput();
    const text = columnText(new Column(0, ColumnCode.BLOB, 4))!;
    expect(() => text.write(out, Buffer.from('ffffff7f00', 'hex'), 0, 5)).toThrow(TruncatedError);
  });

  test('types that MariaDB does not log have no text', () => {
    expect(columnText(new Column(0, ColumnCode.JSON, 4))).toBeUndefined();
  });
});

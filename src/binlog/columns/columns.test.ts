import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Cursor, Writer } from '../../bytes/index.ts';
import { FormatError, UsageError } from '../../errors/index.ts';
import { decimalBytes, decimalText } from './decimal/decimal.ts';
import { Column, ColumnCode, type ColumnValue, columnTypeOf, DecimalColumn, MomentColumn } from './index.ts';

function column(code: number, meta = 0, more: Partial<Column> = {}): Column {
  return Object.assign(new Column(3, code, meta), more);
}

function write(value: Exclude<ColumnValue, null>, to: Column): Buffer {
  const writer = new Writer();
  columnTypeOf(to.code).write(writer, value, to);
  return writer.take();
}

function read(hex: string | Buffer, from: Column): ColumnValue {
  const cursor = new Cursor(typeof hex === 'string' ? Buffer.from(hex, 'hex') : hex);
  const value = columnTypeOf(from.code).read(cursor, from);
  expect(cursor.remaining).toBe(0);
  const skipper = new Cursor(cursor.bytes);
  columnTypeOf(from.code).skip(skipper, from);
  expect(skipper.remaining).toBe(0);
  return value;
}

describe('values read as MySQL prints them, and write back', () => {
  const { TIME2, DATETIME2, TIMESTAMP2, DATE, YEAR, TIME, DATETIME, TIMESTAMP, BIT, NEWDECIMAL } = ColumnCode;
  test.each<[string, Column, string, ColumnValue]>([
    ['TIME', column(TIME2), '80c8b8', '12:34:56'],
    ['TIME(1), the smallest below zero', column(TIME2, 1), '7ffffff6', '-00:00:00.1'],
    ['DATETIME, zero', column(DATETIME2), '8000000000', '0000-00-00 00:00:00'],
    ['DATETIME(3)', column(DATETIME2, 3), '99b27ac8b81ed2', '2024-01-29 12:34:56.789'],
    ['TIMESTAMP, zero', column(TIMESTAMP2), '00000000', '0000-00-00 00:00:00'],
    ['TIMESTAMP(2)', column(TIMESTAMP2, 2), '6553f10019', '2023-11-14 22:13:20.25'],
    ['DATE', column(DATE), '5dd00f', '2024-02-29'],
    ['YEAR', column(YEAR), '7c', 2024],
    ['YEAR, zero', column(YEAR), '00', 0],
    ['TIME before 5.6', column(TIME), 'c01dfe', '-12:34:56'],
    [
      'DATETIME before 5.6',
      column(DATETIME),
      Buffer.from(new BigUint64Array([20_240_229_123_456n]).buffer).toString('hex'),
      '2024-02-29 12:34:56',
    ],
    ['TIMESTAMP before 5.6', column(TIMESTAMP), '00f15365', '2023-11-14 22:13:20'],
    ['BIT(10)', column(BIT, (2 << 8) | 1), '0201', 513n],
    ['DECIMAL(4,2)', column(NEWDECIMAL, (4 << 8) | 2), '8c32', '12.50'],
    ['DECIMAL(4,2), negative', column(NEWDECIMAL, (4 << 8) | 2), '73cd', '-12.50'],
    ['DECIMAL(3,3)', column(NEWDECIMAL, (3 << 8) | 3), '8005', '0.005'],
    ['DECIMAL(20,0)', column(NEWDECIMAL, 20 << 8), '8100000001000000ff', '1000000001000000255'],
  ])('%s', (_, type, hex, value) => {
    expect(read(hex, type)).toEqual(value);
    expect(write(value!, type).toString('hex')).toBe(hex);
  });
});

test('a column of decimals reads any bytes as they are read one by one', () => {
  const decimal = fc
    .tuple(fc.integer({ min: 1, max: 65 }), fc.integer({ min: 0, max: 30 }))
    .filter(([precision, scale]) => scale <= precision);
  const bytes40 = fc.uint8Array({ minLength: 40, maxLength: 40 });
  fc.assert(
    fc.property(decimal, bytes40, fc.integer({ min: 0, max: 5 }), ([precision, scale], bytes, zeros) => {
      // Random groups mostly hold more digits than they may: some in front are zeros here, of either sign.
      const isNegative = bytes[0]! % 2 === 1;
      if (zeros > 0) bytes.fill(isNegative ? 0xff : 0, 3, 3 + zeros)[3]! ^= 0x80;
      const decimals = new DecimalColumn(precision, scale);
      expect(decimals.bytes).toBe(decimalBytes(precision, scale));
      expect(decimals.text(bytes, 3)).toBe(decimalText(bytes, 3, precision, scale));
    }),
    { numRuns: 1000 },
  );
});

test('any decimal of any width survives', () => {
  const decimal = fc
    .tuple(fc.integer({ min: 1, max: 65 }), fc.integer({ min: 0, max: 30 }))
    .map(([precision, scale]) => [precision, Math.min(precision, scale)] as const)
    .chain(([precision, scale]) =>
      fc.tuple(
        fc.constant(precision),
        fc.constant(scale),
        fc.boolean(),
        fc.stringMatching(new RegExp(`^\\d{${precision}}$`)),
      ),
    );
  fc.assert(
    fc.property(decimal, ([precision, scale, negative, digits]) => {
      const type = column(ColumnCode.NEWDECIMAL, (precision << 8) | scale);
      const integer = digits.slice(0, precision - scale).replace(/^0+/, '') || '0';
      const text = `${negative ? '-' : ''}${integer}${scale === 0 ? '' : `.${digits.slice(precision - scale)}`}`;
      expect(read(write(text, type), type)).toBe(text);
    }),
  );
});

describe('text follows the column', () => {
  const varchar = (charset: string | undefined): Column =>
    column(ColumnCode.VARCHAR, 100, charset ? { charset } : {});

  test('in its character set', () => {
    expect(read('03e697a5', varchar('utf8mb4'))).toBe('日');
    expect(read('01e9', varchar('latin1'))).toBe('é');
    expect(write('é', varchar('latin1')).toString('hex')).toBe('01e9');
    expect(read('03e697a5', varchar(undefined))).toEqual(Buffer.from('日'));
    expect(read('03e697a5', varchar('binary'))).toEqual(Buffer.from('日'));
  });

  test('and bytes that are no text stay as they are', () => {
    const illegal = '0361ff62';
    const value = read(illegal, varchar('utf8mb4'));
    expect(value).toEqual(Buffer.from('61ff62', 'hex'));
    expect(write(value!, varchar('utf8mb4')).toString('hex')).toBe(illegal);
  });

  test('and ascii has no bytes from 128 on, though older servers keep them: neither are they UTF-8', () => {
    const illegal = '02c5bd';
    const value = read(illegal, varchar('ascii'));
    expect(value).toEqual(Buffer.from('c5bd', 'hex'));
    expect(write(value!, varchar('ascii')).toString('hex')).toBe(illegal);
    expect(read('03616263', varchar('ascii'))).toBe('abc');
  });

  test('of up to 1020 bytes hidden in a CHAR', () => {
    // CHAR(255) utf8mb4: the two highest bits of 1020 are inverted into the type byte.
    const char = column(ColumnCode.STRING, 0xcefc, { charset: 'utf8mb4' });
    expect([char.realCode, char.length]).toEqual([ColumnCode.STRING, 1020]);
    expect(read('0300616263', char)).toBe('abc');
  });
});

describe('members', () => {
  const members = ['new', 'paid', 'sent'].map((member) => Buffer.from(member));
  const enumColumn = column(ColumnCode.STRING, (ColumnCode.ENUM << 8) | 1, { members, charset: 'utf8mb4' });
  const setColumn = column(ColumnCode.STRING, (ColumnCode.SET << 8) | 1, { members, charset: 'utf8mb4' });

  test('have names where the log lists them, numbers where not', () => {
    expect(read('02', enumColumn)).toBe('paid');
    expect(read('00', enumColumn)).toBe('');
    expect(read('05', setColumn)).toBe('new,sent');
    expect(read('02', column(ColumnCode.STRING, (ColumnCode.ENUM << 8) | 1))).toBe(2);
    expect(read('05', column(ColumnCode.STRING, (ColumnCode.SET << 8) | 1))).toBe(5n);
    expect(read('09', setColumn)).toBe(9n);
  });

  test('are refused when they are none', () => {
    expect(write('new,sent', setColumn).toString('hex')).toBe('05');
    expect(() => write('lost', enumColumn)).toThrow(UsageError);
    expect(() => write('new,lost', setColumn)).toThrow(UsageError);
  });
});

test('metadata that no server writes is refused, not guessed at', () => {
  expect(() => read('00', column(ColumnCode.TIME2, 7))).toThrow(FormatError);
  expect(() => read('00', column(ColumnCode.NEWDECIMAL, (5 << 8) | 6))).toThrow(FormatError);
  expect(() => read('00', column(ColumnCode.BLOB, 5))).toThrow(FormatError);
  expect(() => read('0300000001', column(ColumnCode.VECTOR, 1))).toThrow(FormatError);
  expect(() => read('00', column(77))).toThrow('column type 77 is unknown');
});

test('a column of moments reads any bytes as they are read one by one', () => {
  const type = fc.constantFrom(ColumnCode.DATETIME2, ColumnCode.TIMESTAMP2);
  const moments = fc.array(fc.uint8Array({ minLength: 8, maxLength: 8 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(type, fc.integer({ min: 0, max: 6 }), moments, fc.boolean(), (code, fsp, values, isSmall) => {
      const moment = new MomentColumn(column(code, fsp));
      for (const bytes of values) {
        // Random years are mostly beyond 9999, and random fractions have more digits than they may.
        if (isSmall) [bytes[0], bytes[5], bytes[6]] = [0x99, bytes[5]! % 15, bytes[6]! % 100];
        const cursor = new Cursor(Buffer.from(bytes));
        const expected = columnTypeOf(code).read(cursor, column(code, fsp));
        expect(moment.bytes).toBe(cursor.position);
        const read = (): string =>
          code === ColumnCode.DATETIME2 ? moment.datetime(bytes, 0) : moment.timestamp(bytes, 0);
        expect(read()).toBe(expected);
        expect(read()).toBe(expected);
      }
    }),
    { numRuns: 500 },
  );
});

import { describe, expect, test } from 'vitest';
import { Column, ColumnCode, type Rows, type TableMap } from '../index.ts';
import { OldTemporalColumns } from './old-temporal-columns.ts';

/** Events with all columns, as MariaDB 11.8.6 wrote them with `mysql56_temporal_format=OFF`: what the last one changed. */
function learned(codes: readonly number[], ...events: readonly string[]): number[] | undefined {
  const columns = codes.map((code, index) => new Column(index, code, 0));
  const present = Buffer.alloc((codes.length + 7) >> 3, 0xff);
  const shape = { operation: 'insert' };
  const map = { columns } as unknown as TableMap;
  const sizes = codes.map((code) => (code === ColumnCode.LONG ? 4 : Number.NaN));
  const old = new OldTemporalColumns(map, sizes);
  const changes = events.map((hex) => {
    const images = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    return old.learn({ images, present, columnCount: codes.length, shape } as unknown as Rows);
  });
  return changes.at(-1) === true ? [...old.digits] : undefined;
}

const seven = (code: number): number[] => Array.from({ length: 7 }, () => code);

describe('digits of old temporal columns', () => {
  test('of TIME(0) to TIME(6), from one row', () => {
    const row = '80 c01dfe 01c5f6ff 1245e18c 00b6bacf7b 07234c1ad2 4760f90c39 02b4b2027dc0';
    expect(learned(seven(ColumnCode.TIME), row)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('of DATETIME(0) to DATETIME(6)', () => {
    const row =
      '80 c057e9335f120000 00a90ceca761 069a813e89cc 0042090c7161fb 02945a7c6dd3d2 19cb88dc4a4639 0101f3589ae6be40';
    expect(learned(seven(ColumnCode.DATETIME), row)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  test('of TIMESTAMPs, as far as bytes can tell 3 digits from 4', () => {
    const row = '80 70e30d5e 5e0de37001 5e0de3700c 5e0de370007b 5e0de37004d2 5e0de370003039 5e0de37001e240';
    expect(learned(seven(ColumnCode.TIMESTAMP), row)).toEqual([0, 1, 2, 3, 4, 6, 6]);
  });

  test('are not forgotten for values that are odd, however many came before', () => {
    const codes = [ColumnCode.LONG, ColumnCode.DATETIME, ColumnCode.TIMESTAMP];
    const usual = 'f8 01000000 00a965a7fc67 65e079f00c0a14';
    // The year 1000, and a second after 1970 began. Read as DATETIME(3) and TIMESTAMP(4) they are no odder: the year 2560, and 256 seconds.
    const odd = 'f8 05000000 0053b10a0f00 00000001000000';
    const first = usual + odd.repeat(6);
    expect(learned(codes, first)).toEqual([0, 1, 6]);
    expect(learned(codes, first, odd.repeat(5))).toBeUndefined();
  });

  test('columns without digits stay as they are, and so do rows that cannot be', () => {
    expect(learned([ColumnCode.LONG, ColumnCode.TIMESTAMP], 'fc 01000000 70e30d5e')).toBeUndefined();
    expect(learned([ColumnCode.LONG, ColumnCode.TIME], 'fc 01000000 c01dfe c01dfec01d')).toBeUndefined();
  });
});

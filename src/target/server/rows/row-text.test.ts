import { expect, it } from 'vitest';
import { Column, ColumnCode } from '../../../binlog/index.ts';
import { RowText } from './row-text.ts';
import type { TargetColumn } from './target-tables.ts';

const columnOf = (type: string, length: number): TargetColumn => ({
  name: 'c',
  type,
  length,
  charset: undefined,
  unsigned: false,
  isGenerated: false,
  isDemanded: true,
  hasConstantDefault: false,
  isRowEnd: false,
});

const textOf = (column: TargetColumn, code: number): RowText =>
  new RowText(
    {
      schema: 's',
      name: 't',
      columns: [column],
      key: undefined,
      uniques: [],
      hasTriggers: false,
      isVersioned: false,
      isComputed: false,
      refersToItself: false,
    },
    [new Column(0, code, 0)],
    ['`c`'],
  );

it('a row that leaves BINARY out is found by all zeros that the server has put there', () => {
  expect(textOf(columnOf('binary', 3), ColumnCode.STRING).sameAsDefault(0)).toBe("`c`=x'000000'");
  expect(textOf(columnOf('varbinary', 0), ColumnCode.VARCHAR).sameAsDefault(0)).toBe("`c`=''");
});

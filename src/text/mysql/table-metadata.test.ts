import { describe, expect, test } from 'vitest';
import { ColumnCode, MetadataType } from '../../binlog/index.ts';
import { TextOutput } from '../output/text-output.ts';
import { writeTableMetadata } from './table-metadata.ts';

function printed(
  types: readonly number[],
  metadata: readonly number[],
  optional: readonly number[] = [],
  hasGeneratedKey = false,
): string[] {
  const out = new TextOutput();
  const table = {
    types: Buffer.from(types),
    metadata: Buffer.from(metadata),
    nullable: Buffer.from([0xff]),
    optional: Buffer.from(optional),
  };
  writeTableMetadata(out, table, hasGeneratedKey);
  return out.take().toString('utf8').split('\n').slice(0, -1);
}

describe('--print-table-metadata', () => {
  test('a key that the server made is named, though the log does not name it', () => {
    const types = [ColumnCode.LONGLONG, ColumnCode.JSON];
    expect(printed(types, [4], [], true)).toEqual([
      '# Columns(`my_row_id` BIGINT UNSIGNED NOT NULL INVISIBLE AUTO_INCREMENT,',
      '#         JSON)',
      '# Primary Key(my_row_id)',
    ]);
    expect(printed(types, [4], [MetadataType.SIMPLE_PRIMARY_KEY, 1, 1], true).at(-1)).toBe(
      '# Primary Key(my_row_id)',
    );
    expect(printed(types, [4])).toEqual(['# Columns(BIGINT,', '#         JSON)']);
  });

  test('a key of columns without names has their numbers, and 0 for one that is cut off', () => {
    const types = [ColumnCode.LONG, ColumnCode.LONG];
    const key = (...optional: number[]): string | undefined => printed(types, [], optional).at(-1);
    expect(key(MetadataType.PRIMARY_KEY_WITH_PREFIX, 4, 1, 5, 2, 0)).toBe('# Primary Key(1(5), 2)');
    expect(key(MetadataType.SIMPLE_PRIMARY_KEY, 8, 63, 1)).toBe('# Primary Key(63, 1, 0)');
    expect(key(MetadataType.COLUMN_NAME, 4, 1, 97, 1, 98, MetadataType.SIMPLE_PRIMARY_KEY, 1, 1)).toBe(
      '# Primary Key(b)',
    );
  });

  test('damaged metadata prints as far as it goes', () => {
    const types = [ColumnCode.LONG, ColumnCode.LONG, ColumnCode.LONG];
    const names = [MetadataType.COLUMN_NAME, 200, 1, 97, 1, 98, 9, 99];
    expect(printed(types, [], names)).toEqual(['# Columns(`a` INT,', '#         `b` INT,', '#         INT)']);
  });

  test('a type that is none has no separator behind it and leaves its metadata to the next', () => {
    expect(printed([213, ColumnCode.VARCHAR, ColumnCode.LONG], [40, 0])).toEqual([
      '# Columns(INVALID_TYPE(213)VARBINARY(40),',
      '#         INT)',
    ]);
  });
});

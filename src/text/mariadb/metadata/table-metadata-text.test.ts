import { describe, expect, test } from 'vitest';
import { Column, ColumnCode, MetadataType, type TableMap } from '../../../binlog/index.ts';
import { TextOutput } from '../../output/text-output.ts';
import { writeTableMetadata } from './table-metadata-text.ts';

const LATIN1_SWEDISH_CI = 8;
const UTF8MB4_BIN = 46;

function tableMap(
  columns: readonly (readonly [code: number, meta: number])[],
  metadata: Readonly<Record<number, readonly number[]>>,
): TableMap {
  return {
    kind: 'tableMap',
    tableId: 1,
    flags: 0,
    schema: Buffer.from('d'),
    table: Buffer.from('t'),
    columns: columns.map(([code, meta], index) =>
      Object.assign(new Column(index, code, meta), { nullable: true }),
    ),
    metadata: Object.entries(metadata).map(([type, value]) => ({
      type: Number(type),
      value: Buffer.from(value),
    })),
  };
}

function printed(map: TableMap): string[] {
  const out = new TextOutput();
  writeTableMetadata(out, map);
  return out.take().toString('utf8').split('\n').slice(0, -1);
}

describe('--print-table-metadata', () => {
  test('gives each column what the log says of it', () => {
    const map = tableMap(
      [
        [ColumnCode.LONG, 0],
        [ColumnCode.VARCHAR, 40],
        [ColumnCode.STRING, 0xf701],
      ],
      {
        [MetadataType.SIGNEDNESS]: [0x80],
        [MetadataType.DEFAULT_CHARSET]: [LATIN1_SWEDISH_CI],
        [MetadataType.COLUMN_NAME]: [1, 97, 1, 98, 1, 99],
        [MetadataType.ENUM_STR_VALUE]: [2, 1, 120, 1, 39],
        [MetadataType.ENUM_AND_SET_COLUMN_CHARSET]: [UTF8MB4_BIN],
        [MetadataType.PRIMARY_KEY_WITH_PREFIX]: [1, 5, 0, 0],
      },
    );
    expect(printed(map)).toEqual([
      '# Columns(`a` INT UNSIGNED,',
      '#         `b` VARCHAR(40) CHARSET latin1 COLLATE latin1_swedish_ci,',
      "#         `c` ENUM('x','\\'') CHARSET utf8mb4 COLLATE utf8mb4_bin)",
      '# Primary Key(b(5), a)',
    ]);
  });

  test('a compressed column has no name, and leaves character set and metadata to the columns behind it', () => {
    const map = tableMap(
      [
        [ColumnCode.VARCHAR_COMPRESSED, 0x01f5],
        [ColumnCode.VARCHAR, 40],
        [ColumnCode.BLOB, 2],
      ],
      { [MetadataType.COLUMN_CHARSET]: [LATIN1_SWEDISH_CI, UTF8MB4_BIN, 63] },
    );
    expect(printed(map)).toEqual([
      '# Columns(INVALID_TYPE(141)VARCHAR(501) CHARSET latin1 COLLATE latin1_swedish_ci,',
      '#         INVALID_TEXT(40) CHARSET utf8mb4 COLLATE utf8mb4_bin)',
    ]);
  });
});

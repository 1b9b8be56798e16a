import { expect, test } from 'vitest';
import { Column, ColumnCode, type TableMap } from '../../binlog/index.ts';
import { TextOutput } from '../text-output.ts';
import { writeTableMetadata } from './table-metadata.ts';

const map: TableMap = {
  kind: 'tableMap',
  tableId: 1,
  flags: 0,
  schema: Buffer.from('d'),
  table: Buffer.from('t'),
  columns: [ColumnCode.LONGLONG, ColumnCode.JSON].map((code, index) => new Column(index, code, 4)),
  metadata: [],
};

function printed(hasGeneratedKey: boolean): string {
  const out = new TextOutput();
  writeTableMetadata(out, map, hasGeneratedKey);
  return out.take().toString('utf8');
}

test('a key that the server made is named, though the log does not name it', () => {
  expect(printed(true)).toBe(
    '# Columns(`my_row_id` BIGINT INVISIBLE AUTO_INCREMENT,\n#         JSON)\n# Primary Key(my_row_id)\n',
  );
  expect(printed(false)).toBe('# Columns(BIGINT,\n#         JSON)\n');
});

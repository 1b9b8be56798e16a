import type { ColumnValue, RowImage } from '../../../binlog/index.ts';
import type { Table } from '../../schema/index.ts';

/** `id=7`: the key and nothing else of a row. `key`: indexes of its columns; undefined: it has none. */
export function keyText(table: Table, key: readonly number[] | undefined, row: RowImage): string {
  if (key === undefined) return 'the table has no key';
  return key.map((index) => `${table.columns[index]!.name}=${keyValue(row[index])}`).join(', ');
}

/** A key's value for a message; bytes are not shown. */
const keyValue = (value: ColumnValue | undefined): string =>
  typeof value === 'object' && value !== null ? '(bytes)' : String(value ?? '?');

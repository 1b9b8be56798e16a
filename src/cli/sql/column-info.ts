import { collationName } from '../../charset/index.ts';
import { type Column, ColumnType } from '../../wire/index.ts';
import { isNumber, nameOf, type Rows } from './result-text.ts';

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(ColumnType).map(([name, code]) => [code, name]),
);

/** Bits of a column's flags with mysql_com.h's names, in the order that mysql prints them. */
const FLAGS: readonly (readonly [bit: number, name: string])[] = [
  [1, 'NOT_NULL'],
  [2, 'PRI_KEY'],
  [4, 'UNIQUE_KEY'],
  [8, 'MULTIPLE_KEY'],
  [16, 'BLOB'],
  [32, 'UNSIGNED'],
  [64, 'ZEROFILL'],
  [128, 'BINARY'],
  [256, 'ENUM'],
  [512, 'AUTO_INCREMENT'],
  [1024, 'TIMESTAMP'],
  [2048, 'SET'],
  [4096, 'NO_DEFAULT_VALUE'],
  [8192, 'ON_UPDATE_NOW'],
];
const PART_KEY = 16_384;

function flagNames(column: Column): string {
  const names = FLAGS.filter(([bit]) => (column.flags & bit) !== 0).map(([, name]) => name);
  // Clients tell numbers by their types.
  if (isNumber(column)) names.push('NUM');
  if ((column.flags & PART_KEY) !== 0) names.push('PART_KEY');
  return names.map((name) => `${name} `).join('');
}

/** `--column-type-info`: what the server says of the columns, before their values. */
export function columnInfo({ columns, rows }: Rows): string {
  const bytes = (text: string): string => Buffer.from(text).toString('latin1');
  const blocks = columns.map((column, i) => {
    const longest = rows.reduce((most, row) => Math.max(most, row[i]?.length ?? 0), 0);
    const lines = [
      `Field ${`${i + 1}`.padStart(3)}:  \`${nameOf(column)}\``,
      `Catalog:    \`${bytes(column.catalog)}\``,
      `Database:   \`${bytes(column.schema)}\``,
      `Table:      \`${bytes(column.table)}\``,
      `Org_table:  \`${bytes(column.orgTable)}\``,
      `Type:       ${TYPE_NAMES.get(column.type) ?? '?-unknown-?'}`,
      `Collation:  ${collationName(column.collation, 'mysql') ?? '?'} (${column.collation})`,
      `Length:     ${column.length}`,
      `Max_length: ${longest}`,
      `Decimals:   ${column.decimals}`,
      `Flags:      ${flagNames(column)}`,
    ];
    return `${lines.join('\n')}\n\n`;
  });
  return `${blocks.join('')}\n`;
}

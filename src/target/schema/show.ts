import { type ColumnDefault, type ColumnType, type IndexDefinition, quoteName } from '../../sql/index.ts';
import { sameName, type Table, type TableColumn } from './table.ts';

const quoteText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** `decimal(10,2) unsigned`, as the servers show a type. */
export function typeText({ name, length, decimals, unsigned, zerofill, values }: ColumnType): string {
  const size =
    values !== undefined
      ? `(${values.map(quoteText).join(',')})`
      : length !== undefined
        ? `(${length}${decimals === undefined ? '' : `,${decimals}`})`
        : decimals !== undefined && decimals > 0
          ? `(${decimals})`
          : '';
  return `${name}${size}${unsigned ? ' unsigned' : ''}${zerofill ? ' zerofill' : ''}`;
}

/** The default as a text; undefined: none, or NULL. */
export function defaultText(value: ColumnDefault | undefined): string | undefined {
  switch (value?.kind) {
    case 'text':
    case 'literal':
    case 'expression':
      return value.text;
    case 'now':
      return `CURRENT_TIMESTAMP${value.decimals > 0 ? `(${value.decimals})` : ''}`;
    default:
      return undefined;
  }
}

/** `PRI`, `UNI`, `MUL` or nothing. */
export function columnKey({ indexes }: Table, column: string): string {
  const isFirst = ({ parts }: IndexDefinition): boolean =>
    parts[0]?.column !== undefined && sameName(parts[0].column, column);
  const isIn = ({ parts }: IndexDefinition): boolean =>
    parts.some((part) => part.column !== undefined && sameName(part.column, column));
  if (indexes.some((index) => index.kind === 'primary' && isIn(index))) return 'PRI';
  if (indexes.some((index) => index.kind === 'unique' && index.parts.length === 1 && isFirst(index)))
    return 'UNI';
  return indexes.some(isFirst) ? 'MUL' : '';
}

function columnText(column: TableColumn, tableCharset: string): string {
  const { name, type, nullable, charset } = column;
  const words = [quoteName(name), typeText(type)];
  if (charset !== undefined && charset !== tableCharset) words.push(`CHARACTER SET ${charset}`);
  if (!nullable) words.push('NOT NULL');
  const value = defaultText(column.default);
  if (value === undefined) {
    if (nullable && column.default !== undefined) words.push('DEFAULT NULL');
  } else {
    const shown =
      column.default?.kind === 'text'
        ? quoteText(value)
        : column.default?.kind === 'expression'
          ? `(${value})`
          : value;
    words.push(`DEFAULT ${shown}`);
  }
  if (column.autoIncrement) words.push('AUTO_INCREMENT');
  return words.join(' ');
}

const KINDS = {
  primary: 'PRIMARY KEY',
  unique: 'UNIQUE KEY',
  index: 'KEY',
  fulltext: 'FULLTEXT KEY',
  spatial: 'SPATIAL KEY',
  vector: 'VECTOR KEY',
} as const;

function indexText({ kind, name, parts }: IndexDefinition): string {
  const own = kind === 'primary' ? '' : ` ${quoteName(name ?? parts[0]?.column ?? '')}`;
  const list = parts.map(
    ({ column, prefix, descending }) =>
      `${column === undefined ? '(?)' : quoteName(column)}${prefix === undefined ? '' : `(${prefix})`}${descending ? ' DESC' : ''}`,
  );
  return `${KINDS[kind]}${own} (${list.join(',')})`;
}

/** CREATE TABLE as far as the definition is known: columns and keys. */
export function createTableText(table: Table): string {
  const lines = [
    ...table.columns.map((column) => columnText(column, table.charset)),
    ...table.indexes.map(indexText),
  ];
  return `CREATE TABLE ${quoteName(table.name)} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n) DEFAULT CHARSET=${table.charset}`;
}

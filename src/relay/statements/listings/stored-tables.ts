import type { Table, TableColumn } from '../../../target/index.ts';
import { columnKey, defaultText, typeText } from '../../../target/index.ts';
import { targetUrl } from '../../channel/applier/feeds/channel-target.ts';
import type { ResultRow } from '../answer.ts';
import type { Context, Relay } from '../context.ts';

/** Looks anew at the tables that channels fill: before each statement, for they come and go with their sources'. */
export async function lookAtTables({ engine, streams, variables }: Relay): Promise<void> {
  const folder = variables.text('datadir');
  const usual = variables.text('rowlock_target');
  const urls = ['', ...streams.channels.all.map(({ configuration }) => configuration.target.url)];
  const folders = urls.flatMap((url) => {
    const target = targetUrl(url, usual, folder);
    return target?.kind === 'sqlite' ? [target.folder] : [];
  });
  await engine.stored.look(folders);
}

/** Tables of a schema that the session may read. */
export function readableTables(schema: string, { relay, session }: Context): Table[] {
  return relay.engine.stored
    .tables(schema)
    .filter(({ name }) => relay.accounts.mayRead(session.account, schema, name));
}

/** A table under its names, in capitals or not; undefined: none that the session may read. */
export function readableTable(schema: string, name: string, { relay, session }: Context): Table | undefined {
  const table = relay.engine.stored.find(schema, name)?.table;
  if (table === undefined) return undefined;
  return relay.accounts.mayRead(session.account, table.schema, table.name) ? table : undefined;
}

const extraOf = ({ autoIncrement, generated, invisible }: TableColumn): string =>
  [
    autoIncrement ? 'auto_increment' : '',
    generated === undefined ? '' : `${generated.toUpperCase()} GENERATED`,
    invisible ? 'INVISIBLE' : '',
  ]
    .filter((word) => word !== '')
    .join(' ');

/** SHOW COLUMNS: Field, Type, Null, Key, Default, Extra; `full`: with Collation, Privileges and Comment. */
export function columnRows(table: Table, full: boolean): ResultRow[] {
  return table.columns.map((column): ResultRow => {
    const { name, type, nullable, comment, charset } = column;
    const rest = [
      nullable ? 'YES' : 'NO',
      columnKey(table, name),
      defaultText(column.default) ?? null,
      extraOf(column),
    ];
    return full
      ? [name, typeText(type), charset ?? null, ...rest, 'select', comment]
      : [name, typeText(type), ...rest];
  });
}

/** SHOW INDEX. */
export function indexRows({ name: table, indexes }: Table): ResultRow[] {
  return indexes.flatMap(({ kind, name, parts }) =>
    parts.map(
      ({ column, prefix, descending }, index): ResultRow => [
        table,
        kind === 'primary' || kind === 'unique' ? 0 : 1,
        kind === 'primary' ? 'PRIMARY' : (name ?? parts[0]?.column ?? ''),
        index + 1,
        column ?? null,
        descending ? 'D' : 'A',
        null,
        prefix ?? null,
        null,
        '',
        kind === 'fulltext' ? 'FULLTEXT' : kind === 'spatial' ? 'SPATIAL' : 'BTREE',
        '',
        '',
        'YES',
        null,
      ],
    ),
  );
}

/** Cells of information_schema.COLUMNS, beside catalog, schema, table and position. */
export function columnCells(
  table: Table,
  column: TableColumn,
): Readonly<Record<string, string | number | null>> {
  const { type, nullable, charset, comment } = column;
  return {
    COLUMN_NAME: column.name,
    COLUMN_DEFAULT: defaultText(column.default) ?? null,
    IS_NULLABLE: nullable ? 'YES' : 'NO',
    DATA_TYPE: type.name,
    CHARACTER_MAXIMUM_LENGTH: charset === undefined ? null : (type.length ?? null),
    NUMERIC_PRECISION: type.name === 'decimal' ? (type.length ?? null) : null,
    NUMERIC_SCALE: type.name === 'decimal' ? (type.decimals ?? 0) : null,
    CHARACTER_SET_NAME: charset ?? null,
    COLUMN_TYPE: typeText(type),
    COLUMN_KEY: columnKey(table, column.name),
    EXTRA: extraOf(column),
    PRIVILEGES: 'select',
    COLUMN_COMMENT: comment,
    GENERATION_EXPRESSION: '',
  };
}

import type { Table } from '../../target/index.ts';
import type { ViewSource } from '../statements/context.ts';
import { readableTables } from '../statements/listings/stored-tables.ts';
import { columnsOf, type View, type ViewRow } from '../views/view.ts';

type Index = Table['indexes'][number];

const isKey = ({ kind }: Index): boolean => kind === 'primary' || kind === 'unique';
const nameOf = ({ kind, name, parts }: Index): string =>
  kind === 'primary' ? 'PRIMARY' : (name ?? parts[0]?.column ?? '');

/** Rows for every index of the tables that somebody may read. */
const perIndex =
  (rows: (table: Table, index: Index, name: string) => readonly ViewRow[]) =>
  (source: ViewSource): ViewRow[] =>
    source.relay.engine.stored.schemas
      .flatMap((schema) => readableTables(schema, source))
      .flatMap((table) => table.indexes.flatMap((index) => [...rows(table, index, nameOf(index))]));

/** What information_schema says of keys, of the tables that channels fill. */
export const indexTables: readonly View<ViewSource>[] = [
  {
    schema: 'information_schema',
    name: 'STATISTICS',
    columns: columnsOf(`
      TABLE_CATALOG varchar(64), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64), NON_UNIQUE int,
      INDEX_SCHEMA varchar(64), INDEX_NAME varchar(64)?, SEQ_IN_INDEX int unsigned, COLUMN_NAME varchar(64)?,
      COLLATION varchar(1)?, CARDINALITY bigint?, SUB_PART bigint?, PACKED varbinary(0)?, NULLABLE varchar(3),
      INDEX_TYPE varchar(11), COMMENT varchar(8), INDEX_COMMENT varchar(2048), IS_VISIBLE varchar(3),
      EXPRESSION longtext?`),
    rows: perIndex((table, index, name) =>
      index.parts.map(({ column, prefix, descending }, i): ViewRow => {
        const nullable = table.columns.find((each) => each.name === column)?.nullable === true;
        const type = { fulltext: 'FULLTEXT', spatial: 'SPATIAL' }[String(index.kind)] ?? 'BTREE';
        return [
          'def',
          table.schema,
          table.name,
          isKey(index) ? 0 : 1,
          table.schema,
          name,
          i + 1,
          column ?? null,
          descending ? 'D' : 'A',
          null,
          prefix ?? null,
          null,
          nullable ? 'YES' : '',
          type,
          '',
          '',
          'YES',
          null,
        ];
      }),
    ),
  },
  {
    schema: 'information_schema',
    name: 'KEY_COLUMN_USAGE',
    columns: columnsOf(`
      CONSTRAINT_CATALOG varchar(64), CONSTRAINT_SCHEMA varchar(64), CONSTRAINT_NAME varchar(64)?,
      TABLE_CATALOG varchar(64), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64), COLUMN_NAME varchar(64)?,
      ORDINAL_POSITION int unsigned, POSITION_IN_UNIQUE_CONSTRAINT int unsigned?,
      REFERENCED_TABLE_SCHEMA varchar(64)?, REFERENCED_TABLE_NAME varchar(64)?,
      REFERENCED_COLUMN_NAME varchar(64)?`),
    rows: perIndex(({ schema, name: table }, index, name) =>
      isKey(index)
        ? index.parts.map(({ column }, i) => [
            'def',
            schema,
            name,
            'def',
            schema,
            table,
            column ?? null,
            i + 1,
            null,
            null,
            null,
            null,
          ])
        : [],
    ),
  },
  {
    schema: 'information_schema',
    name: 'TABLE_CONSTRAINTS',
    columns: columnsOf(`
      CONSTRAINT_CATALOG varchar(64), CONSTRAINT_SCHEMA varchar(64), CONSTRAINT_NAME varchar(64)?,
      TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64), CONSTRAINT_TYPE varchar(11), ENFORCED varchar(3)`),
    rows: perIndex(({ schema, name: table }, index, name) => {
      if (!isKey(index)) return [];
      const type = index.kind === 'primary' ? 'PRIMARY KEY' : 'UNIQUE';
      return [['def', schema, name, schema, table, type, 'YES']];
    }),
  },
];

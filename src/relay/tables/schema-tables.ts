import type { Table } from '../../target/index.ts';
import type { ViewSource } from '../statements/context.ts';
import { visibleSchemas } from '../statements/listings/catalogue.ts';
import { engineRows, STORED_ENGINE } from '../statements/listings/engines.ts';
import { columnCells, readableTables } from '../statements/listings/stored-tables.ts';
import { knownCharsets } from '../statements/settings/charset-names.ts';
import { collationOf, collationRows } from '../statements/settings/collation-rows.ts';
import { columnsOf, type View, type ViewRow } from '../views/view.ts';

const TABLES = columnsOf(`
  TABLE_CATALOG varchar(64), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64),
  TABLE_TYPE enum('BASE TABLE','VIEW','SYSTEM VIEW'), ENGINE varchar(64), VERSION int,
  ROW_FORMAT enum('Fixed','Dynamic','Compressed','Redundant','Compact','Paged'),
  TABLE_ROWS bigint unsigned, AVG_ROW_LENGTH bigint unsigned, DATA_LENGTH bigint unsigned,
  MAX_DATA_LENGTH bigint unsigned, INDEX_LENGTH bigint unsigned, DATA_FREE bigint unsigned,
  AUTO_INCREMENT bigint unsigned, CREATE_TIME timestamp, UPDATE_TIME datetime, CHECK_TIME datetime,
  TABLE_COLLATION varchar(64), CHECKSUM bigint, CREATE_OPTIONS varchar(256), TABLE_COMMENT text`);
const COLUMNS = columnsOf(`
  TABLE_CATALOG varchar(64), TABLE_SCHEMA varchar(64), TABLE_NAME varchar(64),
  COLUMN_NAME varchar(64), ORDINAL_POSITION int unsigned, COLUMN_DEFAULT text,
  IS_NULLABLE varchar(3), DATA_TYPE longtext, CHARACTER_MAXIMUM_LENGTH bigint,
  CHARACTER_OCTET_LENGTH bigint, NUMERIC_PRECISION bigint unsigned, NUMERIC_SCALE bigint unsigned,
  DATETIME_PRECISION int unsigned, CHARACTER_SET_NAME varchar(64), COLLATION_NAME varchar(64),
  COLUMN_TYPE mediumtext, COLUMN_KEY enum('','PRI','UNI','MUL'), EXTRA varchar(256),
  PRIVILEGES varchar(154), COLUMN_COMMENT text, GENERATION_EXPRESSION longtext, SRS_ID int unsigned`);
const PLUGINS = columnsOf(`
  PLUGIN_NAME varchar(64), PLUGIN_VERSION varchar(20), PLUGIN_STATUS varchar(10),
  PLUGIN_TYPE varchar(80), PLUGIN_TYPE_VERSION varchar(20), PLUGIN_LIBRARY varchar(64),
  PLUGIN_LIBRARY_VERSION varchar(20), PLUGIN_AUTHOR varchar(64), PLUGIN_DESCRIPTION varchar(65535),
  PLUGIN_LICENSE varchar(80), LOAD_OPTION varchar(64)`);

type Cells = Readonly<Record<string, string | number | null>>;

const row = (columns: readonly { readonly name: string }[], cells: Cells): ViewRow =>
  columns.map(({ name }) => cells[name] ?? null);

function visibleViews(source: ViewSource): View<ViewSource>[] {
  const schemas = new Set(visibleSchemas(source));
  return [...source.relay.engine.views].filter(({ schema }) => schemas.has(schema));
}

const storedTables = (source: ViewSource): Table[] =>
  source.relay.engine.stored.schemas.flatMap((schema) => readableTables(schema, source));

/** What the views are called, and what is in them. */
export const schemaTables: readonly View<ViewSource>[] = [
  {
    schema: 'information_schema',
    name: 'SCHEMATA',
    columns: columnsOf(`
      CATALOG_NAME varchar(64), SCHEMA_NAME varchar(64), DEFAULT_CHARACTER_SET_NAME varchar(64),
      DEFAULT_COLLATION_NAME varchar(64), SQL_PATH varbinary(0), DEFAULT_ENCRYPTION enum('NO','YES')`),
    rows: (source) =>
      visibleSchemas(source).map((name) => [
        'def',
        name,
        'utf8mb4',
        collationOf('utf8mb4', source.relay.flavor),
        null,
        'NO',
      ]),
  },
  {
    schema: 'information_schema',
    name: 'TABLES',
    columns: TABLES,
    rows: (source) => [
      ...visibleViews(source).map(({ schema, name }) =>
        row(TABLES, {
          TABLE_CATALOG: 'def',
          TABLE_SCHEMA: schema,
          TABLE_NAME: name,
          TABLE_TYPE: schema === 'information_schema' ? 'SYSTEM VIEW' : 'BASE TABLE',
          ENGINE: schema === 'information_schema' ? null : 'PERFORMANCE_SCHEMA',
          TABLE_COLLATION: collationOf('utf8mb4', source.relay.flavor),
          TABLE_COMMENT: '',
        }),
      ),
      ...storedTables(source).map(({ schema, name }) =>
        row(TABLES, {
          TABLE_CATALOG: 'def',
          TABLE_SCHEMA: schema,
          TABLE_NAME: name,
          TABLE_TYPE: 'BASE TABLE',
          ENGINE: STORED_ENGINE,
          TABLE_COMMENT: '',
        }),
      ),
    ],
  },
  {
    schema: 'information_schema',
    name: 'COLUMNS',
    columns: COLUMNS,
    rows: (source) => [
      ...visibleViews(source).flatMap(({ schema, name: table, columns }) =>
        columns.map(({ name, type, nullable, kind }, i) =>
          row(COLUMNS, {
            TABLE_CATALOG: 'def',
            TABLE_SCHEMA: schema,
            TABLE_NAME: table,
            COLUMN_NAME: name,
            ORDINAL_POSITION: i + 1,
            IS_NULLABLE: nullable ? 'YES' : 'NO',
            DATA_TYPE: type.replace(/\W.*$/s, ''),
            CHARACTER_SET_NAME: kind === 'text' ? 'utf8mb4' : null,
            COLLATION_NAME: kind === 'text' ? collationOf('utf8mb4', source.relay.flavor) : null,
            COLUMN_TYPE: type,
            COLUMN_KEY: '',
            EXTRA: '',
            PRIVILEGES: 'select',
            COLUMN_COMMENT: '',
            GENERATION_EXPRESSION: '',
          }),
        ),
      ),
      ...storedTables(source).flatMap((table) =>
        table.columns.map((column, i) =>
          row(COLUMNS, {
            TABLE_CATALOG: 'def',
            TABLE_SCHEMA: table.schema,
            TABLE_NAME: table.name,
            ORDINAL_POSITION: i + 1,
            ...columnCells(table, column),
          }),
        ),
      ),
    ],
  },
  {
    schema: 'information_schema',
    name: 'ENGINES',
    columns: columnsOf(`
      ENGINE varchar(64), SUPPORT varchar(8), COMMENT varchar(80), TRANSACTIONS varchar(3),
      XA varchar(3), SAVEPOINTS varchar(3)`),
    rows: () => engineRows,
  },
  {
    schema: 'information_schema',
    name: 'PLUGINS',
    columns: PLUGINS,
    rows: () =>
      ['caching_sha2_password', 'mysql_native_password', 'client_ed25519', 'parsec'].map((name) =>
        row(PLUGINS, {
          PLUGIN_NAME: name,
          PLUGIN_VERSION: '1.0',
          PLUGIN_STATUS: 'ACTIVE',
          PLUGIN_TYPE: 'AUTHENTICATION',
          PLUGIN_LICENSE: 'MIT',
          LOAD_OPTION: 'FORCE',
        }),
      ),
  },
  {
    schema: 'information_schema',
    name: 'CHARACTER_SETS',
    columns: columnsOf(`
      CHARACTER_SET_NAME varchar(64), DEFAULT_COLLATE_NAME varchar(64), DESCRIPTION varchar(2048),
      MAXLEN int unsigned`),
    rows: ({ relay }) =>
      knownCharsets.map(({ name, description, longest }) => [
        name,
        collationOf(name, relay.flavor),
        description,
        longest,
      ]),
  },
  {
    schema: 'information_schema',
    name: 'COLLATIONS',
    columns: columnsOf(`
      COLLATION_NAME varchar(64), CHARACTER_SET_NAME varchar(64), ID bigint unsigned,
      IS_DEFAULT varchar(3), IS_COMPILED varchar(3), SORTLEN int unsigned,
      PAD_ATTRIBUTE enum('PAD SPACE','NO PAD')`),
    rows: ({ relay }) => collationRows(relay.flavor),
  },
];

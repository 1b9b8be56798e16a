import { ServerError } from '../../../errors/index.ts';
import { quoteName, type ShowStatement } from '../../../sql/index.ts';
import { createTableText, type Table } from '../../../target/index.ts';
import { unknownTable } from '../../views/refusals.ts';
import type { View } from '../../views/view.ts';
import { type Answer, columns, type ResultColumn, type ResultRow, rows } from '../answer.ts';
import type { Context, Relay, ViewSource } from '../context.ts';
import { loginName } from '../evaluate.ts';
import { collationOf } from '../settings/collation-rows.ts';
import { STORED_ENGINE } from './engines.ts';
import { filtered } from './filter.ts';
import { columnRows, indexRows, readableTable, readableTables } from './stored-tables.ts';

type Of<K extends ShowStatement['kind']> = Extract<ShowStatement, { kind: K }>;

/** Schemas the session may use: everybody sees information_schema. */
export function visibleSchemas({ relay, session }: Context): string[] {
  return [...relay.engine.schemas]
    .filter((schema) => schema === 'information_schema' || relay.accounts.sees(session.account, schema))
    .sort();
}

/** @throws ServerError 1049, 1044 */
export function checkSchema(schema: string, context: Context): string {
  const { schemas } = context.relay.engine;
  const wanted =
    schemas.find((name) => name === schema) ??
    schemas.find((name) => name.toLowerCase() === schema.toLowerCase());
  if (wanted === undefined) throw new ServerError(1049, '42000', `Unknown database '${schema}'`);
  if (!visibleSchemas(context).includes(wanted)) {
    const [user, host] = loginName(context).split('@');
    throw new ServerError(
      1044,
      '42000',
      `Access denied for user '${user}'@'${host}' to database '${schema}'`,
    );
  }
  return wanted;
}

/** The schema that is named, or that the session uses. @throws ServerError 1046, 1049, 1044 */
export function currentSchema(schema: string | undefined, context: Context): string {
  const wanted = schema ?? context.session.schema;
  if (wanted === undefined) throw new ServerError(1046, '3D000', 'No database selected');
  return checkSchema(wanted, context);
}

const viewsOf = (schema: string, { engine }: Relay): View<ViewSource>[] =>
  [...engine.views].filter((view) => view.schema === schema).sort((a, b) => (a.name < b.name ? -1 : 1));

/** Whether the schema is the relay's, and not a source's. */
const isOwn = (schema: string, { engine }: Relay): boolean =>
  [...engine.views].some((view) => view.schema === schema);

export function showTables(statement: Of<'showTables' | 'showTableStatus'>, context: Context): Answer {
  const schema = currentSchema(statement.schema, context);
  const names = [
    ...viewsOf(schema, context.relay).map(({ name }) => name),
    ...readableTables(schema, context).map(({ name }) => name),
  ];
  const { filter } = statement;
  if (statement.kind === 'showTableStatus') {
    const shape = context.relay.flavor === 'mysql' ? TABLE_STATUS : MARIADB_TABLE_STATUS;
    const status = isOwn(schema, context.relay) ? OWN_STATUS : STORED_STATUS;
    const values = names.map((Name) => shape.map(({ name }) => ({ ...status, Name })[name] ?? null));
    return filtered(shape, values, filter, context);
  }
  const pattern = filter.like === undefined ? '' : ` (${filter.like})`;
  const shape: ResultColumn[] = [{ name: `Tables_in_${schema}${pattern}`, kind: 'text' }];
  if (!statement.full)
    return filtered(
      shape,
      names.map((name) => [name]),
      filter,
      context,
    );
  return filtered(
    [...shape, { name: 'Table_type', kind: 'text' }],
    names.map((name) => [name, schema === 'information_schema' ? 'SYSTEM VIEW' : 'BASE TABLE']),
    filter,
    context,
  );
}

const TABLE_STATUS = columns(
  'Name Engine Version:i Row_format Rows:u Avg_row_length:u Data_length:u Max_data_length:u Index_length:u Data_free:u ' +
    'Auto_increment:u Create_time:t Update_time:t Check_time:t Collation Checksum:i Create_options Comment',
);
/** mysqldump and mydumper take a table that has no engine for a view, and leave its rows out. */
const STORED_STATUS: Readonly<Record<string, string>> = {
  Engine: STORED_ENGINE,
  Create_options: '',
  Comment: '',
};
const OWN_STATUS: Readonly<Record<string, string>> = { Comment: 'VIEW' };
const MARIADB_TABLE_STATUS = [...TABLE_STATUS, ...columns('Max_index_length:u Temporary')];

function viewNamed(
  statement: { readonly schema: string | undefined; readonly table: string },
  context: Context,
) {
  const schema = currentSchema(statement.schema, context);
  const view = context.relay.engine.view(schema, statement.table);
  if (view === undefined) throw unknownTable({ schema, table: statement.table });
  return view;
}

/** A table that channels fill; undefined: the statement names another one. */
function storedNamed(
  statement: { readonly schema: string | undefined; readonly table: string },
  context: Context,
): Table | undefined {
  return readableTable(currentSchema(statement.schema, context), statement.table, context);
}

const FIELDS = columns('Field Type Null Key Default Extra');
const FULL_FIELDS = columns('Field Type Collation Null Key Default Extra Privileges Comment');

export function showColumns(statement: Of<'showColumns' | 'showIndex'>, context: Context): Answer {
  const stored = storedNamed(statement, context);
  if (stored !== undefined) {
    const full = statement.full === true;
    return filtered(full ? FULL_FIELDS : FIELDS, columnRows(stored, full), statement.filter, context);
  }
  const view = viewNamed(statement, context);
  const values = view.columns.map(({ name, type, nullable, kind }): ResultRow => {
    const collation = kind === 'text' ? collationOf('utf8mb4', context.relay.flavor) : null;
    const yes = nullable ? 'YES' : 'NO';
    return statement.full
      ? [name, type, collation, yes, '', null, '', 'select', '']
      : [name, type, yes, '', null, ''];
  });
  return filtered(statement.full ? FULL_FIELDS : FIELDS, values, statement.filter, context);
}

const INDEX = columns(
  'Table Non_unique:i Key_name Seq_in_index:u Column_name Collation Cardinality:i Sub_part:i Packed Null Index_type Comment Index_comment',
);

export function showIndex(statement: Of<'showColumns' | 'showIndex'>, context: Context): Answer {
  const stored = storedNamed(statement, context);
  if (stored === undefined) viewNamed(statement, context);
  const found = stored === undefined ? [] : indexRows(stored);
  if (context.relay.flavor === 'mysql')
    return filtered([...INDEX, ...columns('Visible Expression')], found, statement.filter, context);
  const ignored = found.map((row) => [...row.slice(0, INDEX.length), 'NO']);
  return filtered([...INDEX, ...columns('Ignored')], ignored, statement.filter, context);
}

export function showCreateTable(statement: Of<'showCreateTable'>, context: Context): Answer {
  const stored = storedNamed(statement, context);
  if (statement.view) {
    const { schema, name } = stored ?? viewNamed(statement, context);
    throw noView(`${schema}.${name}`, context.relay.flavor);
  }
  if (stored !== undefined) return createAnswer(stored.name, createTableText(stored));
  const view = viewNamed(statement, context);
  const lines = view.columns.map(
    ({ name, type, nullable }) => `  ${quoteName(name)} ${type}${nullable ? ' DEFAULT NULL' : ' NOT NULL'}`,
  );
  const text = `CREATE TABLE ${quoteName(view.name)} (\n${lines.join(',\n')}\n) ENGINE=PERFORMANCE_SCHEMA`;
  return createAnswer(view.name, text);
}

/** ER_WRONG_OBJECT */
const noView = (path: string, flavor: Relay['flavor']): ServerError =>
  new ServerError(1347, 'HY000', `'${path}' is not ${flavor === 'mysql' ? 'VIEW' : "of type 'VIEW'"}`);

const createAnswer = (name: string, text: string): Answer =>
  rows(
    [
      { name: 'Table', kind: 'text' },
      { name: 'Create Table', kind: 'text' },
    ],
    [[name, text]],
  );

export function showCreateSchema(statement: Of<'showCreateSchema'>, context: Context): Answer {
  const schema = checkSchema(statement.schema, context);
  const unless = statement.ifNotExists ? '/*!32312 IF NOT EXISTS*/ ' : '';
  return rows(
    [
      { name: 'Database', kind: 'text' },
      { name: 'Create Database', kind: 'text' },
    ],
    [
      [
        schema,
        `CREATE DATABASE ${unless}${quoteName(schema)} /*!40100 DEFAULT CHARACTER SET utf8mb4 COLLATE ${collationOf('utf8mb4', context.relay.flavor)} */`,
      ],
    ],
  );
}

import { bindableReal, type SqliteValue } from '../../../store/index.ts';
import { GENERATED_KEY } from '../../primary-key.ts';
import { type CatalogChange, CatalogError, isKept, type Table } from '../../schema/index.ts';
import type { SchemaFile } from '../files/schema-file.ts';
import { emptyPartitions } from '../partitions/empty-partitions.ts';
import type { AlterSession, Conversion } from './conversion/conversion.ts';
import { conversion } from './conversion/convert.ts';
import { createForeignIndexes, createIndexes, createTable, hasGeneratedKey, quote } from './definition.ts';
import { createUnfinished, finish, madeAnew, UNFINISHED, workOutAll } from './made-anew.ts';
import { utcMoment } from './moments.ts';
import { type DefiningSource, valueOfNewColumn } from './new-column.ts';

const ER_TABLE_EXISTS_ERROR = 1050;

type Alter = Extract<CatalogChange, { kind: 'alterTable' }>;

/** How a table of this name was made, whoever made it; SQLite does not tell `T` from `t`. */
function madeAs({ database }: SchemaFile, name: string): string | undefined {
  const found = database
    .prepare(`SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE`)
    .get(name);
  return found === undefined ? undefined : String(found['sql']);
}

/** Makes a table of the source that was there before, or takes the same one of another channel. */
export function adoptTable(file: SchemaFile, table: Table): void {
  if (madeAs(file, table.name) !== createTable(table)) makeTable(file, table);
}

/** Makes a table with its indexes. @throws CatalogError there is one */
function makeTable(file: SchemaFile, table: Table): void {
  expectNone(file, table);
  file.database.exec(createTable(table));
  for (const statement of createIndexes(table)) file.database.exec(statement);
}

/** @throws CatalogError there is a table of that name */
export function expectNone(file: SchemaFile, table: Table): void {
  if (madeAs(file, table.name) !== undefined) {
    throw new CatalogError(`Table '${table.name}' already exists`, {
      errno: ER_TABLE_EXISTS_ERROR,
      context: { table: `${table.schema}.${table.name}` },
      hint: 'Another channel has made it, or one whose name differs in capitals only: give it a schema of its own with a rewrite rule.',
    });
  }
}

/** Does to the tables of a file what a statement did to the source's, inside the transaction that is open. */
export function follow(
  file: SchemaFile,
  change: Exclude<CatalogChange, { kind: 'renameTable' | 'createSchema' }>,
  source: DefiningSource,
): void {
  const { database } = file;
  switch (change.kind) {
    case 'createTable':
      return makeTable(file, change.table);
    case 'dropTable':
      return database.exec(`DROP TABLE IF EXISTS ${quote(change.table.name)}`);
    case 'truncateTable':
      return database.exec(`DELETE FROM ${quote(change.table.name)}`);
    case 'emptyPartitions':
      return emptyPartitions(file, change.table, change.partitions);
    case 'changePartitions':
      return;
    case 'changeForeignKeys':
      return database.exec(createForeignIndexes(change.table).join(';'));
    // SQLite compares its texts in its own way.
    case 'changeCollations':
      return;
    case 'alterTable':
      return rebuiltWhole(change.after, () => rebuild(file, change, source));
    case 'dropSchema':
      for (const { name } of database
        .prepare(
          `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '(rowlock)'`,
        )
        .all()) {
        database.exec(`DROP TABLE ${quote(String(name))}`);
      }
  }
}

/** A table that moves stays in its file, or is copied into another one, whole. */
export function renameTable(
  from: SchemaFile,
  to: SchemaFile,
  before: Table,
  after: Table,
  source: DefiningSource,
): void {
  if (from !== to) {
    makeTable(to, after);
    copyRows(
      from,
      before,
      to,
      after,
      before.columns.map(() => (value) => value),
      before.columns.map((_, index) => index),
      source,
    );
    from.database.exec(`DROP TABLE ${quote(before.name)}`);
    return;
  }
  for (const { name } of from.database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
    .all(before.name)) {
    from.database.exec(`DROP INDEX ${quote(String(name))}`);
  }
  // By way of a third name: names that differ in case only are the same to SQLite.
  from.database.exec(
    `ALTER TABLE ${quote(before.name)} RENAME TO ${quote(MOVING)}; ALTER TABLE ${quote(MOVING)} RENAME TO ${quote(after.name)}`,
  );
  for (const statement of createIndexes(after)) from.database.exec(statement);
}

const MOVING = '(moving)';

/** @throws CatalogError a key of the new table has no room for the rows there are: IGNORE lets some of them go */
function rebuiltWhole({ schema, name }: Table, build: () => void): void {
  try {
    build();
  } catch (error) {
    if (!(error instanceof Error && /UNIQUE constraint/.test(error.message))) throw error;
    throw new CatalogError(
      `ALTER TABLE gives ${schema}.${name} a key that several of its rows share: which of them IGNORE has let go is not in the log`,
      {
        context: { table: `${schema}.${name}` },
        hint: 'Load the table again, and replicate from the position of that copy.',
      },
    );
  }
}

/** A new table under another name, the rows carried over, the old one away: SQLite itself can change little. */
function rebuild(file: SchemaFile, { before, after, sources }: Alter, source: DefiningSource): void {
  const { database } = file;
  const session = sessionOf(source);
  const conversions = sources.map((from, index) =>
    from < 0 ? undefined : conversion(after, before.columns[from]!, after.columns[index]!, session),
  );
  const isEmpty = database.prepare(`SELECT 1 FROM ${quote(before.name)} LIMIT 1`).get() === undefined;
  const anew = isEmpty ? [] : madeAnew({ before, after, sources }, source.flavor);
  const moving = { ...after, name: MOVING };
  database.exec(createTable(after, MOVING));
  if (anew.length > 0) copyAnew(file, { before, after, sources }, conversions, anew, source);
  else if (!isEmpty) copyRows(file, before, file, moving, conversions, sources, source);
  database.exec(
    `DROP TABLE ${quote(before.name)}; ALTER TABLE ${quote(MOVING)} RENAME TO ${quote(after.name)}`,
  );
  for (const statement of createIndexes(after)) database.exec(statement);
}

const sessionOf = ({ flavor, clock, zone, padsChar, roundsFractions }: DefiningSource): AlterSession => ({
  flavor,
  now: utcMoment(clock.seconds),
  zone,
  padsChar: padsChar === true,
  roundsFractions: roundsFractions ?? flavor === 'mysql',
});

/** With columns that are worked out once the rows are there: in a table without keys, as they have nothing until then. */
function copyAnew(
  file: SchemaFile,
  { before, after, sources }: Pick<Alter, 'before' | 'after' | 'sources'>,
  conversions: readonly (Conversion | undefined)[],
  anew: readonly number[],
  source: DefiningSource,
): void {
  const { database } = file;
  const unfinished = createUnfinished(database, after, UNFINISHED, anew);
  copyRows(file, before, file, unfinished, conversions, sources, source, anew);
  workOutAll(database, after, UNFINISHED, anew, source);
  finish(database, after, UNFINISHED, MOVING);
}

const bindable = (value: SqliteValue): SqliteValue =>
  typeof value === 'number' ? bindableReal(value) : value;

function copyRows(
  from: SchemaFile,
  before: Table,
  to: SchemaFile,
  after: Table,
  conversions: readonly (Conversion | undefined)[],
  sources: readonly number[],
  source: DefiningSource,
  anew: readonly number[] = [],
): void {
  const keepsKey = hasGeneratedKey(before) && hasGeneratedKey(after);
  const key = quote(GENERATED_KEY);
  const asked = before.columns.flatMap((column, index) =>
    isKept(column) ? [`${quote(column.name)} AS c${index}`] : [],
  );
  if (keepsKey) asked.push(`${key} AS own`);
  const read = from.database.prepare(`SELECT ${asked.join(', ')} FROM ${quote(before.name)}`);
  read.setReadBigInts(true);
  const kept = after.columns.flatMap((column, index) => (isKept(column) ? [index] : []));
  const names = kept.map((index) => quote(after.columns[index]!.name));
  if (keepsKey) names.push(key);
  const write = to.database.prepare(
    `INSERT INTO ${quote(after.name)} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  );
  // A column without values of its own so far is as good as a new one.
  const isOld = (index: number): boolean =>
    sources[index]! >= 0 && isKept(before.columns[sources[index]!]!) && !anew.includes(index);
  const added = after.columns.map((column, index) =>
    isKept(column) && !isOld(index) && !anew.includes(index)
      ? valueOfNewColumn(before, column, source)
      : null,
  );
  for (const row of read.iterate()) {
    const values = kept.map(
      (index): SqliteValue =>
        bindable(isOld(index) ? conversions[index]!(row[`c${sources[index]!}`]!) : added[index]!),
    );
    if (keepsKey) values.push(row['own']!);
    write.run(...values);
  }
}

import type { Flavor } from '../../../binlog/index.ts';
import type { ColumnType } from '../../../sql/index.ts';
import type { SqliteDatabase, SqliteValue } from '../../../store/index.ts';
import { GENERATED_KEY } from '../../primary-key.ts';
import {
  type CatalogChange,
  CatalogError,
  isKept,
  mentionedIn,
  type Table,
  type TableColumn,
} from '../../schema/index.ts';
import { createTable, hasGeneratedKey, quote, rowIdName } from './definition.ts';
import { settledDefault } from './settled-default.ts';
import { type Working, workedOut } from './worked-out.ts';

type Alteration = Pick<Extract<CatalogChange, { kind: 'alterTable' }>, 'before' | 'after' | 'sources'>;

/** Indexes of the stored generated columns whose values a change of their table makes anew, and of new ones whose default is an expression. */
export function madeAnew({ before, after, sources }: Alteration, flavor: Flavor): readonly number[] {
  const anew = new Set<number>();
  /** What is worked out of them is another value. */
  const others = new Set<number>();
  const generated: { readonly index: number; readonly isMentioned: (column: string) => boolean }[] = [];
  for (const [index, column] of after.columns.entries()) {
    const was = before.columns[sources[index]!];
    const isOther =
      was === undefined ||
      was.generated !== column.generated ||
      (column.generated !== undefined && !isSameExpression(was.expression, column.expression, flavor));
    if (isOther) anew.add(index);
    if (isOther || !keepsValues(was.type, column.type)) others.add(index);
    if (column.generated !== undefined)
      generated.push({ index, isMentioned: mentionedIn(column.expression ?? '') });
  }
  // A set that grows is gone through to its end.
  for (const other of others) {
    const { name } = after.columns[other]!;
    for (const { index, isMentioned } of generated) {
      if (index === other || anew.has(index) || !isMentioned(name)) continue;
      anew.add(index);
      others.add(index);
    }
  }
  return after.columns.flatMap((column, index) =>
    (anew.has(index) && column.generated === 'stored') || (sources[index]! < 0 && hasExpression(column))
      ? [index]
      : [],
  );
}

const hasExpression = (column: TableColumn): boolean => settledDefault(column)?.kind === 'expression';

/** One that a new name of a column has made unknown gives what it gave. */
function isSameExpression(was: string | undefined, is: string | undefined, flavor: Flavor): boolean {
  if (is === undefined) return true;
  if (was === undefined) return false;
  // MySQL takes those for the same that differ in case only, also in their texts, and leaves its rows as they are.
  return plain(was) === plain(is) || (flavor === 'mysql' && was.toLowerCase() === is.toLowerCase());
}

/** Without what means nothing, where that is plain to see. */
const plain = (expression: string): string =>
  /['"]/.test(expression) ? expression : expression.replaceAll(/[\s`]/g, '').toLowerCase();

/** Types that hold what others of them held, or refuse it. */
const FAMILIES: readonly RegExp[] = [
  /^(tinyint|smallint|mediumint|int|bigint)$/,
  /^(char|varchar|(tiny|medium|long)?text)$/,
];

function keepsValues(from: ColumnType, to: ColumnType): boolean {
  if (from.name === to.name) return (to.decimals ?? 0) === (from.decimals ?? 0);
  return FAMILIES.some((family) => family.test(from.name) && family.test(to.name));
}

/** What a table is called while its rows lack columns. */
export const UNFINISHED = '(unfinished)';

/** The table without what columns cannot satisfy that are worked out once the rows are there: keys, NOT NULL. */
export function createUnfinished(
  database: SqliteDatabase,
  table: Table,
  name: string,
  anew: readonly number[],
): Table {
  const columns = table.columns.map((column, index) =>
    anew.includes(index) ? { ...column, nullable: true } : column,
  );
  const unfinished = { ...table, name, indexes: [], columns };
  database.exec(createTable(unfinished));
  return unfinished;
}

/** Moves the rows of such a table into the one that they are for, which is there. */
export function finish(database: SqliteDatabase, table: Table, from: string, to: string): void {
  const names = table.columns.filter(isKept).map(({ name }) => quote(name));
  if (hasGeneratedKey(table)) names.push(quote(GENERATED_KEY));
  const list = names.join(', ');
  database.exec(
    `INSERT INTO ${quote(to)} (${list}) SELECT ${list} FROM ${quote(from)}; DROP TABLE ${quote(from)}`,
  );
}

/** Rows that are worked out together. */
const ROWS = 1000;

/** Works these columns out in all rows of a table, which goes by this name and has no keys. @throws CatalogError only the source can */
export function workOutAll(
  database: SqliteDatabase,
  table: Table,
  name: string,
  columns: readonly number[],
  working: Working,
): void {
  const own = rowIdName({ ...table, indexes: [] });
  // One may be worked out of those before it.
  for (const index of columns) {
    const column = quote(table.columns[index]!.name);
    const found = workedOut(table, index, database, working);
    if (found === undefined) throw unknowable(table, index);
    const read = database.prepare(
      `SELECT ${own} AS own, (${found.sql}) AS value FROM ${quote(name)} WHERE ${own} > ? ORDER BY ${own} LIMIT ${ROWS}`,
    );
    read.setReadBigInts(true);
    const write = database.prepare(`UPDATE ${quote(name)} SET ${column} = ? WHERE ${own} = ?`);
    let last: SqliteValue = -(2n ** 63n);
    try {
      for (;;) {
        // What a function throws, all() makes another error of.
        const rows: readonly Record<string, SqliteValue>[] = [...read.iterate(last)];
        for (const row of rows) write.run(found.convert(row['value']!), row['own']!);
        if (rows.length < ROWS) break;
        last = rows.at(-1)!['own']!;
      }
    } catch (error) {
      throw error instanceof CatalogError ? unknowable(table, index) : error;
    }
  }
}

function unknowable({ schema, name, columns }: Table, index: number): CatalogError {
  const column = columns[index]!;
  const path = `${schema}.${name}.${column.name}`;
  const what = column.generated === undefined ? `adds ${path}` : `makes the generated column ${path} anew,`;
  return new CatalogError(`ALTER TABLE ${what} with values that only the source can work out`, {
    context: { table: `${schema}.${name}` },
    hint: 'Load the table again, and replicate from the position of that copy.',
  });
}

import { RowsFlag } from '../../../binlog/index.ts';
import type { SqliteValue } from '../../../store/index.ts';
import { type Catalog, CatalogError, type ForeignKey, hasAction, type Table } from '../../schema/index.ts';
import { quote } from '../definition/definition.ts';
import type { SchemaFile } from '../files/schema-file.ts';

/** What a row holds in the columns that foreign keys refer to, by their names in lower case. */
export type HeldKeys = Readonly<Record<string, SqliteValue>>;

interface Referring {
  readonly table: Table;
  readonly key: ForeignKey;
}

/** A statement that looked at no foreign key, and one of MySQL from 9.6, which logs what they made of other rows. */
const WITHOUT_ACTIONS = RowsFlag.NO_FOREIGN_KEY_CHECKS | RowsFlag.USE_SQL_FOREIGN_KEY;

/** Whether foreign keys changed other rows than those of a rows event. */
export const hasActions = (flags: number): boolean => (flags & WITHOUT_ACTIONS) === 0;

/** Rows that change rows that change rows: InnoDB goes 15 deep, some of its versions 255 (FK_MAX_CASCADE_DEL), and refuses what is deeper. */
const DEEPEST = 255;

/**
 * ON DELETE and ON UPDATE of foreign keys. InnoDB carries them out below what the server logs, in MariaDB and in MySQL before 9.6: of a
 * parent that goes, its log has the parent's row and nothing else. Made anew when a table changes.
 */
export class ReferentialActions {
  readonly #catalog: Catalog;
  readonly #file: SchemaFile;
  /** By the tables that they refer to. */
  readonly #known = new Map<Table, readonly Referring[]>();

  constructor(catalog: Catalog, file: SchemaFile) {
    this.#catalog = catalog;
    this.#file = file;
  }

  /** The columns of a table by which rows of others change; none: its rows concern nobody. */
  columnsOf(table: Table): readonly string[] {
    const names = this.#keys(table).flatMap(({ key }) => key.parentColumns.map((name) => name.toLowerCase()));
    return [...new Set(names)];
  }

  /**
   * A row went, or changed.
   *
   * @param now undefined: it went
   * @param depth how many rows stand between it and the one of the log
   * @throws CatalogError rows in another file would have to change, or more after one another than InnoDB changes
   */
  follow(table: Table, before: HeldKeys, now: HeldKeys | undefined, depth = 0): void {
    for (const { table: child, key } of this.#keys(table)) {
      const action = now === undefined ? key.onDelete : key.onUpdate;
      const values = key.parentColumns.map((name) => before[name.toLowerCase()]!);
      if (action === 'restrict' || values.some((value) => value === null)) continue;
      const then = now === undefined ? undefined : key.parentColumns.map((name) => now[name.toLowerCase()]!);
      if (then?.every((value, at) => isSame(value, values[at]!)) === true) continue;
      if (child.schema !== table.schema) throw elsewhere(table, child, key);
      if (depth > DEEPEST) throw tooDeep(child, key);
      const isGone = action === 'cascade' && then === undefined;
      this.#change(
        child,
        key,
        values,
        isGone ? undefined : action === 'cascade' ? then! : values.map(() => null),
        depth,
      );
    }
  }

  #keys(table: Table): readonly Referring[] {
    let keys = this.#known.get(table);
    if (keys === undefined) {
      keys = this.#catalog.referring(table).filter(({ key }) => hasAction(key));
      this.#known.set(table, keys);
    }
    return keys;
  }

  #change(
    table: Table,
    { columns }: ForeignKey,
    values: readonly SqliteValue[],
    then: readonly SqliteValue[] | undefined,
    depth: number,
  ): void {
    const name = quote(table.name);
    const where = columns.map((column) => `${quote(column)} = ?`).join(' AND ');
    const changed = this.#held(table, where, values);
    if (then === undefined) this.#file.statement(`DELETE FROM ${name} WHERE ${where}`).run(...values);
    else {
      const set = columns.map((column) => `${quote(column)} = ?`).join(', ');
      this.#file.statement(`UPDATE ${name} SET ${set} WHERE ${where}`).run(...then, ...values);
    }
    const own = then && Object.fromEntries(columns.map((column, at) => [column.toLowerCase(), then[at]!]));
    for (const before of changed) this.follow(table, before, own && { ...before, ...own }, depth + 1);
  }

  /** What rows of others hold on to in rows that are about to change. */
  #held(table: Table, where: string, values: readonly SqliteValue[]): HeldKeys[] {
    const columns = this.columnsOf(table);
    if (columns.length === 0) return [];
    const asked = columns.map((column) => `${quote(column)} AS ${quote(column)}`).join(', ');
    const statement = this.#file.statement(`SELECT ${asked} FROM ${quote(table.name)} WHERE ${where}`);
    statement.setReadBigInts(true);
    return statement.all(...values) as HeldKeys[];
  }
}

function elsewhere(table: Table, child: Table, { name }: ForeignKey): CatalogError {
  return new CatalogError(
    `foreign key ${name} of ${child.schema}.${child.name} changes its rows with those of ${table.schema}.${table.name}, another schema, which is not in the log`,
    { context: { table: `${child.schema}.${child.name}` } },
  );
}

function tooDeep(child: Table, { name }: ForeignKey): CatalogError {
  return new CatalogError(
    `foreign key ${name} of ${child.schema}.${child.name} would change rows for rows for rows, more than ${DEEPEST} after one another`,
    {
      context: { table: `${child.schema}.${child.name}` },
      hint: 'No server of MySQL or MariaDB goes so deep: the log was not written by one, or rows are in SQLite that the source has not.',
    },
  );
}

/** Numbers come from the log and from SQLite, which gives all its integers as bigints. */
function isSame(one: SqliteValue, other: SqliteValue): boolean {
  if (one instanceof Uint8Array || other instanceof Uint8Array)
    return one instanceof Uint8Array && other instanceof Uint8Array && Buffer.compare(one, other) === 0;
  return String(one) === String(other);
}

import type { SqliteDatabase } from '../../store/index.ts';
import { zoneOf } from './dates/zone.ts';
import { zonedText } from './dates/zone-functions.ts';
import { DATETIME, DOUBLE, type Domain, fixed, INTEGER, TEXT } from './print/domain.ts';
import type { QueryContext } from './query-context.ts';
import { kindOfTime, type View, type ViewColumn, type ViewRow } from './view.ts';

type ViewShape = Pick<View<never>, 'schema' | 'name' | 'columns'>;

const tableName = (view: ViewShape): string => `"${view.schema}"."${view.name.toLowerCase()}"`;

const AFFINITY = { text: 'TEXT COLLATE NOCASE', time: 'TEXT', integer: 'INTEGER', real: 'REAL' } as const;

const definition = ({ name, kind }: ViewColumn): string => `"${name}" ${AFFINITY[kind]}`;

const DOMAINS: Readonly<Record<ViewColumn['kind'], Domain>> = {
  text: TEXT,
  time: DATETIME,
  integer: INTEGER,
  real: DOUBLE,
};

/** A double(10,3) is shown with all three digits. */
function domainOf({ kind, type }: ViewColumn): Domain {
  const [, scale] = /\(\d+,(\d+)\)/.exec(type) ?? [];
  return kind === 'real' && scale !== undefined ? fixed(Number(scale)) : DOMAINS[kind];
}

/** Names and types, as queries see them. */
export function viewColumns(views: Iterable<Pick<ViewShape, 'columns'>>): (readonly [string, Domain])[] {
  return [...views].flatMap(({ columns }) =>
    columns.map((column) => [column.name, domainOf(column)] as const),
  );
}

/** Rows of a view as a session in another time zone than UTC sees them. */
export function zonedRows(
  { columns }: Pick<ViewShape, 'columns'>,
  rows: readonly ViewRow[],
  { zone: name, flavor = 'mysql' }: Pick<QueryContext, 'zone' | 'flavor'>,
): readonly ViewRow[] {
  const zone = name === undefined ? undefined : zoneOf(name, flavor);
  const isZoned = columns.map((column) => kindOfTime(column)?.kind === 'timestamp');
  if (zone === undefined || !isZoned.includes(true)) return rows;
  return rows.map((row) =>
    row.map((value, i) => (isZoned[i] && typeof value === 'string' ? zonedText(value, zone) : value)),
  );
}

/** Views as tables of SQLite, which have rows as long as a query looks at them. */
export class ViewTables {
  readonly #database: SqliteDatabase;
  readonly #created = new Set<string>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  fill(view: ViewShape, rows: readonly ViewRow[]): void {
    const name = tableName(view);
    if (!this.#created.has(name)) {
      this.#database.exec(`CREATE TABLE ${name} (${view.columns.map(definition).join(', ')})`);
      this.#created.add(name);
    }
    if (rows.length === 0) return;
    const insert = this.#database.prepare(
      `INSERT INTO ${name} VALUES (${view.columns.map(() => '?').join(', ')})`,
    );
    for (const row of rows) insert.run(...row);
  }

  /** Its rows go. */
  clear(view: ViewShape): void {
    if (this.#created.has(tableName(view))) this.#database.exec(`DELETE FROM ${tableName(view)}`);
  }

  /** The table goes: the next view of that name has other columns. */
  drop(view: ViewShape): void {
    this.#database.exec(`DROP TABLE IF EXISTS ${tableName(view)}`);
    this.#created.delete(tableName(view));
  }
}

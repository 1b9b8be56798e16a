import type { SqliteDatabase, SqliteStatement, SqliteValue } from './sqlite-database.ts';

/** Of a memory that is there, however little of it is meant. */
const NO_BYTES: Uint8Array = Buffer.alloc(1).subarray(0, 0);

const isEmpty = (value: SqliteValue): boolean => value instanceof Uint8Array && value.length === 0;

/** A function whose result is never taken for NULL: @photostructure/sqlite does so with no bytes at all, Node 22 with those that it has read. */
export function neverNull<V extends unknown[]>(
  body: (...values: V) => SqliteValue,
): (...values: V) => SqliteValue {
  const given = (...values: V): SqliteValue => {
    const result = body(...values);
    return isEmpty(result) ? '' : result;
  };
  // SQLite is told how many values it takes by that.
  return Object.defineProperty(given, 'length', { value: body.length });
}

/** Whether no bytes at all become NULL where they are given to a statement: with Node 22 those that it has read do. */
export function losesEmptyBytes(database: SqliteDatabase): boolean {
  return database.prepare('SELECT ? IS NULL AS lost').get(new Uint8Array(new ArrayBuffer(0)))?.['lost'] === 1;
}

/** Has a statement take no bytes at all for what they are. */
export function keepingEmptyBytes(statement: SqliteStatement): SqliteStatement {
  for (const name of ['all', 'get', 'iterate', 'run'] as const) {
    const own = statement[name].bind(statement) as (...parameters: SqliteValue[]) => unknown;
    const value = (...parameters: SqliteValue[]): unknown =>
      own(...parameters.map((parameter) => (isEmpty(parameter) ? NO_BYTES : parameter)));
    Object.defineProperty(statement, name, { value });
  }
  return statement;
}

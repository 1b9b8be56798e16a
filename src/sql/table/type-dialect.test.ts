import { expect, test } from 'vitest';
import { SqlMode } from '../lexer.ts';
import { parseTableStatement } from './table-statement.ts';

const typesOf = (columns: string, sqlMode: number, flavor: 'mysql' | 'mariadb' = 'mariadb'): unknown => {
  const statement = parseTableStatement(Buffer.from(`CREATE TABLE t (${columns})`), { flavor, sqlMode });
  return statement.kind === 'createTable' ? statement.columns.map(({ type }) => type.name) : statement.kind;
};

// Held against SHOW CREATE TABLE of MariaDB 11.8.
test('types of Oracle and MaxDB are those of MariaDB in its modes for them', () => {
  const columns = 'a DATE, b NUMBER, c NUMBER(5), d BLOB, e BLOB(50), f VARCHAR2(9), g TIMESTAMP';
  expect(typesOf(columns, SqlMode.ORACLE)).toEqual(
    'datetime double decimal longblob tinyblob varchar timestamp'.split(' '),
  );
  expect(typesOf(columns, SqlMode.ORACLE, 'mysql')).toEqual(
    'date decimal decimal blob tinyblob varchar timestamp'.split(' '),
  );
  expect(typesOf('a DATE, g TIMESTAMP(3)', SqlMode.MAXDB)).toEqual(['date', 'datetime']);
});

test('REAL is a DOUBLE or a FLOAT', () => {
  for (const flavor of ['mysql', 'mariadb'] as const) {
    expect(typesOf('a REAL, b REAL(5,2)', 0, flavor)).toEqual(['double', 'double']);
    expect(typesOf('a REAL, b REAL(5,2)', SqlMode.REAL_AS_FLOAT, flavor)).toEqual(['float', 'float']);
  }
  expect(typesOf('a REAL, b DATE', SqlMode.REAL_AS_FLOAT | SqlMode.ORACLE)).toEqual(['float', 'datetime']);
});

test('a type says whose it is', () => {
  const columns = 'a mariadb_schema.date, b oracle_schema.date, c maxdb_schema.timestamp';
  for (const mode of [0, SqlMode.ORACLE, SqlMode.MAXDB])
    expect(typesOf(columns, mode)).toEqual(['date', 'datetime', 'datetime']);
  expect(typesOf('a other_schema.date', 0)).toBe('unknown');
});

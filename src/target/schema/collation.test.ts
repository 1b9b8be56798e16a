import { beforeEach, describe, expect, test } from 'vitest';
import { parseTableStatement } from '../../sql/index.ts';
import { Catalog } from './catalog.ts';
import { contextOfText, type StatementContext } from './statement-context.ts';
import type { Table } from './table.ts';

let catalog: Catalog;
let context: StatementContext;

/** Follows statements, and says what they change. */
const follow = (...statements: readonly string[]): string[] =>
  statements.flatMap((sql) =>
    catalog
      .follow(parseTableStatement(Buffer.from(sql), { flavor: context.flavor }), context)
      .map(({ kind }) => kind),
  );

const columns = (name = 't'): (string | undefined)[] =>
  catalog.get('s', name)!.columns.map(({ collation }) => collation);

/** The collations of the columns of `t`, which these make. */
function made(...statements: readonly string[]): (string | undefined)[] {
  catalog = new Catalog();
  follow(...statements);
  return columns();
}

beforeEach(() => {
  catalog = new Catalog();
  context = { ...contextOfText('s', 'mysql'), collation: 'latin1_german1_ci' };
});

describe('the collation of a column', () => {
  test('comes from the column, the table, the schema or the server', () => {
    expect(made('CREATE TABLE t (a CHAR(1), b INT)')).toEqual(['latin1_german1_ci', undefined]);
    expect(made('CREATE DATABASE s COLLATE cp1251_bin', 'CREATE TABLE t (a CHAR(1))')).toEqual([
      'cp1251_bin',
    ]);
    expect(made('CREATE DATABASE s', 'CREATE TABLE t (a CHAR(1))')).toEqual(['latin1_german1_ci']);
    expect(
      made(
        'CREATE TABLE t (a TEXT, b TEXT CHARACTER SET latin1, c TEXT COLLATE cp1251_bin) COLLATE latin1_bin',
      ),
    ).toEqual(['latin1_bin', 'latin1_swedish_ci', 'cp1251_bin']);
    // MariaDB takes BINARY or COLLATE.
    expect(
      made(
        "CREATE TABLE t (a ENUM('a') BINARY, b CHAR(1) BINARY COLLATE cp1251_general_ci, c CHAR(1) ASCII BINARY, d CHAR(1) ASCII BINARY COLLATE latin1_german1_ci) CHARSET koi8r",
      ),
    ).toEqual(['koi8r_bin', 'cp1251_bin', 'latin1_bin', 'latin1_german1_ci']);
    expect(made('CREATE TABLE t (a NCHAR(1), b CHAR(1) COLLATE UTF8_unicode_ci) CHARSET utf8')).toEqual([
      'utf8mb3_general_ci',
      'utf8mb3_unicode_ci',
    ]);
  });

  test('that a character set alone means is a setting of the session', () => {
    const ask = (): unknown => made('CREATE TABLE t (a TEXT CHARACTER SET utf8mb4, b NCHAR(1))');
    expect(ask()).toEqual(['utf8mb4_general_ci', 'utf8mb3_general_ci']);
    context = { ...context, defaultCollations: ['utf8mb4_0900_ai_ci'] };
    expect(ask()).toEqual(['utf8mb4_0900_ai_ci', 'utf8mb3_general_ci']);
    context = {
      ...contextOfText('s', 'mariadb'),
      defaultCollations: ['utf8mb3_uca1400_ai_ci', 'utf8mb4_uca1400_ai_ci'],
    };
    expect(ask()).toEqual(['utf8mb4_uca1400_ai_ci', 'utf8mb3_uca1400_ai_ci']);
  });

  test('is the one of the schema that DEFAULT means, or, with MariaDB, that of its character set', () => {
    const start = ['CREATE DATABASE s COLLATE ucs2_bin', 'CREATE TABLE t (a TEXT) CHARSET latin1'];
    const convert = 'ALTER TABLE t CONVERT TO CHARACTER SET DEFAULT';
    const collate = 'ALTER TABLE t COLLATE DEFAULT, ADD b TEXT';
    expect(made(...start, convert)).toEqual(['ucs2_bin']);
    context = { ...context, schema: 'o' };
    expect(
      made(
        'CREATE DATABASE o COLLATE koi8r_bin',
        'CREATE TABLE s.t (a TEXT)',
        'ALTER TABLE s.t CONVERT TO CHARSET DEFAULT',
      ),
    ).toEqual(['koi8r_bin']);
    context = { ...context, schema: 's' };
    expect(made(...start, collate)).toEqual(['latin1_swedish_ci', 'ucs2_bin']);
    context = { ...contextOfText('s', 'mariadb'), defaultCollations: ['ucs2_uca1400_ai_ci'] };
    expect(made(...start, convert)).toEqual(['ucs2_general_ci']);
    expect(made(...start, collate)).toEqual(['latin1_swedish_ci', 'latin1_swedish_ci']);
    expect(made('CREATE TABLE t (a TEXT COLLATE DEFAULT) COLLATE ucs2_bin')).toEqual(['ucs2_uca1400_ai_ci']);
  });

  test('may leave out the character set in MariaDB', () => {
    context = contextOfText('s', 'mariadb');
    expect(made('CREATE TABLE t (a TEXT COLLATE uca1400_as_cs) CHARSET ucs2')).toEqual([
      'ucs2_uca1400_as_cs',
    ]);
    expect(
      made(
        'CREATE TABLE t (a TEXT, j JSON)',
        'ALTER TABLE t CONVERT TO CHARSET utf8mb4 COLLATE uca1400_as_cs',
      ),
    ).toEqual(['utf8mb4_uca1400_as_cs', 'utf8mb4_uca1400_as_cs']);
  });
});

describe('ALTER TABLE', () => {
  beforeEach(() => {
    follow('CREATE TABLE t (a CHAR(1), b CHAR(1) BINARY, c INT) CHARSET latin1');
  });

  test('with a collation of the table is about the columns that it defines, those in front of it too', () => {
    follow('ALTER TABLE t ADD d TEXT, COLLATE = cp1251_bin, MODIFY b TEXT');
    expect(columns()).toEqual(['latin1_swedish_ci', 'cp1251_bin', undefined, 'cp1251_bin']);
    follow('ALTER TABLE t COLLATE koi8r_bin CHARACTER SET koi8r', 'ALTER TABLE t ADD e TEXT');
    expect(columns().at(-1)).toBe('koi8r_bin');
  });

  test('CONVERT TO that finds nothing to do leaves MySQL 5 the character set of the table, too', () => {
    const start = [
      'CREATE TABLE t (a CHAR(1) CHARACTER SET utf8mb4, b INT) CHARSET latin1',
      'ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4',
    ];
    const more = 'ALTER TABLE t ADD c CHAR(1)';
    expect(made(...start, more)).toEqual(['utf8mb4_general_ci', undefined, 'latin1_swedish_ci']);
    for (const other of ["COMMENT 'x'", 'FORCE', 'ALGORITHM=COPY', 'ORDER BY b', 'MODIFY b INT']) {
      const busy = made(start[0]!, `${start[1]}, ${other}`, more);
      expect(busy).toEqual(['utf8mb4_general_ci', undefined, 'utf8mb4_general_ci']);
    }
    const still = made(start[0]!, `${start[1]}, LOCK=NONE`, more);
    expect(still.at(-1)).toBe('latin1_swedish_ci');
    context = { ...context, defaultCollations: ['utf8mb4_general_ci'] };
    expect(made(...start, more)).toEqual(['utf8mb4_general_ci', undefined, 'utf8mb4_general_ci']);
    context = contextOfText('s', 'mariadb');
    expect(made(...start, more)).toEqual(['utf8mb4_general_ci', undefined, 'utf8mb4_general_ci']);
  });

  test('CONVERT TO goes for all of them', () => {
    follow('ALTER TABLE t CONVERT TO CHARACTER SET cp1251 COLLATE cp1251_bulgarian_ci');
    expect(columns()).toEqual(['cp1251_bulgarian_ci', 'cp1251_bulgarian_ci', undefined]);
    follow(
      'ALTER TABLE t ADD d TEXT CHARACTER SET latin1, CONVERT TO CHARACTER SET koi8r, ADD e CHAR(1) BINARY, ADD f CHAR(1) ASCII BINARY, MODIFY a TEXT COLLATE cp1251_bin',
    );
    expect(columns()).toEqual([
      'koi8r_general_ci',
      'koi8r_general_ci',
      undefined,
      'koi8r_general_ci',
      'koi8r_bin',
      'koi8r_general_ci',
    ]);
    expect(catalog.get('s', 't')!.columns.map(({ charset }) => charset)).toEqual([
      'koi8r',
      'koi8r',
      undefined,
      'koi8r',
      'koi8r',
      'koi8r',
    ]);
  });

  test('that changes a collation alone leaves the rows as they are', () => {
    expect(follow('ALTER TABLE t CONVERT TO CHARACTER SET latin1 COLLATE latin1_bin')).toEqual([
      'changeCollations',
    ]);
    expect(follow('ALTER TABLE t COLLATE latin1_german1_ci')).toEqual(['changeCollations']);
    expect(follow('ALTER TABLE t COLLATE latin1_german1_ci')).toEqual([]);
    expect(follow('ALTER TABLE t MODIFY a CHAR(1) COLLATE latin1_swedish_ci')).toEqual(['changeCollations']);
    expect(follow('ALTER TABLE t MODIFY a CHAR(1) COLLATE latin1_bin')).toEqual(['changeCollations']);
    follow('CREATE TABLE u LIKE t', 'ALTER TABLE u ADD d TEXT');
    expect(columns('u')).toEqual(['latin1_bin', 'latin1_bin', undefined, 'latin1_german1_ci']);
  });

  test('knows what it defines in a table whose collations are not known', () => {
    const { collation: _of, columns: known, ...table }: Table = catalog.get('s', 't')!;
    catalog.set({ ...table, columns: known.map(({ collation: _own, ...column }) => column) });
    expect(follow('ALTER TABLE t COMMENT = "x"')).toEqual([]);
    follow('ALTER TABLE t ADD d TEXT, ADD e TEXT CHARACTER SET koi8r');
    expect(columns()).toEqual([undefined, undefined, undefined, undefined, 'koi8r_general_ci']);
  });
});

describe('a schema', () => {
  const usual = (): (string | undefined)[] => {
    follow('DROP TABLE IF EXISTS t', 'CREATE TABLE t (a TEXT)');
    return columns();
  };

  test('keeps its collation until another one is named', () => {
    follow(
      'CREATE DATABASE s COLLATE cp1251_bin',
      'ALTER DATABASE s COMMENT "x"',
      'CREATE DATABASE IF NOT EXISTS s',
    );
    expect(usual()).toEqual(['cp1251_bin']);
    follow('ALTER DATABASE CHARACTER SET cp1251');
    expect(usual()).toEqual(['cp1251_general_ci']);
    follow('CREATE OR REPLACE DATABASE s COLLATE koi8r_bin');
    expect(usual()).toEqual(['koi8r_bin']);
    expect([...catalog.schemas]).toEqual([['s', 'koi8r_bin']]);
    context = { ...context, flavor: 'mariadb' };
    follow('ALTER DATABASE s COLLATE DEFAULT');
    expect(usual()).toEqual(['koi8r_general_ci']);
    follow('ALTER DATABASE s CHARACTER SET DEFAULT');
    expect(usual()).toEqual(['latin1_swedish_ci']);
  });

  test('of which only the character set was kept has the default of that', () => {
    catalog.setSchema('s', 'koi8r');
    expect(usual()).toEqual(['koi8r_general_ci']);
    expect(catalog.get('s', 't')!.charset).toBe('koi8r');
    catalog.setSchema('s', 'binary');
    follow('CREATE TABLE b (a ENUM("x"))');
    expect(columns('b')).toEqual(['binary']);
  });
});

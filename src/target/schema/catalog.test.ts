import { beforeEach, describe, expect, test } from 'vitest';
import { parseTableStatement } from '../../sql/index.ts';
import { Catalog } from './catalog.ts';
import type { CatalogChange } from './catalog-change.ts';
import { CatalogError } from './error.ts';
import { contextOfText } from './statement-context.ts';

let catalog: Catalog;

/** What a statement of a session in schema `s` changes. */
const follow = (sql: string): CatalogChange[] =>
  catalog.follow(parseTableStatement(Buffer.from(sql), { flavor: 'mysql' }), {
    ...contextOfText('s', 'mysql'),
    collation: 'latin1_swedish_ci',
  });

const kinds = (sql: string): string[] => follow(sql).map(({ kind }) => kind);
const columnsOf = (name: string): string[] | undefined =>
  catalog.get('s', name)?.columns.map((column) => column.name);

beforeEach(() => {
  catalog = new Catalog();
});

describe('a catalog follows the definitions of a log', () => {
  test('a table takes its character set from itself, its schema, or the server', () => {
    follow('CREATE DATABASE u CHARACTER SET utf8mb4');
    follow('CREATE TABLE a (c CHAR(1)) DEFAULT CHARSET=gbk');
    follow('CREATE TABLE u.b (c CHAR(1))');
    follow('CREATE TABLE d (c CHAR(1))');
    follow('CREATE TABLE l (c LONG CHARACTER SET cp1251)');
    const charsets = ['s.a', 'u.b', 's.d', 's.l'].map((path) => {
      const [schema = '', name = ''] = path.split('.');
      return catalog.get(schema, name)?.columns[0]?.charset;
    });
    expect(charsets).toEqual(['gbk', 'utf8mb4', 'latin1', 'cp1251']);
  });

  test('TIMESTAMP columns are NOT NULL and have defaults while explicit_defaults_for_timestamp is off', () => {
    const sql =
      'CREATE TABLE t (d TIMESTAMP NULL, a TIMESTAMP, b TIMESTAMP(3), c TIMESTAMP ON UPDATE NOW(), e DATETIME, g TIMESTAMP AS (a))';
    const read = (explicitDefaultsForTimestamp: boolean, statement: string): string[] => {
      const context = { ...contextOfText('s', 'mysql'), explicitDefaultsForTimestamp };
      catalog.follow(parseTableStatement(Buffer.from(statement), { flavor: 'mysql' }), context);
      return catalog
        .get('s', 't')!
        .columns.map(({ name, nullable, default: given }) => `${name} ${nullable} ${given?.kind}`);
    };
    expect(read(true, sql).every((column) => column.endsWith('true undefined'))).toBe(true);
    catalog = new Catalog();
    expect(read(false, sql)).toEqual([
      'd true undefined',
      'a false text',
      'b false text',
      'c false text',
      'e true undefined',
      'g true undefined',
    ]);
    expect(read(false, 'ALTER TABLE t DROP d, DROP g, ADD f TIMESTAMP FIRST')[0]).toBe('f false now');
    expect(read(true, 'ALTER TABLE t ADD h TIMESTAMP FIRST')[0]).toBe('h true undefined');
  });

  test('members are what their character set has of them', () => {
    follow("CREATE TABLE e (l ENUM('Ω0','é') CHARACTER SET latin1, b SET('Ω') CHARACTER SET binary)");
    expect(catalog.get('s', 'e')?.columns.map(({ type }) => type.values)).toEqual([['?0', 'é'], ['Ω']]);
  });

  test('what is there already is made once, or anew where the statement says so', () => {
    follow('CREATE TABLE t (a INT)');
    expect(kinds('CREATE TABLE IF NOT EXISTS t (b INT)')).toEqual([]);
    expect(kinds('CREATE OR REPLACE TABLE t (b INT)')).toEqual(['dropTable', 'createTable']);
    expect(columnsOf('t')).toEqual(['b']);
  });

  test('a table like another has its columns, and none of its foreign keys', () => {
    follow('CREATE TABLE p (id INT PRIMARY KEY)');
    follow('CREATE TABLE c (id INT, p INT, FOREIGN KEY (p) REFERENCES p (id))');
    follow('CREATE TABLE d LIKE c');
    expect(columnsOf('d')).toEqual(['id', 'p']);
    expect(catalog.get('s', 'd')?.foreignKeys).toEqual([]);
  });

  test('ALTER TABLE says what changed, and where columns come from', () => {
    follow('CREATE TABLE t (a INT, b INT)');
    const changes = follow('ALTER TABLE t DROP COLUMN a, ADD COLUMN c INT, RENAME TO u');
    expect(changes).toMatchObject([
      { kind: 'renameTable', before: { name: 't' }, after: { name: 'u' } },
      { kind: 'alterTable', after: { name: 'u' }, sources: [1, -1] },
    ]);
    expect(kinds('ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (b) REFERENCES p (id)')).toEqual([
      'changeForeignKeys',
    ]);
    expect(kinds('ALTER TABLE u COMMENT = "the same rows"')).toEqual([]);
  });

  test('foreign keys go with the table that they refer to', () => {
    follow('CREATE TABLE p (id INT PRIMARY KEY)');
    follow('CREATE TABLE c (id INT, p INT, FOREIGN KEY (p) REFERENCES p (id))');
    expect(kinds('RENAME TABLE p TO o.q')).toEqual(['renameTable', 'changeForeignKeys']);
    expect(catalog.get('s', 'c')?.foreignKeys).toMatchObject([{ parent: { schema: 'o', name: 'q' } }]);
  });

  test('tables that are not known are no concern', () => {
    expect(kinds('DROP TABLE t')).toEqual([]);
    expect(kinds('TRUNCATE t')).toEqual([]);
    expect(kinds('ALTER TABLE t ADD c INT')).toEqual([]);
  });

  test('DEFAULT is the character set of the schema', () => {
    follow('CREATE TABLE t (c CHAR(1)) CHARSET gbk');
    follow('ALTER TABLE t DEFAULT CHARACTER SET DEFAULT, ADD d CHAR(1)');
    expect(catalog.get('s', 't')?.columns.map(({ charset }) => charset)).toEqual(['gbk', 'latin1']);
    follow('CREATE TABLE u (c CHAR(1)) CHARSET gbk');
    follow('ALTER TABLE u CONVERT TO CHARACTER SET DEFAULT');
    expect(catalog.get('s', 'u')).toMatchObject({ charset: 'latin1', columns: [{ charset: 'latin1' }] });
  });

  test('all changes of a statement name the columns that the table had', () => {
    follow('CREATE TABLE t (a INT, b VARCHAR(9), c INT, KEY (a), UNIQUE KEY u (b, a))');
    const [swapped] = follow('ALTER TABLE t RENAME COLUMN a TO b, CHANGE b a VARCHAR(9)');
    expect(swapped).toMatchObject({ sources: [0, 1, 2] });
    expect(columnsOf('t')).toEqual(['b', 'a', 'c']);
    const parts = () =>
      catalog.get('s', 't')?.indexes.map((index) => index.parts.map(({ column }) => column));
    expect(parts()).toEqual([['b'], ['a', 'b']]);
    expect(follow('ALTER TABLE t RENAME COLUMN a TO c, DROP COLUMN c')[0]).toMatchObject({ sources: [0, 1] });
    expect(columnsOf('t')).toEqual(['b', 'c']);
    // An index without a name keeps the one it was given.
    follow('ALTER TABLE t DROP INDEX a');
    expect(parts()).toEqual([['c', 'b']]);
  });

  test('columns that MariaDB names by itself stay behind those that are added', () => {
    follow('CREATE TABLE t (a INT) WITH SYSTEM VERSIONING');
    follow('ALTER TABLE t ADD b INT');
    expect(columnsOf('t')).toEqual(['a', 'b', 'row_start', 'row_end']);
    follow(
      'CREATE TABLE u (a INT, s TIMESTAMP(6) AS ROW START, e TIMESTAMP(6) AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING',
    );
    follow('ALTER TABLE u ADD b INT');
    expect(columnsOf('u')).toEqual(['a', 's', 'e', 'b']);
  });

  test('columns that MariaDB names by itself go with the versions, others are dropped by name', () => {
    follow('CREATE TABLE t (a INT) WITH SYSTEM VERSIONING');
    follow('ALTER TABLE t DROP SYSTEM VERSIONING, ADD b INT');
    expect(columnsOf('t')).toEqual(['a', 'b']);
    follow(
      'CREATE TABLE u (a INT, s TIMESTAMP(6) AS ROW START, e TIMESTAMP(6) AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING',
    );
    follow('ALTER TABLE u DROP s, DROP e, DROP PERIOD FOR SYSTEM_TIME, DROP SYSTEM VERSIONING');
    expect(columnsOf('u')).toEqual(['a']);
  });

  test('a table that is to have versions gets the columns for it, unless they are named', () => {
    follow('CREATE TABLE t (a INT)');
    follow('ALTER TABLE t ADD SYSTEM VERSIONING, ADD b INT');
    expect(columnsOf('t')).toEqual(['a', 'b', 'row_start', 'row_end']);
    follow('CREATE TABLE u (a INT)');
    follow(
      'ALTER TABLE u ADD s TIMESTAMP(6) AS ROW START, ADD e TIMESTAMP(6) AS ROW END, ADD PERIOD FOR SYSTEM_TIME (s, e), ADD SYSTEM VERSIONING',
    );
    expect(columnsOf('u')).toEqual(['a', 's', 'e']);
  });

  test('an ENUM or SET whose bytes are other text in the new character set is not followed', () => {
    follow("CREATE TABLE t (e ENUM('a', 'ä') CHARACTER SET utf8mb4, s SET('x'))");
    expect(() => follow('ALTER TABLE t CONVERT TO CHARACTER SET latin1')).toThrow(/enum e is other text/);
    follow("ALTER TABLE t MODIFY e ENUM('a') CHARACTER SET latin1");
    follow('ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4');
    expect(() => follow('ALTER TABLE t CONVERT TO CHARACTER SET utf16')).toThrow(CatalogError);
  });

  test('a column that is there already is drift, unless its name is free by then', () => {
    follow('CREATE TABLE t (a INT, b INT)');
    expect(() => follow('ALTER TABLE t ADD c INT, ADD COLUMN B INT')).toThrow(
      expect.objectContaining({
        errno: 1060,
        message: expect.stringMatching(/adds column B, which the table known has/),
      }),
    );
    follow('ALTER TABLE t ADD B INT, CHANGE b c INT, ADD a TEXT, DROP a');
    expect(columnsOf('t')).toEqual(['c', 'B', 'a']);
  });

  test.each([
    ['CREATE TABLE t SELECT 1', /does not say which columns/],
    ['CREATE TABLE t LIKE u', /s\.u: that table is not known/],
  ])('nothing is guessed of %s', (sql, message) => {
    expect(() => follow(sql)).toThrow(CatalogError);
    expect(() => follow(sql)).toThrow(message);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  Column,
  ColumnCode,
  encodeRows,
  type RowImage,
  type Rows,
  type TableMap,
} from '../../../binlog/index.ts';
import { parseTableStatement, plainType } from '../../../sql/index.ts';
import { openSqlite, type SqliteValue } from '../../../store/index.ts';
import type { Expressions } from '../../expressions.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import type { ConflictRule } from '../../target.ts';
import { createTable } from '../definition/definition.ts';
import { SchemaFile } from '../files/schema-file.ts';
import { Conflicts } from './conflicts.ts';
import { RowForm } from './row-form.ts';
import { TableWriter } from './table-writer.ts';

const columns = [0, 1, 2].map((index) => new Column(index, ColumnCode.LONG, 0));
const map = { columns, schema: Buffer.from('s'), table: Buffer.from('t') } as unknown as TableMap;
const present = Buffer.of(0b111);
/** When a row of MariaDB ends that holds. */
const FOR_EVER = '2038-01-19 03:14:07.999999';

function rowsOf(
  operation: 'insert' | 'update' | 'delete',
  rows: readonly (readonly [RowImage | undefined, RowImage | undefined])[],
): Rows {
  const shape = { operation, version: 2, compressed: false, partial: false } as const;
  const images = encodeRows(
    map,
    shape,
    present,
    present,
    rows.map(([before, after]) => ({ before, after })),
  );
  return { shape, present, presentAfter: present, images, columnCount: 3 } as unknown as Rows;
}

const inserts = (...rows: RowImage[]): Rows =>
  rowsOf(
    'insert',
    rows.map((row) => [undefined, row]),
  );
const numbered = (from: number, to: number): RowImage[] =>
  Array.from({ length: to - from + 1 }, (_, index) => [from + index, index, null]);

describe('rows into a table of SQLite', () => {
  let folder: string;
  let file: SchemaFile;
  let conflicts: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rowlock-writer-'));
    file = new SchemaFile('s', await openSqlite(join(folder, 's.sqlite')), 'c', 'origin');
    conflicts = [];
  });

  afterEach(() => {
    file.close();
    rmSync(folder, { recursive: true });
  });

  function writer(
    rule: ConflictRule,
    columns = 'id INT PRIMARY KEY, a INT, b INT, UNIQUE KEY (b)',
  ): TableWriter {
    const catalog = new Catalog();
    const statement = parseTableStatement(Buffer.from(`CREATE TABLE s.t (${columns})`), { flavor: 'mysql' });
    catalog.follow(statement, contextOfText('s', 'mysql'));
    const table = catalog.get('s', 't')!;
    file.enter([]);
    file.database.exec(createTable(table));
    return new TableWriter(
      table,
      file,
      'mysql',
      new Conflicts(rule, ({ message }) => conflicts.push(message)),
    );
  }

  const found = (): SqliteValue[][] =>
    file.database
      .prepare('SELECT id, a, b FROM t ORDER BY id')
      .all()
      .map(({ id, a, b }) => [id!, a!, b!]);

  test('come one by one from the first that is in the way', () => {
    const into = writer('skip');
    into.write(inserts([20, 7, null]), map);
    into.write(inserts(...numbered(1, 50)), map);
    expect(conflicts).toEqual(["Duplicate entry in 't' (id=20)"]);
    expect(found()).toEqual(numbered(1, 50).map((row) => (row[0] === 20 ? [20, 7, null] : row)));
  });

  test('overwrite what is in their way, or stop with its key', () => {
    const into = writer('overwrite');
    into.write(inserts([20, 7, null]), map);
    into.write(inserts(...numbered(1, 50)), map);
    expect(found()).toEqual(numbered(1, 50));
    expect(conflicts).toEqual(["Duplicate entry in 't' (id=20)"]);
    into.write(
      rowsOf('update', [
        [
          [70, 0, null],
          [30, 8, null],
        ],
      ]),
      map,
    );
    expect(found().find(([id]) => id === 30)).toEqual([30, 8, null]);
    expect(conflicts).toEqual(["Duplicate entry in 't' (id=20)", "Can't find record in 't' (id=70)"]);
    const strict = new TableWriter(into.table, file, 'mysql', new Conflicts('stop'));
    expect(() => strict.write(inserts(...numbered(40, 60)), map)).toThrow("Duplicate entry in 't' (id=40)");
  });

  test('are changed where they differ, found even where they do not, and missed by their key', () => {
    const into = writer('stop');
    into.write(inserts(...numbered(1, 3)), map);
    into.write(
      rowsOf('update', [
        [
          [1, 0, null],
          [1, 5, null],
        ],
        [
          [2, 1, null],
          [9, 1, 4],
        ],
        [
          [3, 2, null],
          [3, 2, null],
        ],
      ]),
      map,
    );
    expect(found()).toEqual([
      [1, 5, null],
      [3, 2, null],
      [9, 1, 4],
    ]);
    const update = (before: RowImage, after: RowImage) => () =>
      into.write(rowsOf('update', [[before, after]]), map);
    expect(update([2, 1, null], [2, 2, null])).toThrow("Can't find record in 't' (id=2)");
    expect(update([2, 1, null], [2, 1, null])).toThrow("Can't find record in 't' (id=2)");
    expect(update([1, 5, null], [3, 5, null])).toThrow("Duplicate entry in 't' (id=3)");
    const deletes = rowsOf('delete', [
      [[9, 0, null], undefined],
      [[2, 0, null], undefined],
    ]);
    expect(() => into.write(deletes, map)).toThrow("Can't find record in 't' (id=2)");
    expect(found()).toEqual([
      [1, 5, null],
      [3, 2, null],
    ]);
  });

  test.each([['rowid INT, a INT, OID INT'], ['a INT, _rowid_ INT, rowid INT']])(
    'are one of several equal ones where no key tells them apart: %s',
    (columns) => {
      const into = writer('stop', columns);
      const rows = () =>
        file.database
          .prepare('SELECT * FROM t')
          .all()
          .map((row) => Object.values(row));
      into.write(inserts([1, 2, 1], [1, 2, 1], [1, 2, 1]), map);
      into.write(
        rowsOf('update', [
          [
            [1, 2, 1],
            [1, 3, 1],
          ],
        ]),
        map,
      );
      into.write(rowsOf('delete', [[[1, 2, 1], undefined]]), map);
      expect(rows().map(String).sort()).toEqual(['1,2,1', '1,3,1']);
    },
  );

  test('are refused where neither a key nor a name of its own finds one', () => {
    const into = writer('stop', 'rowid INT, oid INT, _rowid_ INT');
    into.write(inserts([1, 2, 3]), map);
    expect(() => into.write(rowsOf('delete', [[[1, 2, 3], undefined]]), map)).toThrow(
      "s.t has no key, and columns with all names of SQLite's own one: rowid, _rowid_, oid",
    );
  });

  test('are found by more columns than SQLite takes terms one after the other', () => {
    const names = Array.from({ length: 1017 }, (_, index) => `c${index}`);
    const into = writer('stop', names.map((name) => `${name} INT`).join());
    const form = new RowForm(into.table, file, 'mysql');
    const row = names.map((_, index) => index);
    const insert = file.statement(`INSERT INTO t (${names.join()}) VALUES (${names.map(() => '?').join()})`);
    insert.run(...row);
    insert.run(...row);
    const other = row.with(1016, 7);
    const removed = (image: RowImage) =>
      file
        .statement(form.deleteText(image, form.findColumns(image)))
        .run(...form.values(image, form.findColumns(image))).changes;
    expect([removed(other), removed(row), removed(row), removed(row)].map(Number)).toEqual([0, 1, 1, 0]);
  });

  test('of the first transaction of a group are taken back with it, those of a later one alone', () => {
    const into = writer('stop');
    into.write(inserts(...numbered(1, 3)), map);
    file.commit();
    file.enter([]);
    into.write(inserts(...numbered(4, 6)), map);
    file.rollback();
    expect(found()).toEqual(numbered(1, 3));
    file.flush('c', 1);
    file.enter([]);
    into.write(inserts(...numbered(4, 6)), map);
    file.rollback();
    file.flush('c', 2);
    expect(found()).toEqual(numbered(1, 3));
    expect(file.applied).toBe(1);
  });

  test('that had ended and hold again have what is worked out, though the log leaves it out and nothing else has changed', () => {
    const catalog = new Catalog();
    const sql =
      'CREATE TABLE s.t (id INT, a INT, g INT AS (a + 1) STORED, b TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (b, e), PRIMARY KEY (id, e)) WITH SYSTEM VERSIONING';
    catalog.follow(
      parseTableStatement(Buffer.from(sql), { flavor: 'mariadb' }),
      contextOfText('s', 'mariadb'),
    );
    const table = catalog.get('s', 't')!;
    file.enter([]);
    file.database.exec(createTable(table));
    const expressions: Expressions = {
      translate: () => ({ sql: 'SELECT "a" + 1', type: plainType('bigint') }),
      register: () => undefined,
    };
    const into = new TableWriter(table, file, 'mariadb', new Conflicts('stop'), undefined, expressions);
    const versioned = {
      ...map,
      columns: [...columns, ...[3, 4].map((index) => new Column(index, ColumnCode.TIMESTAMP2, 6))],
    } as unknown as TableMap;
    const logged = Buffer.of(0b11011);
    const shape = { operation: 'update', version: 2, compressed: false, partial: false } as const;
    const begun = '2026-01-01 00:00:00.000000';
    const row = (end: string): RowImage => [1, 6, undefined, begun, end];
    const rows = [{ before: row('2026-01-02 00:00:00.000000'), after: row(FOR_EVER) }];
    const images = encodeRows(versioned, shape, logged, logged, rows);
    into.write(
      { shape, present: logged, presentAfter: logged, images, columnCount: 5 } as unknown as Rows,
      versioned,
    );
    expect(file.database.prepare('SELECT id, a, g FROM t').all()).toEqual([{ id: 1, a: 6, g: 7 }]);
  });
});

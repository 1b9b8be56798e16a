import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  ChangeReader,
  Column,
  ColumnCode,
  encodeRows,
  type RowImage,
  type Rows,
  type TableMap,
} from '../../../binlog/index.ts';
import { parseTableStatement } from '../../../sql/index.ts';
import { openSqlite } from '../../../store/index.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import { createIndexes, createTable } from '../definition/definition.ts';
import { SchemaFile } from '../files/schema-file.ts';
import { KeyUpdates } from './key-updates.ts';
import { RowForm } from './row-form.ts';

const columns = [0, 1, 2, 3, 4].map((index) => new Column(index, ColumnCode.LONG, 0));
const map = { columns, schema: Buffer.from('s'), table: Buffer.from('t') } as unknown as TableMap;
const WHOLE = Buffer.of(0b11111);
const DEFINITION = 'id INT PRIMARY KEY, a INT, b INT, c INT, u INT, UNIQUE KEY (u)';
const ROWS = 40;

type Row = readonly (number | null)[];
interface Update {
  readonly before: Row;
  readonly after: Row;
}

const image = (row: Row): RowImage => [...row];

/** `present`: which columns the images have. */
function rowsOf(updates: readonly Update[], present: Buffer = WHOLE): Rows {
  const shape = { operation: 'update', version: 2, compressed: false, partial: false } as const;
  const images = updates.map(({ before, after }) => ({ before: image(before), after: image(after) }));
  const encoded = encodeRows(map, shape, present, present, images);
  return { shape, present, presentAfter: present, images: encoded, columnCount: 5 } as unknown as Rows;
}

/** What a source writes: each row as it is by then, in keys and unique values that are free. */
interface Step {
  readonly row: number;
  readonly changes: readonly [column: number, value: number | null][];
}

const value = fc.option(fc.nat(3));
const plainChange = fc.tuple(fc.integer({ min: 1, max: 3 }), value);
const move = fc.tuple(fc.constantFrom(0, 4), fc.integer({ min: 1, max: 2 * ROWS }));
const change = fc.oneof({ weight: 12, arbitrary: plainChange }, { weight: 1, arbitrary: move });
const step = fc.record({ row: fc.nat(ROWS - 1), changes: fc.array(change, { maxLength: 3 }) });
/** Of one statement: the same columns in many rows, now and then fewer of them. */
const statement = fc
  .tuple(fc.shuffledSubarray([1, 2, 3], { minLength: 1 }), fc.array(fc.nat(ROWS - 1), { maxLength: 50 }))
  .chain(([of, rows]) =>
    fc
      .tuple(...rows.map(() => fc.tuple(...of.map(() => value))))
      .map((all): Step[] =>
        rows.map((row, at) => ({ row, changes: of.map((column, index) => [column, all[at]![index]!]) })),
      ),
  );
const single: fc.Arbitrary<Step[]> = fc.array(step, { maxLength: 10 });
/** A few rows, each more than once, of the same columns. */
const moves: fc.Arbitrary<Step[]> = fc.array(fc.record({ row: fc.nat(3), changes: fc.tuple(move) }), {
  maxLength: 10,
});
const steps = fc.array(fc.oneof(statement, single, moves), { maxLength: 4 }).map((parts) => parts.flat());

const initial = (): Row[] => Array.from({ length: ROWS }, (_, index) => [index + 1, 0, 0, null, index + 1]);

/** Carries the steps out where a source could. */
function carriedOut(rows: Row[], all: readonly Step[]): Update[] {
  const updates: Update[] = [];
  for (const { row, changes } of all) {
    const before = rows[row]!;
    const after = [...before];
    for (const [column, to] of changes) after[column] = to;
    const isTaken = rows.some(
      (other, at) => at !== row && (other[0] === after[0] || (after[4] !== null && other[4] === after[4])),
    );
    if (isTaken) continue;
    rows[row] = after;
    updates.push({ before, after });
  }
  return updates;
}

describe('updates by key', () => {
  let file: SchemaFile;
  let into: KeyUpdates;
  let key: readonly number[];

  beforeEach(async () => {
    file = new SchemaFile('s', await openSqlite(':memory:'), 'c', 'origin');
    const statement = parseTableStatement(Buffer.from(`CREATE TABLE s.t (${DEFINITION})`), {
      flavor: 'mysql',
    });
    const catalog = new Catalog();
    catalog.follow(statement, contextOfText('s', 'mysql'));
    const table = catalog.get('s', 't')!;
    file.enter([]);
    for (const sql of [createTable(table), ...createIndexes(table)]) file.database.exec(sql);
    const form = new RowForm(table, file, 'mysql');
    key = form.key!;
    into = new KeyUpdates(table, file, form);
  });

  afterEach(() => file.close());

  function fill(): void {
    file.database.exec('DELETE FROM t');
    const insert = file.statement('INSERT INTO t VALUES (?, ?, ?, ?, ?)');
    for (const row of initial()) insert.run(...row);
  }

  const write = (updates: readonly Update[], present?: Buffer): void =>
    into.all(() => new ChangeReader(rowsOf(updates, present), map, key), key);
  const found = (): unknown[] =>
    file.database
      .prepare('SELECT * FROM t ORDER BY id')
      .all()
      .map((row) => Object.values(row));
  const sorted = (rows: readonly Row[]): Row[] => rows.toSorted(([one], [other]) => one! - other!);

  test('leave what the source has, whatever an event holds', () => {
    fc.assert(
      fc.property(steps, (all) => {
        fill();
        const rows = initial();
        write(carriedOut(rows, all));
        expect(found()).toEqual(sorted(rows));
      }),
    );
  });

  test('stop at the first row that is not there, by its key', () => {
    fc.assert(
      fc.property(steps, fc.nat(ROWS - 1), (all, missing) => {
        fill();
        file.database.exec(`DELETE FROM t WHERE id = ${missing + 1}`);
        const updates = carriedOut(initial(), all);
        // Whatever moved there is found.
        const isGone = new Set([missing + 1]);
        const first = updates.find(({ before, after }) => {
          if (isGone.has(before[0]!)) return true;
          if (before[0] !== after[0]) isGone.delete(after[0]!);
          return false;
        });
        if (first === undefined) write(updates);
        else expect(() => write(updates)).toThrow(`Can't find record in 't' (id=${first.before[0]})`);
      }),
    );
  });

  test('leave alone what images lack, though rows before them changed it', () => {
    fill();
    write([{ before: [1, 0, 0, null, 1], after: [1, 1, 1, null, 1] }]);
    write([{ before: [1, 1, 0, null, 1], after: [1, 2, 0, null, 1] }], Buffer.of(0b00011));
    expect(found()[0]).toEqual([1, 2, 1, null, 1]);
  });

  test('stop at a value that another row has', () => {
    fill();
    const updates = initial().map((before): Update => ({ before, after: before.with(1, 7) }));
    const duplicate: Update = { before: [20, 7, 0, null, 20], after: [20, 7, 0, null, 3] };
    expect(() => write([...updates, duplicate])).toThrow("Duplicate entry in 't' (id=20)");
  });
});

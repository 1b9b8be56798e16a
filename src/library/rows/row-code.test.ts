import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { array, assert, integer, oneof, property, string, stringMatching, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  Column,
  ColumnCode,
  ImagePlan,
  imagePlanOf,
  RowReader,
  type Rows,
  type TableMap,
} from '../../binlog/index.ts';
import { Writer } from '../../bytes/index.ts';
import { openLog } from '../log/open-log.ts';
import { RowBytes } from './row-bytes.ts';
import { RowCode } from './row-code.ts';
import { RowShape } from './row-shape.ts';
import { type RowWalk, walkRows } from './row-walk.ts';

const corpus = join(import.meta.dirname, '../../../test/corpus');
const IMAGES = 256;
/** Of each event; 12 and more in a longer run. */
const DAMAGES = Number(process.env['ROWLOCK_ROW_DAMAGES'] ?? 3);

/** Has a table code of its own from the first row on. */
function compile(rows: Rows, table: TableMap, shape: RowShape): void {
  for (const present of [rows.present, rows.presentAfter]) {
    const code = shape.codeOf(imagePlanOf(table, present));
    for (let image = 0; image < IMAGES && code.read === undefined; image += 1) code.count();
  }
}

/** The rows of a walk, and what ended it. */
function outcome(walk: () => Pick<RowWalk, 'next' | 'before' | 'after'>): unknown[] {
  const seen: unknown[] = [];
  try {
    const rows = walk();
    while (rows.next()) seen.push([rows.before, rows.after]);
  } catch (error) {
    seen.push((error as Error).message);
  }
  return seen;
}

function byWayOfArrays(rows: Rows, table: TableMap, shape: RowShape): unknown[] {
  return outcome(() => {
    const reader = new RowReader(rows, table);
    const row = (image: RowReader['before']) => image && shape.row(image);
    return {
      next: () => reader.next(),
      get before() {
        return row(reader.before);
      },
      get after() {
        return row(reader.after);
      },
    };
  });
}

function inCode(rows: Rows, table: TableMap, shape: RowShape): unknown[] {
  compile(rows, table, shape);
  return outcome(() => walkRows(rows, table, shape));
}

/** Every rows event of a log, with its table. */
async function rowsOf(path: string): Promise<[Rows, TableMap][]> {
  const found: [Rows, TableMap][] = [];
  const log = await openLog(path);
  try {
    for (let event = log.next(); event !== undefined; event = log.next()) {
      const body = log.decode(event.keep());
      const table = body.kind === 'rows' ? log.table(body.tableId) : undefined;
      // Old times are learned about from one event to the next.
      const isOld = table?.hasOldTemporals === true;
      if (body.kind === 'rows' && table !== undefined && !isOld) found.push([body, table]);
    }
  } catch {
    // What is before the damage counts.
  }
  return found;
}

const logs = ['mysql97', 'mariadb118', 'mysql56'].flatMap((server) =>
  readdirSync(join(corpus, server), { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.binlog'))
    .map(({ name }) => `${server}/${name}`),
);

describe('code of a table gives what the shared code gives', () => {
  test(
    'for every rows event of every recorded log, whole and damaged',
    async () => {
      let events = 0;
      let damaged = 0;
      for (const log of logs) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other
        for (const [rows, table] of await rowsOf(join(corpus, log))) {
          events += 1;
          const given = new RowShape(table, { bigints: events % 2 === 0 ? 'number' : 'string' });
          expect(inCode(rows, table, given), log).toStrictEqual(byWayOfArrays(rows, table, given));
          const shape = new RowShape(table, {});
          expect(inCode(rows, table, shape), log).toStrictEqual(byWayOfArrays(rows, table, shape));
          const size = rows.images.length;
          for (let step = 1; step <= DAMAGES && size > 0; step += 1) {
            const images = Buffer.from(rows.images);
            images[(size * step * 7) % size] = (step * 37) & 0xff;
            images[(step * 31) % size]! ^= 0x80 >> (step & 7);
            const other = { ...rows, images: images.subarray(0, size - (step % 3) * (step & 7)) };
            expect(inCode(other, table, shape), log).toStrictEqual(byWayOfArrays(other, table, shape));
            damaged += 1;
          }
        }
      }
      expect(events).toBeGreaterThan(300);
      expect(damaged).toBeGreaterThan(300 * DAMAGES);
    },
    60_000 * Math.max(1, DAMAGES / 3),
  );
});

function table(columns: readonly Column[]): TableMap {
  return { columns } as unknown as TableMap;
}

function allOf(columns: readonly Column[]): ImagePlan {
  return new ImagePlan(table(columns), Buffer.alloc((columns.length + 7) >> 3, 0xff));
}

function compiled(columns: readonly Column[], names: readonly string[]): RowCode {
  const code = new RowCode(allOf(columns), names, 'bigint');
  for (let image = 0; image < IMAGES; image += 1) code.count();
  return code;
}

const numbers = (count: number): Column[] =>
  Array.from({ length: count }, (_, index) => new Column(index, ColumnCode.LONG, 0));

test('rows are plain objects of the names in their order', () => {
  const names = uniqueArray(
    oneof(string({ unit: 'binary' }), stringMatching(/^[\w@$]{1,70}$/)).filter(
      (name) => name !== '__proto__',
    ),
    { minLength: 1, maxLength: 40 },
  );
  assert(
    property(names, array(integer(), { minLength: 40, maxLength: 40 }), (columns, values) => {
      const writer = new Writer();
      writer.zeros((columns.length + 7) >> 3);
      const expected: Record<string, number> = {};
      for (const [at, name] of columns.entries()) {
        expected[name] = values[at]!;
        writer.u32(values[at]! >>> 0);
      }
      const bytes = new RowBytes(writer.take(), false, 0);
      const row = compiled(numbers(columns.length), columns).read!(bytes);
      expect(row).toStrictEqual(expected);
      expect(Object.keys(row)).toEqual(Object.keys(expected));
      expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
      expect(bytes.at).toBe(bytes.end);
    }),
    { numRuns: 20 },
  );
});

test('names that look like code stay names, and one that would set a prototype has no code', () => {
  const names = [
    "'];throw 1//",
    '`${x}`',
    "a'",
    'a\\',
    'a\n',
    'a\u2028',
    'constructor',
    'toString',
    'a\0b',
    'rows',
    'value0',
    'name0',
    'x'.repeat(65),
    '',
  ];
  const row = compiled(numbers(names.length), names).read!(new RowBytes(Buffer.alloc(58), false, 0));
  expect(Object.keys(row)).toEqual(names);
  expect(compiled(numbers(2), ['a', '__proto__']).read).toBeUndefined();
});

test('texts of any length, in ASCII and not, of small rows and of large ones', () => {
  const column = (index: number) =>
    Object.assign(new Column(index, ColumnCode.VARCHAR, 4000), { charset: 'utf8mb4' });
  const { read } = compiled([column(0), column(1)], ['a', 'b']);
  assert(
    property(
      array(string({ unit: 'binary', maxLength: 300 }), { maxLength: 30 }),
      integer({ min: 0, max: 1000 }),
      (texts, rowBytes) => {
        const writer = new Writer();
        for (const text of texts) {
          writer.u8(0);
          for (const value of [text, 'x'.repeat(text.length * 2)]) {
            writer.u16(Buffer.byteLength(value));
            writer.bytes(Buffer.from(value));
          }
        }
        const bytes = new RowBytes(writer.take(), false, rowBytes);
        for (const text of texts) expect(read!(bytes)).toEqual({ a: text, b: 'x'.repeat(text.length * 2) });
        expect(bytes.at).toBe(bytes.end);
      },
    ),
    { numRuns: 20 },
  );
});

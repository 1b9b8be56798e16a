import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Column, ColumnCode, encodeRows, type RowImage, type Rows, type TableMap } from '../index.ts';
import { ChangeReader } from './change-reader.ts';
import { RowReader } from './row-reader.ts';

const columns = [
  new Column(0, ColumnCode.LONG, 0),
  new Column(1, ColumnCode.VARCHAR, 300),
  new Column(2, ColumnCode.LONG, 0),
  new Column(3, ColumnCode.BLOB, 2),
];
const map = { columns, schema: Buffer.from('s'), table: Buffer.from('t') } as unknown as TableMap;
const present = Buffer.of(0b1111);

function rowsOf(operation: 'update' | 'delete', images: Buffer): Rows {
  const shape = { operation, version: 2, compressed: false, partial: false };
  return { shape, present, presentAfter: present, images, columnCount: columns.length } as unknown as Rows;
}

const bytes = fc.option(fc.uint8Array({ maxLength: 60 }).map((value) => Buffer.from(value)));
const image: fc.Arbitrary<RowImage> = fc.tuple(
  fc.integer({ min: 0, max: 9 }),
  bytes,
  fc.option(fc.nat(3)),
  bytes,
);
/** An image, and one that differs in some of its columns. */
const update = fc
  .tuple(image, image, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
  .map(([before, other, takes]) => ({
    before,
    after: before.map((value, index) => (takes[index] === true ? other[index] : value)),
  }));

describe('rows read as changes', () => {
  test('tell the columns in which the images differ, and no others', () => {
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 5 }), (updates) => {
        const layout = { operation: 'update', partial: false } as const;
        const rows = rowsOf('update', encodeRows(map, layout, present, present, updates));
        expect(ChangeReader.reads(rows, [0])).toBe(true);
        const changes = new ChangeReader(rows, map, [0]);
        const whole = new RowReader(rows, map);
        while (whole.next()) {
          expect(changes.next()).toBe(true);
          const [before, after] = [whole.before!, whole.after!];
          const same = (index: number): boolean => textOf(before[index]) === textOf(after[index]);
          expect(changes.changed).toEqual([0, 1, 2, 3].filter((index) => !same(index)));
          expect(changes.before[0]).toEqual(before[0]);
          expect(changes.after[0]).toEqual(after[0]);
          for (const index of changes.changed) expect(changes.after[index]).toEqual(after[index]);
          changes.complete([1, 3]);
          expect([changes.after[1], changes.after[3]]).toEqual([after[1], after[3]]);
        }
        expect(changes.next()).toBe(false);
      }),
    );
  });

  test('of a delete are its keys', () => {
    fc.assert(
      fc.property(fc.array(image, { minLength: 1, maxLength: 5 }), (images) => {
        const layout = { operation: 'delete', partial: false } as const;
        const befores = images.map((before) => ({ before }));
        const rows = rowsOf('delete', encodeRows(map, layout, present, present, befores));
        const changes = new ChangeReader(rows, map, [2, 0]);
        for (const [first, , third] of images) {
          expect(changes.next()).toBe(true);
          expect(changes.before).toEqual([first, undefined, third, undefined]);
        }
        expect(changes.next()).toBe(false);
      }),
    );
  });

  test('need both images with the same columns, and the key among them', () => {
    const rows = rowsOf('update', Buffer.alloc(0));
    expect(ChangeReader.reads({ ...rows, presentAfter: Buffer.of(0b0011) }, [0])).toBe(false);
    expect(
      ChangeReader.reads({ ...rows, present: Buffer.of(0b0110), presentAfter: Buffer.of(0b0110) }, [0]),
    ).toBe(false);
    expect(ChangeReader.reads({ ...rows, shape: { ...rows.shape, partial: true } }, [0])).toBe(false);
  });
});

/** Values of equal bytes have equal texts. */
const textOf = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString('hex') : String(value));

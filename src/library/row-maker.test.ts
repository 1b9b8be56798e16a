import { array, assert, integer, property, string, uniqueArray } from 'fast-check';
import { expect, test } from 'vitest';
import { RowMaker } from './row-maker.ts';

test('rows are plain objects of the names in their order, before and after a table has code of its own', () => {
  const names = uniqueArray(
    string({ unit: 'binary' }).filter((name) => name !== '__proto__'),
    { maxLength: 40 },
  );
  assert(
    property(names, array(integer(), { minLength: 1, maxLength: 5 }), (columns, numbers) => {
      const maker = RowMaker.for(columns);
      const values: number[] = [];
      let first: unknown;
      for (let round = 0; round < 300; round += 1) {
        for (let at = 0; at < columns.length; at += 1) values[at] = numbers[round % numbers.length]! + at;
        const row = maker.row(values);
        first ??= row;
        if (round < 3 || round > 253) {
          const expected: Record<string, number> = {};
          for (const [at, name] of columns.entries()) expected[name] = values[at]!;
          expect(row).toStrictEqual(expected);
          expect(Object.keys(row)).toEqual(Object.keys(expected));
        }
      }
      // The row before was not touched when the next one was made of the same array.
      expect(Object.values(first as object).length).toBe(columns.length);
    }),
    { numRuns: 50 },
  );
});

test('names that look like code, and names that are joined alike, stay what they are', () => {
  const names = ["'];throw 1//", '`${x}`', 'constructor', 'toString', 'a\0b', 'values', 'name0', ''];
  for (const columns of [names, ['a\0b'], ['a', 'b'], ['a","b']]) {
    const maker = RowMaker.for(columns);
    let row = maker.row(columns);
    for (let round = 0; round < 600; round += 1) row = maker.row(columns);
    expect(Object.entries(row)).toEqual(columns.map((name) => [name, name]));
  }
});

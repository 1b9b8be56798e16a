import { expect, test } from 'vitest';
import { portions, rowsTogether } from './portions.ts';

test.each([
  [1, [[0, 1]]],
  [16, [[0, 16]]],
  [
    13,
    [
      [0, 8],
      [8, 4],
      [12, 1],
    ],
  ],
])('%i rows', (rows, expected) => {
  const values = Array.from({ length: rows * 3 }, (_, index) => index);
  const found = [...portions(values, 3)];
  expect(found.map((portion) => [portion.from, portion.rows])).toEqual(expected);
  expect(found.flatMap((portion) => portion.values)).toEqual(values);
});

test('rows of many values go alone', () => {
  expect([1, 62, 63, 125, 126, 1000, 4000].map(rowsTogether)).toEqual([16, 16, 8, 8, 4, 1, 1]);
});

import { expect, test } from 'vitest';
import { quotient } from './numbers.ts';

// As MySQL 9.7 and MariaDB 11.8 go on with quotients: SELECT (a / b) * 1e0.
test.each([
  [100, 9, [0, 0], 11.1111, 11.111111111],
  [2, 3, [0, 0], 0.6667, 0.666666666],
  [-2, 3, [0, 0], -0.6667, -0.666666666],
  [1.5, 7, [1, 0], 0.21429, 0.214285714],
  [1.55, 7, [2, 0], 0.221429, 0.221428571],
  [1.123456789, 3, [9, 0], 0.3744855963333, 0.37448559633333334],
  [0.3, 0.1, [1, 1], 3, 3],
  [6, 2, [0, 0], 3, 3],
] as const)('%d / %d has the digits that the servers go on with', (a, b, scales, mysql, mariadb) => {
  expect(quotient(a / b, false, scales, 4)).toBe(mysql);
  expect(quotient(a / b, true, scales, 4)).toBeCloseTo(mariadb, 14);
});

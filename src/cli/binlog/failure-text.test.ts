import { expect, test } from 'vitest';
import { failureTexts } from './failure-text.ts';

const full = Object.assign(new Error('write'), { code: 'ENOSPC', errno: -28, syscall: 'write' });

test('of standard output mysqlbinlog has no name, and mariadb-binlog has', () => {
  expect(failureTexts.mysql.cannotWrite('mysqlbinlog', undefined, full)).toEqual([
    "mysqlbinlog: Error writing file '<unopen fd>' (OS errno 28 - No space left on device)",
  ]);
  expect(failureTexts.mariadb.cannotWrite('mariadb-binlog', undefined, full)).toEqual([
    `mariadb-binlog: Error writing file 'stdout' (Errcode: 28 "No space left on device")`,
  ]);
  expect(failureTexts.mysql.cannotWrite('mysqlbinlog', 'out', full)[0]).toContain("file 'out'");
});

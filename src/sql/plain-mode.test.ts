import { expect, test } from 'vitest';
import { inPlainMode } from './plain-mode.ts';

test.each([
  ['', `SELECT "a", 'b\\n'`, `SELECT "a", 'b\\n'`],
  ['ANSI_QUOTES', `SELECT "a""b", 'c' /* "d" */`, "SELECT `a\"b`, 'c' "],
  ['REAL_AS_FLOAT,ANSI', 'SHOW TABLES FROM "mysql"', 'SHOW TABLES FROM `mysql`'],
  ['ANSI_QUOTES', 'SELECT "a`b"', 'SELECT `a``b`'],
  ['NO_BACKSLASH_ESCAPES', `SELECT 'a\\', 'b'`, `SELECT 'a\\\\', 'b'`],
  ['NO_BACKSLASH_ESCAPES', `SELECT "it's\\"`, `SELECT 'it\\'s\\\\'`],
  ['ANSI_QUOTES,NO_BACKSLASH_ESCAPES', `SELECT "x\\", '\\'`, "SELECT `x\\`, '\\\\'"],
  ['', "SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'x:1'", "SET @@GLOBAL.GTID_PURGED= '+' 'x:1'"],
  ['', '/*!40101 SET NAMES utf8 */', ' SET NAMES utf8 '],
  ['', 'SELECT /*!99999 1, */ 2 /*!', 'SELECT 2 /*!'],
  ['', 'SELECT /*!99999 1, */ 2', 'SELECT 2'],
  ['', '/*!99999 1 */', '/*!99999 1 */'],
  ['ANSI_QUOTES', `SELECT "open`, `SELECT "open`],
])('with %s, %s is %s', (modes, written, plain) => {
  expect(inPlainMode(Buffer.from(written), modes, 'mysql').toString()).toBe(plain);
});

test('a string that is no UTF-8 is written in hexadecimal', () => {
  const written = Buffer.from("SELECT _binary'it''s\\0\xff', 'a', \"\xe4\"", 'latin1');
  const plain = inPlainMode(written, '', 'mysql').toString();
  expect(plain).toBe("SELECT _binary 0x6974277300ff , 'a',  0xe4 ");
});

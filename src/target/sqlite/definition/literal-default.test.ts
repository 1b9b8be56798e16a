import { expect, test } from 'vitest';
import { parseTableStatement } from '../../../sql/index.ts';
import { Catalog, contextOfText } from '../../schema/index.ts';
import { literalDefault } from './literal-default.ts';

function defaultOf(definition: string): unknown {
  const catalog = new Catalog();
  const sql = Buffer.from(`CREATE TABLE t (c ${definition})`);
  catalog.follow(parseTableStatement(sql, { flavor: 'mariadb' }), contextOfText('s', 'mariadb'));
  const column = catalog.get('s', 't')!.columns[0]!;
  const literal = column.default;
  return literal?.kind === 'text' || literal?.kind === 'literal' ? literalDefault(literal, column) : literal;
}

test.each([
  ["BIT(8) DEFAULT b'101'", 5n],
  ['TINYINT DEFAULT TRUE', 1n],
  ['BIGINT UNSIGNED DEFAULT 18446744073709551615', '18446744073709551615'],
  ["DECIMAL(8,3) DEFAULT '1.5'", '1.500'],
  ['FLOAT DEFAULT 0.1', Math.fround(0.1)],
  ["DATETIME(3) DEFAULT '2001-02-03 04:05:06.5'", '2001-02-03 04:05:06.500'],
  ['DATETIME(2) DEFAULT 0', '0000-00-00 00:00:00.00'],
  ['DATE DEFAULT 0', '0000-00-00'],
  ["DATE DEFAULT '2020-02-29'", '2020-02-29'],
  ["DATE DEFAULT '0000-00-00'", '0000-00-00'],
  ["TIME(2) DEFAULT '-10:00:00'", '-10:00:00.00'],
  ["CHAR(5) DEFAULT 'a  '", 'a'],
  ["VARBINARY(5) DEFAULT x'00ff'", Buffer.from([0, 255])],
  ["BINARY(3) DEFAULT 'a'", Buffer.from('a\0\0')],
  ["SET('x','y') DEFAULT 'y,x'", 'x,y'],
  ['VARCHAR(5) DEFAULT 12', '12'],
  ["VARCHAR(5) CHARACTER SET latin1 DEFAULT x'E9'", 'é'],
  ["VARCHAR(5) DEFAULT _latin1 x'E9'", 'é'],
  ["VARCHAR(5) DEFAULT _latin1'é'", 'Ã©'],
  ['VARCHAR(5) DEFAULT _ucs2 0x00E9', 'é'],
  ["VARBINARY(5) DEFAULT _binary x'E9'", Buffer.from([0xe9])],
  ["INT DEFAULT x'1F'", 31n],
  ['BIGINT UNSIGNED DEFAULT 0xFFFFFFFFFFFFFFFF', '18446744073709551615'],
])('%s is %o', (definition, value) => {
  expect(defaultOf(definition)).toEqual(value);
});

test.each([
  "INET4 DEFAULT '1.2.3.4'",
  "UUID DEFAULT '12345678-9abc-7def-8123-456789abcd00'",
  "DATE DEFAULT '2020-1-2'",
  "DATE DEFAULT '2021-00-05'",
  "DATE DEFAULT '2020-02-31'",
  "DATETIME DEFAULT '2021-02-29 01:02:03'",
  "DATETIME DEFAULT '2001-02-03 04:05:06.5'",
  "TIMESTAMP DEFAULT '2020-02-02 02:02:02'",
  "TIME DEFAULT '10:00'",
  "YEAR DEFAULT '70'",
  "ENUM('a') DEFAULT 'A'",
  'VARCHAR(5) DEFAULT TRUE',
  "VARCHAR(5) CHARACTER SET utf8mb4 DEFAULT x'E9'",
  "BLOB DEFAULT 'ä'",
  'DOUBLE DEFAULT TRUE',
  "CHAR(5) CHARACTER SET latin1 DEFAULT 'Ж'",
])('only the source can tell what %s is', (definition) => {
  expect(defaultOf(definition)).toBeUndefined();
});

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connection, connect } from '../../src/connection/index.ts';
import { ServerError } from '../../src/errors/index.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { startRelay, type TestRelay } from './relay.ts';

/** What a relay must answer as MySQL 9.7 does: values, NULLs and numbers of errors. Numbers may have fewer zeros behind the point. */
const EXPRESSIONS = [
  '7 DIV 2, -7 DIV 2, 7.9 DIV 2, 7 DIV 0, 1 + 7 DIV 2 * 3, 20 DIV 3 DIV 2, 10 - 7 DIV (1 + 1)',
  "'10' DIV '3', NULL DIV 2, ABS(-7) DIV 2, 7 DIV .5, 7 DIV -2, 2 * 7 DIV 4",
  '7 MOD 3, MOD(7, 3), 7 % 3, -7 % 3, 5.5 % 2, 7 % 0, 1 + 7 % 4, MOD(-7, 3)',
  '1 XOR 1, 1 XOR 0, 0 XOR NULL, 1 XOR 1 XOR 1, 1 AND 0 XOR 1, 1 OR 1 XOR 1, NOT 1 XOR 1, 1 = 1 XOR 2 > 3',
  '(1 XOR 0) + 1, CASE WHEN 1 XOR 1 THEN 2 ELSE 3 END XOR 1, IF(1 XOR 0, 2, 3)',
  'CASE WHEN 5 DIV 2 = 2 THEN 7 DIV 2 ELSE 0 END DIV 2, 9 DIV CASE WHEN 1 THEN 4 ELSE 5 END',
  "'2026-11-21 05:00:00' - INTERVAL 5 MINUTE, '2026-11-21' + INTERVAL 1 DAY, '2026-01-31' + INTERVAL 1 MONTH",
  "'2026-11-21 05:00:00' - INTERVAL 1 DAY + INTERVAL 1 HOUR, INTERVAL 1 DAY + '2026-11-21', '2026-11-21' - INTERVAL 1 SECOND",
  "DATE_ADD('2026-11-21', INTERVAL 36 HOUR), DATE_SUB('2026-03-31', INTERVAL 1 MONTH), ADDDATE('2026-11-21', 10), SUBDATE('2026-11-21', INTERVAL 1 WEEK)",
  "DATE_ADD('2026-11-21 01:02:03', INTERVAL '1:30' HOUR_MINUTE), DATE_ADD('2026-11-21 01:02:03', INTERVAL '1 2:3:4' DAY_SECOND), DATE_ADD('2026-11-21', INTERVAL '1-2' YEAR_MONTH)",
  "DATE_ADD('2026-11-21 01:02:03', INTERVAL 1.5 SECOND), DATE_ADD('2026-11-21 01:02:03.5', INTERVAL 600000 MICROSECOND), DATE_ADD('2026-11-21', INTERVAL -1 QUARTER)",
  "DATE_ADD('x', INTERVAL 1 DAY), DATE_ADD(NULL, INTERVAL 1 DAY), DATE_ADD('2026-11-21', INTERVAL NULL DAY), DATE_ADD('2024-02-29', INTERVAL 1 YEAR)",
  "'2026-11-21 05:00:00' < '2026-11-21 05:00:00' + INTERVAL 1 + 1 SECOND, '2026-11-21' - INTERVAL 2 * 3 DAY",
  "TIMESTAMPDIFF(SECOND, '2026-11-21 05:00:00', '2026-11-21 06:00:01'), TIMESTAMPDIFF(MONTH, '2026-01-31', '2026-03-30'), TIMESTAMPDIFF(DAY, '2026-11-21 12:00:00', '2026-11-23 11:00:00')",
  "TIMESTAMPDIFF(MINUTE, '2026-11-21 05:00:00', '2026-11-21 04:00:01'), TIMESTAMPDIFF(YEAR, '2020-02-29', '2021-02-28'), TIMESTAMPDIFF(MICROSECOND, '2026-11-21 05:00:00', '2026-11-21 05:00:00.25')",
  "TIMESTAMPDIFF(SECOND, NULL, '2026-11-21'), TIMESTAMPDIFF(WEEK, '2026-11-01', '2026-11-21'), TIMESTAMPDIFF(QUARTER, '2026-01-01', '2026-11-21')",
  "TIMESTAMPADD(MINUTE, 90, '2026-11-21 05:00:00'), TIMESTAMPADD(SQL_TSI_DAY, 1, '2026-11-21')",
  "EXTRACT(YEAR FROM '2026-11-21'), EXTRACT(HOUR FROM '2026-11-21 05:06:07'), EXTRACT(YEAR_MONTH FROM '2026-11-21')",
  "YEAR('2026-11-21'), MONTH('2026-11-21'), DAY('2026-11-21'), HOUR('2026-11-21 05:06:07'), MINUTE('05:06:07'), SECOND('2026-11-21 05:06:07'), QUARTER('2026-11-21')",
  "DAYOFWEEK('2026-11-21'), WEEKDAY('2026-11-21'), DAYOFYEAR('2026-11-21'), DAYNAME('2026-11-21'), MONTHNAME('2026-11-21'), LAST_DAY('2024-02-01')",
  "DATE('2026-11-21 05:06:07'), TIME('2026-11-21 05:06:07'), TO_DAYS('2026-11-21'), TO_SECONDS('2026-11-21 05:06:07'), DATEDIFF('2026-11-21 23:59:59', '2026-11-20')",
  "TIMEDIFF('2026-11-21 05:06:07', '2026-11-20 04:00:00'), TIMEDIFF('05:00:00', '06:30:00'), TIME_TO_SEC('01:00:01'), SEC_TO_TIME(3661), SEC_TO_TIME(-90)",
  "DATE_FORMAT('2026-11-21 05:06:07', '%Y-%m-%d %H:%i:%s'), DATE_FORMAT('2026-11-21 15:06:07', '%W %M %e %l:%i %p %j %b %y %a %k %%'), DATE_FORMAT('2026-11-21', '%T %r')",
  "UNIX_TIMESTAMP('2026-11-21 05:06:07'), FROM_UNIXTIME(1795237567), FROM_UNIXTIME(1795237567, '%H:%i'), UNIX_TIMESTAMP('2026-11-21')",
  "CAST('12abc' AS SIGNED), CAST('-5' AS SIGNED INTEGER), CAST(3.6 AS UNSIGNED), CAST(12.345 AS DECIMAL(10,2)), CAST('2026-11-21 05:06:07' AS DATE), CAST(5 AS CHAR), CAST('abc' AS CHAR(2))",
  "CAST('2026-11-21' AS DATETIME), CAST('2026-11-21 05:06:07.123456' AS DATETIME(3)), CAST('x' AS UNSIGNED), CAST(NULL AS SIGNED), CAST('1.5' AS DOUBLE), CAST(-1 AS UNSIGNED)",
  "CONVERT('12', SIGNED), CONVERT('abc' USING utf8mb4), CONVERT(7, CHAR), CAST('a' AS CHAR CHARACTER SET utf8mb4)",
  "IF(1, 'a', 'b'), IF(NULL, 'a', 'b'), IF('abc', 1, 2), IF(0, 1, NULL), IFNULL(NULL, 'x'), NULLIF(1, 1), COALESCE(NULL, NULL, 3)",
  "CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END, CASE WHEN NULL THEN 1 ELSE 2 END, CASE WHEN 1 = 1 THEN 'x' END",
  "CONCAT('a', NULL), CONCAT('a', 1, 'b'), CONCAT_WS(',', 'a', NULL, 'b'), REPEAT('ab', 3), REPEAT('x', 0), SPACE(2), REVERSE('abc')",
  "LPAD('5', 3, '0'), RPAD('5', 3, 'ab'), LPAD('12345', 3, '0'), LEFT('abc', 2), RIGHT('abc', 2), SUBSTRING('abcdef', 2, 3), SUBSTRING('abcdef' FROM 3), SUBSTRING('abcdef' FROM 2 FOR 2), MID('abc', -2)",
  "SUBSTRING_INDEX('a.b.c', '.', 2), SUBSTRING_INDEX('a.b.c', '.', -1), LOCATE('b', 'abc'), INSTR('abc', 'c'), POSITION('b' IN 'abc'), ASCII('A'), CHAR_LENGTH('äb'), LENGTH('äb')",
  "TRIM('  a '), TRIM(LEADING 'x' FROM 'xxay'), TRIM(BOTH 'x' FROM 'xxaxx'), TRIM(TRAILING 'y' FROM 'ayy'), TRIM(BOTH FROM ' a '), LTRIM(' a'), UPPER('a'), LCASE('A')",
  "FIELD('b', 'a', 'b'), FIELD('z', 'a'), ELT(2, 'a', 'b'), ELT(3, 'a'), FIND_IN_SET('b', 'a,b,c'), FIND_IN_SET('x', ''), STRCMP('a', 'b'), STRCMP('A', 'a')",
  "HEX('abc'), HEX(255), UNHEX('4142') = 'AB', SHA2('a', 256), CRC32('abc'), TO_BASE64('abc'), INET_ATON('10.0.0.1'), INET_NTOA(167772161), BIN(5)",
  "FORMAT(1234567.891, 2), FORMAT(5, 0), QUOTE('it''s'), INSERT('Quadratic', 3, 4, 'What'), GREATEST(1, 3, 2), LEAST('b', 'a'), GREATEST(1, NULL), ISNULL(NULL), ISNULL(1)",
  'FLOOR(-1.5), CEIL(1.2), ROUND(1.5), ROUND(-1.5), ROUND(1.255, 2), ROUND(1234, -2), TRUNCATE(1.999, 1), ABS(-3), SIGN(-2), POW(2, 10), SQRT(16), LOG2(8), LOG10(1000), BIT_COUNT(7)',
  "'10' = 10, '9' < 10, '10' > 9, 'abc' = 0, '5x' = 5, 1 = 1.0, '1e1' = 10, NULL = 1, NULL <=> NULL, 1 <=> NULL, 2 <> 1, 2 != 2",
  "'a' = 'A', 'abc' LIKE 'A%', 'a_c' LIKE 'a\\_c', 'abc' NOT LIKE '%x%', 'abc' REGEXP '^a', 'abc' RLIKE 'C$', 5 BETWEEN 1 AND 10, '5' BETWEEN 1 AND 10, 3 IN (1, 2, 3), 'b' IN ('a', 'b'), CONCAT('a', 'b') = 'AB', 'x' < 'Y'",
  "1 + '1', '3 apples' * 2, 7 / 2, 1 / 0, 10 / 4 * 2, -(3), - 3 + 5, +4, 3 - -2, !0, !5, NOT 0, 1 && 0, 0 || 1, 5 & 3, 5 | 3, 1 << 3, ~0 & 1",
  "TRUE, FALSE, TRUE + 1, NULL IS NULL, 1 IS NOT NULL, 1 IS TRUE, 0 IS FALSE, NULL IS UNKNOWN, x'41' = 'A', 0x41 = 'A', 1e3",
  "INET_ATON('127.1'), INET_ATON('1.2.3'), INET_ATON('10'), INET_ATON('1.2.3.'), INET_ATON('1..2'), INET_ATON('.1'), INET_ATON(5), INET_ATON('01.002.3.4'), INET_ATON('256.1.1.1')",
  "INET_NTOA(16909060.7), INET_NTOA(-1), INET_NTOA(4294967295.4), INET_NTOA(4294967295.6), INET_NTOA(2.5e0), INET_NTOA('x')",
  "IS_UUID('{6ccd780c-baba-1026-9564-5b8c656024db}'), IS_UUID('6ccd780cbaba-1026-9564-5b8c656024db'), IS_UUID('{6ccd780cbaba102695645b8c656024db}')",
  "TIME '01:02:03' + 0, DATE '2025-01-02' + 1, TIMESTAMP '2025-01-02 03:04:05' + 0, DATE '2025-1-2', TIMESTAMP '2025-01-02 03:04', TIME '5', TIMESTAMP'2025-01-02 03:04:05.50', DATE '20250102'",
  "DATE '2025-01-02' = '2025-1-2', DATE '2025-01-02' < 20250103, {d '2025-01-2'}, {ts '2025-01-02 01:02:03'}, {t '10:00'}, {x 5}, -TIME '00:00:05', TIME '-26:00:01.5', DATE '2025-01-31' + INTERVAL 1 MONTH",
  "DATE '2025-02-30'",
  "TIME 'x'",
  "TIMESTAMP '2025-01-02'",
  "DATE '2025-01-02 00:00:00'",
  "CAST('2025-01-02 03:04:05' AS DATETIME(3)) + 0, CAST('03:04:05.25' AS TIME(2)) * 2, SUM(TIME '01:02:03')",
  "FORMAT_BYTES(512), FORMAT_BYTES(18446644), FORMAT_PICO_TIME(3501), FORMAT_PICO_TIME(188732396662000), IS_UUID('4c6e1d05-3d4a-11ef-9a5c-0242ac120002'), ANY_VALUE(3)",
  "HEX(UUID_TO_BIN('6ccd780c-baba-1026-9564-5b8c656024db')), BIN_TO_UUID(UUID_TO_BIN('{6CCD780C-baba-1026-9564-5b8c656024db}', 1), 1), HEX(UUID_TO_BIN('6ccd780cbaba102695645b8c656024db', 1)), UUID_TO_BIN(NULL)",
  "UUID_TO_BIN('abc')",
  "GTID_SUBSET('3e11fa47-71ca-11e1-9e33-c80aa9429562:1-3', '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5'), GTID_SUBTRACT('3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5', '3e11fa47-71ca-11e1-9e33-c80aa9429562:2-3')",
  'CHAR_LENGTH(NOW(6)), CHAR_LENGTH(NOW()), CHAR_LENGTH(SYSDATE(3)), NOW() > NOW() - INTERVAL 5 MINUTE, CURDATE() = DATE(NOW()), UTC_DATE() = CURRENT_DATE, CHAR_LENGTH(UTC_TIME())',
  'UNIX_TIMESTAMP() - UNIX_TIMESTAMP(NOW()), TIMESTAMPDIFF(SECOND, NOW(), SYSDATE()) < 60, CHAR_LENGTH(UUID()), PI()',
  "COUNT(*), SUM(1), MAX('a'), MIN(3), AVG(2), GROUP_CONCAT('x' SEPARATOR '-'), COUNT(DISTINCT 1)",
  "SUM(CAST('2025-01-02' AS DATE)), SUM('7 apples'), SUM(CAST('01:02:03' AS TIME))",
  "CONVERT_TZ('2026-11-21 05:00:00', '+00:00', '+02:00'), REPLACE('abcabc', 'b', 'x'), MOD(10, 3) + 10 DIV 3",
];

/** Whole statements. */
const STATEMENTS = [
  'WITH a AS (SELECT 1 AS x UNION ALL SELECT 2) SELECT SUM(x), MAX(x) DIV 2 FROM a',
  'SELECT x, ROW_NUMBER() OVER (ORDER BY x DESC) AS n, SUM(x) OVER (ORDER BY x) AS s FROM (SELECT 1 AS x UNION ALL SELECT 5 UNION ALL SELECT 3) t ORDER BY x',
  'SELECT x FROM (SELECT 1 AS x UNION SELECT 2 UNION SELECT 3) t WHERE x MOD 2 = 1 XOR x = 3 ORDER BY x',
  'SELECT x DIV 2 AS half, COUNT(*) AS n FROM (SELECT 1 AS x UNION SELECT 2 UNION SELECT 3) t GROUP BY x DIV 2 HAVING n > 0 ORDER BY half DESC',
  "SELECT VARIABLE_NAME FROM performance_schema.global_variables WHERE VARIABLE_NAME IN ('port', 'server_id') AND VARIABLE_VALUE > 5 ORDER BY 1",
  "SELECT COUNT(*) FROM performance_schema.global_status WHERE VARIABLE_NAME = 'Uptime' AND VARIABLE_VALUE >= 0",
  "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'inf%' OR SCHEMA_NAME = 'mysql' ORDER BY 1",
  'SELECT 1 FROM DUAL WHERE EXISTS (SELECT 1) AND NOT EXISTS (SELECT 1 FROM DUAL WHERE 1 = 0)',
  'SELECT t.a + INTERVAL 1 DAY FROM (SELECT CAST(20261121 AS DATE) AS a) t',
  'SELECT 1 + + 1, 2 ^ 1, 5 ^ 3 * 2, ~5, 1 << 63, 255 >> 4 | 1, NULL ^ 1',
  '(SELECT 2 AS x) UNION (SELECT 1) ORDER BY x',
  '(SELECT 1 AS x UNION SELECT 2 UNION SELECT 3 ORDER BY x DESC LIMIT 2) UNION ALL (SELECT 9) ORDER BY x + 0 DESC LIMIT 2',
  'SELECT 1 UNION SELECT 2 INTERSECT SELECT 2 EXCEPT SELECT 1',
  'VALUES ROW(1, 2), ROW(3, 4)',
  'SELECT column_1 FROM (VALUES ROW(1, 2), ROW(3, 4)) t ORDER BY 1 DESC',
  'SELECT a + b FROM (SELECT 1, 2) t (a, b)',
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 1000) SELECT COUNT(*), SUM(n) FROM r',
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 1001) SELECT COUNT(*) FROM r',
  'WITH RECURSIVE r (n, t) AS (SELECT 1, CAST("a" AS CHAR(20)) UNION ALL SELECT n + 1, CONCAT(t, n) FROM r WHERE n < 5) SELECT * FROM r ORDER BY n DESC',
  'WITH RECURSIVE r AS (SELECT 1 AS n UNION SELECT (n + 1) MOD 3 FROM r) SELECT n FROM r ORDER BY n',
  'WITH RECURSIVE d AS (SELECT 1 AS day UNION ALL SELECT day + 1 FROM d WHERE day < 3) SELECT d.day, x.day FROM d LEFT JOIN d x ON x.day = d.day + 1 ORDER BY d.day',
  'SELECT x, RANK() OVER w AS r FROM (SELECT 1 AS x UNION SELECT 2) t WINDOW w AS (ORDER BY x DESC) ORDER BY x',
  'WITH RECURSIVE f AS (SELECT 0 AS a, 1 AS b UNION ALL SELECT b, a + b FROM f WHERE b < 100) SELECT a FROM f',
  "SELECT JSON_OBJECT('bb', 1, 'a', 'x', 'c', NULL), JSON_ARRAY(1, 'a', NULL, TRUE, 1 = 2, 1.50, JSON_OBJECT('k', JSON_ARRAY())), JSON_OBJECT()",
  `SELECT JSON_EXTRACT('{"a": {"b": [1, "x", null, true]}}', '$.a.b[1]'), JSON_EXTRACT('{"a":1,"b":2}', '$.*'), JSON_EXTRACT('[1,2,3]', '$[last]', '$[0]'), JSON_EXTRACT('{"a": 1}', '$.x')`,
  `SELECT JSON_UNQUOTE(JSON_EXTRACT('{"a": "x \\"y"}', '$.a')), JSON_UNQUOTE('plain'), JSON_VALID('{'), JSON_VALID('[1]'), JSON_LENGTH('[1, 2, 3]')`,
  "SELECT d -> '$.a', d ->> '$.a', d -> '$.n' + 1, d ->> '$.a' = 'X' FROM (SELECT JSON_OBJECT('a', 'x', 'n', 5) AS d) t",
  "SELECT JSON_ARRAYAGG(x), JSON_OBJECTAGG(CONCAT('k', x), x) FROM (SELECT 1 AS x UNION ALL SELECT 3) t",
  `SELECT JSON_SET(d, '$.a', 10, '$.z', 'n'), JSON_SET(d, '$.b[9]', 1.50), JSON_SET(d, '$[1]', NULL), JSON_INSERT(d, '$.a', 2, '$.z', TRUE), JSON_REPLACE(d, '$.a', 2, '$.z', 1) FROM (SELECT '{"b": [1, 2], "a": 1}' AS d) t`,
  `SELECT JSON_REMOVE(d, '$.b[0]', '$.a'), JSON_KEYS(d), JSON_MERGE_PATCH(d, '{"a": null, "n": {"z": null}}'), 1 MEMBER OF (d -> '$.b'), '1' MEMBER OF ('[1]'), NULL MEMBER OF ('[1]') FROM (SELECT '{"b": [1, 2], "a": 1}' AS d) t`,
  "SELECT JSON_REMOVE('[1]', '$')",
  "SELECT JSON_SET('[1]', '$[*]', 1)",
  "SELECT JSON_TYPE('x')",
  "SELECT JSON_EXTRACT('{', '$.a')",
  "SELECT JSON_EXTRACT('{}', 'a')",
  'SELECT JSON_OBJECT(NULL, 1)',
  'SELECT LENGTH(GROUP_CONCAT(REPEAT("x", 2000))), GROUP_CONCAT(DISTINCT x ORDER BY x DESC SEPARATOR "-"), GROUP_CONCAT(x, "!", x) FROM (SELECT 2 AS x UNION ALL SELECT 3 UNION ALL SELECT 2) t',
  'SELECT COUNT(DISTINCT x, y) FROM (SELECT 1 AS x, 2 AS y UNION ALL SELECT 1, 2 UNION ALL SELECT 1, NULL UNION ALL SELECT 3, 2) t',
  'SELECT (1, 2) = (1, 2), (1, 2) IN ((3, 4), (1, 2)), 3 = ANY (SELECT 3), 3 <> ALL (SELECT 4), ROW(1, 2) = (1, 3)',
  'SELECT * FROM nosuch.t',
  'SELECT * FROM mysql.nosuch',
  'SELECT * FROM (SELECT 1)',
  'SELECT IFNULL(1)',
  'SELECT 7 / 2, 1.5 + 1, 0.1 + 0.2, 1.10 * 2, AVG(3), SUM(2), ROUND(2.5), ROUND(1.255, 2), 1.0, 10 / 4 * 2, CONCAT(7 / 2), 5.50 MOD 2',
  'SELECT NOSUCH(1)',
  'SELECT nosuch',
  'SELECT 1 DIV',
  "SHOW VARIABLES WHERE Variable_name = 'server_id' XOR Variable_name = 'nosuch'",
  "SHOW GLOBAL STATUS WHERE Variable_name = 'Uptime' AND Value + 0 > 1000000000",
  "SHOW VARIABLES LIKE 'version\\_comment_'",
];

const missing = missingServers('mysql97');
let server: RunningServer;
let theirs: Connection;
let relay: TestRelay;
let ours: Connection;
const ssl = { sslMode: 'DISABLED' as const };
beforeAll(async () => {
  if (missing !== undefined) return;
  server = await startServer('mysql97', `expressions-${process.pid}`, { args: ['--server-id=77'] });
  relay = await startRelay({ variables: { server_id: 77 } });
  theirs = await connect({ socketPath: server.socket, user: 'root', ssl });
  ours = await connect({ socketPath: relay.socket, user: 'root', passwords: [relay.password], ssl });
  await theirs.query("SET time_zone = '+00:00'");
}, 120_000);
afterAll(async () => {
  await theirs?.close();
  await ours?.close();
  await relay?.wipe();
  await server?.wipe();
});

/** Values as text, numbers without zeros at their end; of an error its number. */
async function ask(connection: Connection, sql: string): Promise<readonly unknown[] | number> {
  try {
    const { rows } = await connection.query(sql);
    return rows.map((row) => row.map((value) => (value === null ? null : shown(value.toString()))));
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    return error.errno;
  }
}
const shown = (text: string): string =>
  /^-?\d+\.\d+$/.test(text) ? String(Number(Number(text).toPrecision(12))) : text;

test.skipIf(missing).each(EXPRESSIONS)('SELECT %s', async (expressions) => {
  const sql = `SELECT ${expressions}`;
  expect(await ask(ours, sql)).toEqual(await ask(theirs, sql));
});

test.skipIf(missing).each(STATEMENTS)('%s', async (sql) => {
  const [mine, real] = [await ask(ours, sql), await ask(theirs, sql)];
  // What a relay has not is said to be so, never answered otherwise.
  if (mine !== 1235) expect(mine).toEqual(real);
});

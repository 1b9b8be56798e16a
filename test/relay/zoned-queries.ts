/** Moments of every kind, one of them kept in two tables as two kinds. */
export const ZONED_TABLES: readonly string[] = [
  "SET time_zone = '+00:00'",
  'CREATE TABLE q.zoned (id INT PRIMARY KEY, ts TIMESTAMP NULL, ts3 TIMESTAMP(3) NULL, ts6 TIMESTAMP(6) NULL, dt DATETIME, d DATE, n INT, KEY (ts))',
  `INSERT INTO q.zoned VALUES
    (1,'2025-01-15 12:00:00','2025-01-15 12:00:00.123','2025-01-15 12:00:00.123456','2025-01-15 12:00:00','2025-01-15',10),
    (2,'2025-07-15 23:30:00','2025-07-15 23:30:00.500','2025-07-15 23:30:00.000001','2025-07-15 23:30:00','2025-07-15',20),
    (3,NULL,NULL,NULL,NULL,NULL,NULL),
    (4,'1970-01-01 00:00:01','1970-01-01 00:00:01','1970-01-01 00:00:01','1970-01-01 00:00:01','1970-01-01',0),
    (5,'2038-01-19 03:14:07','2038-01-19 03:14:07.999','2038-01-19 03:14:07.999999','2038-01-19 03:14:07','2038-01-19',1)`,
  'CREATE TABLE q.unzoned (id INT PRIMARY KEY, ts DATETIME, note VARCHAR(9))',
  "INSERT INTO q.unzoned VALUES (1,'2025-01-15 17:30:00','x'),(2,'2025-07-15 23:30:00','y'),(8,NULL,NULL)",
];

/** Offsets alone: servers of tests have no tables of zones. */
export const ZONES: readonly string[] = ['+05:30', '-12:59', '+1:0'];

/** What depends on the time zone of the session. Rows have an order in all of them. */
export const ZONED_QUERIES: readonly string[] = [
  'SELECT @@time_zone, @@session.time_zone, @@system_time_zone',
  'SELECT * FROM q.zoned ORDER BY id',
  'SELECT zoned.*, u.note FROM q.zoned LEFT JOIN q.unzoned u ON u.ts = zoned.ts ORDER BY zoned.id',
  'SELECT * FROM q.zoned JOIN q.unzoned ON zoned.id = unzoned.id ORDER BY zoned.id',
  'SELECT * FROM (SELECT id, ts, ts AS t2, DATE(ts) d FROM q.zoned) x ORDER BY id',
  'WITH c AS (SELECT id, ts FROM q.zoned) SELECT * FROM c ORDER BY id',
  "SELECT q.zoned.id, q.zoned.ts FROM q.zoned WHERE q.zoned.ts > '2025-01-14 17:00' ORDER BY q.zoned.ts",
  "SELECT id FROM q.zoned WHERE ts = '2025-01-15 17:30:00'",
  "SELECT id FROM q.zoned WHERE ts BETWEEN '2025-01-15' AND '2025-07-16' ORDER BY id",
  "SELECT id FROM q.zoned WHERE ts IN ('2025-01-15 17:30:00', '2025-07-16 00:30:00') ORDER BY id",
  'SELECT id FROM q.zoned WHERE ts > dt ORDER BY id',
  'SELECT a.id, b.id FROM q.zoned a JOIN q.zoned b ON a.ts = b.ts ORDER BY 1, 2',
  'SELECT a.id, u.id FROM q.zoned a JOIN q.unzoned u USING (ts) ORDER BY 1, 2',
  'SELECT id FROM q.unzoned u WHERE EXISTS (SELECT 1 FROM q.zoned WHERE zoned.ts = u.ts) ORDER BY id',
  'SELECT ts + 0, CONCAT(ts), CAST(ts AS DATE), CAST(ts6 AS CHAR), HOUR(ts), ts + INTERVAL 1 DAY FROM q.zoned ORDER BY id',
  'SELECT MAX(ts), MIN(ts3), COUNT(DISTINCT ts), MAX(ts6) FROM q.zoned',
  'SELECT DATE(ts), COUNT(*) FROM q.zoned GROUP BY DATE(ts) ORDER BY 1',
  'SELECT id, ROW_NUMBER() OVER (ORDER BY ts DESC, id) r, LAG(ts) OVER (ORDER BY id) l FROM q.zoned ORDER BY id',
  "SELECT COALESCE(ts, '2000-01-01'), IFNULL(ts, dt), IF(id > 2, ts, dt), GREATEST(ts, dt) FROM q.zoned ORDER BY id",
  'SELECT x.ts FROM (SELECT ts FROM q.zoned UNION SELECT ts FROM q.unzoned) x ORDER BY 1',
  'SELECT id, UNIX_TIMESTAMP(ts), UNIX_TIMESTAMP(ts3), UNIX_TIMESTAMP(dt), UNIX_TIMESTAMP(d) FROM q.zoned ORDER BY id',
  "SELECT UNIX_TIMESTAMP('2025-01-01'), UNIX_TIMESTAMP(20250101), UNIX_TIMESTAMP('0000-00-00'), UNIX_TIMESTAMP(NULL)",
  "SELECT FROM_UNIXTIME(0), FROM_UNIXTIME(1.5), FROM_UNIXTIME(2147483647), FROM_UNIXTIME(1700000000, '%H:%i'), FROM_UNIXTIME(NULL)",
  'SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP, NOW()), TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP(), SYSDATE()), UNIX_TIMESTAMP(NOW()) = UNIX_TIMESTAMP()',
  'SELECT TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP, CURRENT_TIMESTAMP), TIMESTAMPDIFF(MINUTE, UTC_TIMESTAMP, LOCALTIME), CURDATE() = DATE(NOW())',
  "SELECT CONVERT_TZ(ts, @@time_zone, 'SYSTEM'), CONVERT_TZ(dt, '+00:00', '+01:00'), CONVERT_TZ(dt, '+15:00', '+01:00') FROM q.zoned ORDER BY id",
];

/** A table with a column of every type that functions tell apart: usual values, odd ones, NULL. */
export const TYPED_TABLES: readonly string[] = [
  `CREATE TABLE q.types (id INT PRIMARY KEY, i INT, d DECIMAL(10,2), f FLOAT, g DOUBLE, y YEAR, da DATE, t TIME, t3 TIME(3), dt DATETIME,
    dt2 DATETIME(2), ts TIMESTAMP NULL, vc VARCHAR(40) CHARACTER SET utf8mb4, vb VARBINARY(20))`,
  `INSERT INTO q.types VALUES
    (1, 5, 125, 0.333, 0.1, 1999, '2025-01-01', '10:00:00', '10:00:00.125', '2025-01-01 10:11:12', '2025-01-01 10:11:12.50', '2025-01-01 10:11:12', 'Äöü€ 1', x'00ff'),
    (2, -7, -0.5, 123456789, 1e300, 2025, '2024-02-29', '-01:30:00', '-01:30:00.5', '2024-12-31 23:59:59', '2024-02-29 23:59:59', '2038-01-01 00:00:00', '  12.5abc', x'e4'),
    (3, 0, 1000.10, 0, 1e15, NULL, '1000-01-01', '838:59:59', '00:00:00', '1969-12-31 12:00:00', '9999-12-31 00:00:00', NULL, '😀a', ''),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
];

/** Calls that both families and a relay answer alike, by the columns that stand for `c`. */
const CALLS: readonly (readonly [columns: string, calls: string])[] = [
  [
    'i d f g y da t t3 dt dt2 ts vc',
    `c; CAST(c AS CHAR); CONCAT(c, '!'); CONCAT_WS('-', c, 'x'); LENGTH(c); CHAR_LENGTH(c); UPPER(c); LOWER(c); LEFT(c, 2); RIGHT(c, 2);
     SUBSTRING(c, 2); SUBSTRING(c, -2, 1); SUBSTRING(c, 0); REVERSE(c); LPAD(c, 6, '*'); TRIM(c); LTRIM(c); RTRIM(c); REPLACE(c, '1', 'z'); SUBSTRING_INDEX(c, '.', 1);
     LOCATE('1', c); LOCATE('0', c, 3); INSTR(c, '0'); INSERT(c, 1, 1, 'Z'); QUOTE(c); SHA2(c, 256); CRC32(c); TO_BASE64(c);
     IFNULL(c, 'none'); COALESCE(c, 'x'); IF(id = 1, c, 'z'); CASE id WHEN 1 THEN c ELSE 'z' END; c LIKE '%1%'; c REGEXP '1'; HEX(CONCAT(c))`,
  ],
  ['i d y da t vc', 'HEX(c)'],
  [
    'i d da t dt ts',
    'CAST(c AS SIGNED); CAST(c AS DECIMAL(20,2)); c + 1; c * 2; c DIV 2; c % 2; c & 7; c | 1; FORMAT(c, 2); BIN(ABS(c))',
  ],
  ['t3 dt2', 'c + 1; CAST(c AS DOUBLE); SQRT(c)'],
  ['i d da t dt ts', 'SQRT(c); ABS(c); SIGN(c); LN(c); POW(c, 2)'],
  [
    'vb',
    "c; CONCAT(c, 'x'); REVERSE(c); REPEAT(c, 2); LPAD(c, 3, 'x'); REPLACE(c, 'x', 'y'); LEFT(c, 1); SUBSTRING(c, 2); HEX(c); SHA2(c, 256); UPPER(c)",
  ],
];

/** One query a call: of all of its columns. */
export const TYPED_QUERIES: readonly string[] = CALLS.flatMap(([columns, calls]) =>
  calls.split(';').map((call) => {
    const values = columns.split(' ').map((column) => call.trim().replaceAll(/\bc\b/g, column));
    return `SELECT ${values.join(', ')} FROM q.types ORDER BY id`;
  }),
);

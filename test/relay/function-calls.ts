/** A table with a column of every type that functions tell apart: usual values, odd ones, NULL. */
export const TYPED_TABLES: readonly string[] = [
  `CREATE TABLE q.types (id INT PRIMARY KEY, i INT, d DECIMAL(10,2), f FLOAT, g DOUBLE, y YEAR, da DATE, t TIME, t3 TIME(3), dt DATETIME,
    dt2 DATETIME(2), ts TIMESTAMP NULL, vc VARCHAR(40) CHARACTER SET utf8mb4, vb VARBINARY(20), se SET('a', 'b', 'c'))`,
  `INSERT INTO q.types VALUES
    (1, 5, 125, 0.333, 0.1, 1999, '2025-01-01', '10:00:00', '10:00:00.125', '2025-01-01 10:11:12', '2025-01-01 10:11:12.50', '2025-01-01 10:11:12', 'Äöü€ 1', x'00ff', 'b'),
    (2, -7, -0.5, 123456789, 1e300, 2025, '2024-02-29', '-01:30:00', '-01:30:00.5', '2024-12-31 23:59:59', '2024-02-29 23:59:59', '2038-01-01 00:00:00', '  12.5abc', x'e4', 'c,b'),
    (3, 0, 1000.10, 0, 1e15, NULL, '1000-01-01', '838:59:59', '00:00:00', '1969-12-31 12:00:00', '9999-12-31 00:00:00', NULL, '😀a', '', ''),
    (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
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
    'da dt dt2 ts',
    `YEAR(c); QUARTER(c); MONTH(c); DAY(c); HOUR(c); MICROSECOND(c); DAYOFWEEK(c); WEEKDAY(c); DAYOFYEAR(c); DAYNAME(c); MONTHNAME(c); LAST_DAY(c); DATE(c);
     TIMESTAMP(c); TIMESTAMP(c, '10:00:00'); TO_DAYS(c); TO_SECONDS(c); UNIX_TIMESTAMP(c); WEEK(c); WEEK(c, 1); WEEK(c, 2); WEEK(c, 3); WEEK(c, 4); WEEK(c, 5); WEEK(c, 6);
     WEEK(c, 7); YEARWEEK(c); YEARWEEK(c, 1); YEARWEEK(c, 4); YEARWEEK(c, 7); WEEKOFYEAR(c); EXTRACT(DAY_SECOND FROM c); EXTRACT(SECOND_MICROSECOND FROM c);
     DATE_FORMAT(c, '%a %b %c %D %d %e %f %H %h %I %i %j %k %l %M %m %p %r %S %s %T %U %u %V %v %W %w %X %x %Y %y %% %q'); c + INTERVAL 1 DAY; c - INTERVAL 1 MONTH;
     c + INTERVAL 1.5 SECOND; c + INTERVAL '1:30' MINUTE_SECOND; TIMESTAMPDIFF(DAY, c, '2025-06-01'); DATEDIFF(c, '2025-01-10'); CONVERT_TZ(c, '+00:00', '+02:00');
     ADDTIME(c, '01:00:00'); ADDTIME(c, '-25:00:00'); SUBTIME(c, '1 01:00:00.5')`,
  ],
  [
    't t3 dt dt2',
    `TIME(c); HOUR(c); MINUTE(c); SECOND(c); MICROSECOND(c); TIME_TO_SEC(c); SUBTIME(c, '01:00:00'); TIME_FORMAT(c, '%H %k %h %i %s %f %p %r %T');
     EXTRACT(MINUTE_MICROSECOND FROM c); TIME_FORMAT(c, '%W')`,
  ],
  [
    'i d',
    'SEC_TO_TIME(c); MAKEDATE(2025, c); MAKETIME(c, 10, 20); FROM_DAYS(c + 730000); PERIOD_ADD(202501, c)',
  ],
  [
    'id',
    "PERIOD_DIFF(202501, 202412); PERIOD_ADD(9912, 2); GET_FORMAT(DATE, 'EUR'); GET_FORMAT(DATETIME, 'usa'); GET_FORMAT(TIME, 'x')",
  ],
  [
    "'31.12.2025' '2025-12-31' 'Dec_5_2024' '10:11:12_PM' '2025-02-30' '25/12/31' 'abc' NULL",
    `STR_TO_DATE(c, '%d.%m.%Y'); STR_TO_DATE(c, '%Y-%m-%d'); STR_TO_DATE(c, '%b_%e_%Y'); STR_TO_DATE(c, '%h:%i:%s_%p'); STR_TO_DATE(c, '%Y-%m-%d %T');
     STR_TO_DATE(c, '%y/%m/%d'); STR_TO_DATE(c, '%H:%i:%s'); STR_TO_DATE(c, 'abc')`,
  ],
  ['i d', 'STD(c); STDDEV_SAMP(c); VAR_POP(c); VARIANCE(c); VAR_SAMP(c)'],
  ['i y id', 'BIT_AND(c); BIT_OR(c); BIT_XOR(c)'],
  [
    'i d f vc',
    `SIN(c); COS(c); TAN(c); ATAN(c); ATAN2(c, 3); ATAN(2, c); ASIN(c / 1e10); ACOS(c / 1e10); COT(c + 1); DEGREES(c); RADIANS(c); OCTET_LENGTH(c); BIT_LENGTH(c); ORD(c);
     OCT(c); SOUNDEX(c); CONV(c, 10, 16); CONV(c, 16, 10); CONV(c, 10, -2); CONV(c, -10, 36); EXPORT_SET(c, 'Y', 'N'); MAKE_SET(c, 'a', 'b', NULL, 'd');
     HEX(CHAR(c)); CHAR(65, c, 66)`,
  ],
  [
    "'10.0.0.1' '::1' 'fe80::1' '2001:db8:0:0:1:0:0:1' '::ffff:1.2.3.4' '::1.2.3.4' '1:2:3:4:5:6:0:8' '1::' '::' 'abc' '256.1.1.1' '12345::'",
    'INET6_NTOA(INET6_ATON(c)); HEX(INET6_ATON(c)); IS_IPV4(c); IS_IPV6(c)',
  ],
  [
    `'{"a":1,"b":[1,2.50,"x"],"c":{"d":null}}' '[1,2,3]' '[1,[2,{"a":1}]]' '"txt"' '5' 'null' 'true' '[]' NULL`,
    `JSON_TYPE(c); JSON_DEPTH(c); JSON_CONTAINS(c, '1'); JSON_CONTAINS(c, '[1,2]'); JSON_CONTAINS(c, '{"a":1}'); JSON_CONTAINS_PATH(c, 'one', '$.a', '$[1]');
     JSON_CONTAINS_PATH(c, 'all', '$.a', '$.c.d'); JSON_OVERLAPS(c, '[1,5]'); JSON_OVERLAPS(c, '5'); JSON_VALUE(c, '$.a'); JSON_VALUE(c, '$.b[2]'); JSON_QUOTE(c)`,
  ],
  [
    "'x' NULL",
    "JSON_TYPE(c); JSON_CONTAINS(c, '1'); JSON_OVERLAPS(c, '5'); JSON_VALUE(c, '$.a'); JSON_QUOTE(c)",
  ],
  ['se', "c; FIND_IN_SET('b', c); FIND_IN_SET('B', c); FIND_IN_SET('x', c)"],
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

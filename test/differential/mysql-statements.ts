import { isMaria, isMysql97 } from './flavour.ts';
import { quoteText, randomDate, randomJson, randomText } from './literals.ts';
import { randomRows, randomWhere } from './schema.ts';
import { type Script, type StatementKind, someTable } from './script.ts';

const isMysql: StatementKind['in'] = (flavour) => !isMaria(flavour);
const PATHS = ['$.a', '$.b[0]', '$.b[1].c', '$.b[last]', '$.d.e.f', '$."x y"', '$.new', '$[0]', '$'];

const fresh = (script: Script, prefix: string): string =>
  `${script.databases[0]}.\`${prefix}${script.next()}\``;

/** A change of a document at several paths at once: with PARTIAL_JSON the log has differences, one or more a column. */
function jsonChange({ random }: Script, column: string): string {
  const value = (): string =>
    random.pick([
      String(random.int(-9, 70_000)),
      'NULL',
      'TRUE',
      quoteText(randomText(random, 30)),
      `CAST(${quoteText(randomJson(random))} AS JSON)`,
      `CAST('${random.int(1, 9)}.25' AS DECIMAL(8,3))`,
      `CAST('${randomDate(random)} 10:11:12.5' AS DATETIME(2))`,
      `REPEAT('r', ${random.int(0, 400)})`,
      'JSON_ARRAY()',
      'JSON_OBJECT()',
    ]);
  return random
    .times(1, 3, () => random.pick(['JSON_SET', 'JSON_SET', 'JSON_REPLACE', 'JSON_REMOVE'] as const))
    .reduce((inner, name) => {
      const paths = [...new Set(random.times(1, 3, () => random.pick(PATHS.slice(0, -1))))];
      const pairs = paths.map((path) => (name === 'JSON_REMOVE' ? `'${path}'` : `'${path}', ${value()}`));
      return `${name}(${inner}, ${pairs.join(', ')})`;
    }, column);
}

/** Documents large enough that changing them in place is worth it. */
function documents(script: Script): string[] {
  const { random } = script;
  const name = fresh(script, 'docs');
  const filler = (): string => `'${'f'.repeat(random.int(0, 300))}'`;
  const row = (id: number): string =>
    `(${id}, JSON_OBJECT('a', ${random.int(0, 9)}, 'b', JSON_ARRAY(1, JSON_OBJECT('c', ${filler()}), 3), 'd', JSON_OBJECT('e', JSON_OBJECT('f', 'g')), 'x y', ${filler()}), ${quoteText(randomJson(random))}, ${filler()})`;
  const kinds = [
    (): string =>
      `UPDATE ${name} SET j = ${jsonChange(script, 'j')} WHERE id ${random.pick(['=', '<', '>='])} ${random.int(1, 4)}`,
    (): string => `UPDATE ${name} SET j = ${jsonChange(script, 'j')}, k = ${jsonChange(script, 'k')}`,
    (): string => `UPDATE ${name} SET k = ${jsonChange(script, 'k')}, t = CONCAT(t, '.')`,
    (): string => `UPDATE ${name} SET j = ${jsonChange(script, 'k')} WHERE id = ${random.int(1, 4)}`,
    (): string => `UPDATE ${name} SET j = NULL WHERE id = ${random.int(1, 9)}`,
  ];
  return [
    ...(random.chance(0.7) ? ["SET SESSION binlog_row_value_options = 'PARTIAL_JSON'"] : []),
    `CREATE TABLE ${name} (id INT PRIMARY KEY, j JSON, k JSON, t TEXT${random.pick(['', ", v VARCHAR(20) AS (j->>'$.a') VIRTUAL", ', v INT AS (JSON_LENGTH(j)) STORED, KEY (v)'])})`,
    `INSERT INTO ${name} (id, j, k, t) VALUES ${[1, 2, 3, 4].map(row).join(', ')}`,
    ...random.times(2, 6, () => random.pick(kinds)()),
  ];
}

/** Statements that only MySQL has, or that both have and MySQL logs in its own way. */
export const MYSQL_STATEMENTS: readonly StatementKind[] = [
  { name: 'documents', weight: 3, in: isMysql97, make: documents },
  {
    name: 'cascade',
    weight: 1,
    in: isMysql,
    make: (s) => {
      const [parent, child] = [fresh(s, 'fp'), fresh(s, 'fc')];
      return [
        `CREATE TABLE ${parent} (a INT PRIMARY KEY, b VARCHAR(10)) ENGINE=InnoDB`,
        `CREATE TABLE ${child} (a INT, n INT, CONSTRAINT FOREIGN KEY (a) REFERENCES ${parent} (a) ON DELETE CASCADE ON UPDATE SET NULL) ENGINE=InnoDB`,
        `INSERT INTO ${parent} VALUES (1, 'x'), (2, NULL), (3, 'z')`,
        `INSERT INTO ${child} VALUES (1, 1), (1, 2), (2, 3), (3, 4)`,
        `DELETE FROM ${parent} WHERE a = 1`,
        `UPDATE ${parent} SET a = 9 WHERE a = 2`,
      ];
    },
  },
  {
    name: 'invisible key',
    weight: 1,
    in: isMysql97,
    make: (s) => {
      const name = fresh(s, 'gipk');
      return [
        'SET SESSION sql_generate_invisible_primary_key = ON',
        `CREATE TABLE ${name} (a VARCHAR(20), b JSON, c INT INVISIBLE)`,
        `INSERT INTO ${name} (a, b) VALUES ('x', '{"a": 1}'), (NULL, NULL)`,
        `UPDATE ${name} SET a = 'y' LIMIT 1`,
        `ALTER TABLE ${name} ALTER COLUMN my_row_id SET VISIBLE`,
        `DELETE FROM ${name}`,
        'SET SESSION sql_generate_invisible_primary_key = OFF',
      ];
    },
  },
  {
    name: 'key of expressions',
    weight: 1,
    in: isMysql97,
    make: (s) => {
      const name = fresh(s, 'fx');
      return [
        `CREATE TABLE ${name} (a INT, b VARCHAR(30), j JSON, PRIMARY KEY (b(5), a), KEY ((a + 1)), KEY ((CAST(j->'$' AS UNSIGNED ARRAY))))`,
        `INSERT INTO ${name} VALUES (1, 'abcdefgh', '[1, 2]'), (2, 'ä', '3')`,
        `UPDATE ${name} SET a = a + 1, j = '[7]'`,
        `DELETE FROM ${name} WHERE a = 2`,
      ];
    },
  },
  {
    name: 'defaults of expressions',
    weight: 1,
    in: isMysql97,
    make: (s) => {
      const name = fresh(s, 'dx');
      return [
        `CREATE TABLE ${name} (id INT AUTO_INCREMENT PRIMARY KEY, a BINARY(16) DEFAULT (UUID_TO_BIN('00112233-4455-6677-8899-aabbccddeeff')), b JSON DEFAULT (JSON_ARRAY(1)), p POINT NOT NULL SRID 4326 DEFAULT (ST_SRID(POINT(1, 2), 4326)), u TIMESTAMP(3) NULL ON UPDATE CURRENT_TIMESTAMP(3), n INT DEFAULT 5, c INT AS (n + 1) VIRTUAL INVISIBLE, d DOUBLE AS (n / 3) STORED)`,
        `INSERT INTO ${name} () VALUES (), ()`,
        `INSERT INTO ${name} (b) VALUES ('"x"') AS new ON DUPLICATE KEY UPDATE b = new.b`,
        `UPDATE ${name} SET b = JSON_SET(b, '$[0]', 2) ORDER BY id DESC LIMIT 1`,
      ];
    },
  },
  {
    name: 'instant alter',
    weight: 2,
    in: isMysql97,
    table: true,
    make: (s) => {
      const table = someTable(s);
      const name = `\`i${s.next()}\``;
      return [
        `ALTER TABLE ${table.name} ADD COLUMN ${name} ${s.random.pick(['INT DEFAULT 3', 'VARCHAR(9) INVISIBLE', "SET('a','b') DEFAULT 'a'", 'YEAR'])}${s.random.pick(['', ' FIRST', ', ALGORITHM=INSTANT'])}`,
        `UPDATE ${table.name} SET ${name} = NULL${randomWhere(s.random, table)}`,
        ...(s.random.chance(0.5) ? [`ALTER TABLE ${table.name} DROP COLUMN ${name}, ALGORITHM=INSTANT`] : []),
      ];
    },
  },
  {
    name: 'create select with a key',
    weight: 1,
    in: isMysql97,
    table: true,
    make: (s) => [
      `CREATE TABLE ${fresh(s, 'cs')} (k INT AUTO_INCREMENT PRIMARY KEY) ${s.random.pick(['', 'IGNORE ', 'REPLACE '])}SELECT * FROM ${someTable(s).name}`,
    ],
  },
  {
    name: 'table value constructor',
    weight: 1,
    in: isMysql97,
    make: (s) => {
      const name = fresh(s, 'tv');
      return [
        `CREATE TABLE ${name} (a INT, b VARCHAR(20))`,
        `INSERT INTO ${name} VALUES ROW(1, 'x'), ROW(2, 'y')`,
        `INSERT INTO ${name} TABLE ${name}`,
        `INSERT INTO ${name} WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${s.random.int(2, 400)}) SELECT i, REPEAT('n', i % 20) FROM n`,
        `WITH x AS (SELECT MAX(a) AS m FROM ${name}) UPDATE ${name}, x SET b = 'max' WHERE a = m`,
        `DELETE FROM ${name} ORDER BY a LIMIT 3`,
      ];
    },
  },
  {
    name: 'accounts',
    weight: 1,
    in: isMysql97,
    make: (s) => {
      const user = `'w${s.next()}'@'localhost'`;
      return [
        `CREATE USER ${user} IDENTIFIED BY 'sec''ret' REQUIRE SSL PASSWORD EXPIRE INTERVAL 9 DAY ATTRIBUTE '{"a": "b"}'`,
        `ALTER USER ${user} IDENTIFIED BY RANDOM PASSWORD ACCOUNT LOCK`,
        `GRANT BACKUP_ADMIN ON *.* TO ${user} WITH GRANT OPTION`,
        `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${user}`,
        `RENAME USER ${user} TO 'z'@'localhost'`,
        "DROP USER IF EXISTS 'z'@'localhost', nobody",
      ];
    },
  },
  {
    name: 'temporary table',
    weight: 1,
    in: isMysql,
    table: true,
    make: (s) => {
      const temporary = `tmp${s.next()}`;
      const table = someTable(s);
      const column = table.columns.find(({ writable }) => writable);
      return [
        `CREATE TEMPORARY TABLE ${temporary} (a INT) ENGINE=${s.random.pick(['InnoDB', 'MyISAM', 'MEMORY'])}`,
        `INSERT INTO ${temporary} VALUES (1), (2)`,
        `INSERT IGNORE INTO ${table.name} (${column?.name}) SELECT a FROM ${temporary}`,
        `DROP ${s.random.pick(['', 'TEMPORARY '])}TABLE ${temporary}`,
      ];
    },
  },
  {
    name: 'statements without rows',
    weight: 0.5,
    in: isMysql,
    table: true,
    make: (s) => [
      `ALTER TABLE ${someTable(s).name} DISABLE KEYS`,
      `DELETE FROM ${someTable(s).name} WHERE 0`,
      `DO SLEEP(0), RAND()`,
      `INSERT IGNORE INTO ${someTable(s).name} ${randomRows(s.random, someTable(s))}`,
    ],
  },
  {
    name: 'partitions',
    weight: 1,
    in: isMysql,
    make: (s) => {
      const name = fresh(s, 'pt');
      return [
        `CREATE TABLE ${name} (a INT, b VARCHAR(10)) ENGINE=InnoDB PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1, 3), PARTITION p1 VALUES IN (2, NULL))`,
        `INSERT INTO ${name} VALUES (1, 'x'), (2, 'y'), (NULL, 'z')`,
        `UPDATE ${name} SET a = a + 1 WHERE a IN (1, 2)`,
        `ALTER TABLE ${name} TRUNCATE PARTITION p0`,
        `ALTER TABLE ${name} REMOVE PARTITIONING`,
        `DELETE FROM ${name}`,
      ];
    },
  },
  {
    name: 'server objects',
    weight: 0.5,
    in: isMysql97,
    make: (s) => {
      const name = `o${s.next()}`;
      return s.random.pick([
        [`CREATE TABLESPACE ${name} ADD DATAFILE '${name}.ibd'`, `DROP TABLESPACE ${name}`],
        [
          `CREATE SERVER ${name} FOREIGN DATA WRAPPER mysql OPTIONS (HOST 'h', USER 'u')`,
          `DROP SERVER ${name}`,
        ],
        [
          `CREATE SPATIAL REFERENCE SYSTEM 990001 NAME 'n' DEFINITION 'GEOGCS["x",DATUM["d",SPHEROID["s",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.017453292519943278],AXIS["Lat",NORTH],AXIS["Lon",EAST]]'`,
          'DROP SPATIAL REFERENCE SYSTEM 990001',
        ],
        [`CREATE RESOURCE GROUP ${name} TYPE = USER`, `DROP RESOURCE GROUP ${name}`],
      ]);
    },
  },
  {
    name: 'replicated from elsewhere',
    weight: 1,
    in: isMysql97,
    table: true,
    make: (s) => {
      const table = someTable(s);
      return [
        `SET SESSION original_commit_timestamp = ${s.random.int(1, 2e9)}${String(s.random.int(0, 999_999)).padStart(6, '0')}, SESSION original_server_version = ${s.random.pick([80036, 50744, 90700, 0])}, SESSION immediate_server_version = ${s.random.pick([90700, 999999, 80400])}`,
        `INSERT IGNORE INTO ${table.name} ${randomRows(s.random, table)}`,
        'SET SESSION original_commit_timestamp = DEFAULT',
      ];
    },
  },
];

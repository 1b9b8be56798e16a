import { randomColumn } from './columns.ts';
import { isModern, isMysql97 } from './flavour.ts';
import { quoteName } from './literals.ts';
import { MARIADB_STATEMENTS } from './mariadb-statements.ts';
import { MYSQL_STATEMENTS } from './mysql-statements.ts';
import { randomRows, randomTable } from './schema.ts';
import { type Script, type StatementKind, someDatabase, someTable } from './script.ts';

const TABLE_NAMES = ['t', 't', 't', 'Täble', 'a b', 'x`y', 'order', "it's"];

function freshName(script: Script, prefix?: string): string {
  return quoteName(`${prefix ?? script.random.pick(TABLE_NAMES)}${script.next()}`);
}

/** CREATE TABLE; the script's later statements use the table. */
export function createTable(script: Script, temporary = false): string[] {
  const own = script.random.chance(0.8);
  const name = `${own ? script.databases[0] : someDatabase(script)}.${freshName(script)}`;
  const { table, sql } = randomTable(script.random, script.flavour, name, temporary);
  script.tables.push(table);
  return [sql, `INSERT IGNORE INTO ${name} ${randomRows(script.random, table)}`];
}

function alter(script: Script): string[] {
  const { random, flavour } = script;
  const table = someTable(script);
  const name = freshName(script, 'n');
  const last = table.columns.at(-1);
  return [
    `ALTER TABLE ${table.name} ${random.pick([
      `ADD COLUMN ${name} ${randomColumn(random, flavour, name).type}`,
      `ADD COLUMN ${name} INT DEFAULT 7 FIRST`,
      `DROP COLUMN ${last?.name}`,
      'ADD INDEX i1 (`id`)',
      'ENGINE=InnoDB',
      "COMMENT='changed'",
      'CONVERT TO CHARACTER SET utf8mb4',
      'ORDER BY `id`',
    ])}`,
  ];
}

/** Statements that define things: always logged as text. */
export const DEFINITION_STATEMENTS: readonly StatementKind[] = [
  { name: 'create table', weight: 6, make: (s) => createTable(s) },
  { name: 'create temporary table', weight: 1, make: (s) => createTable(s, true) },
  { name: 'alter table', weight: 3, table: true, make: alter },
  {
    name: 'create like',
    weight: 1,
    table: true,
    make: (s) => [`CREATE TABLE ${s.databases[0]}.${freshName(s, 'like')} LIKE ${someTable(s).name}`],
  },
  {
    name: 'create select',
    weight: 1,
    table: true,
    make: (s) => [
      `CREATE TABLE ${s.databases[0]}.${freshName(s, 'ctas')} ${s.random.pick(['', 'AS '])}SELECT * FROM ${someTable(s).name}`,
    ],
  },
  {
    name: 'drop table',
    weight: 1,
    table: true,
    make: (s) => {
      const [gone] = s.tables.splice(s.random.int(0, s.tables.length - 1), 1);
      return [
        `DROP ${s.random.pick(['', 'TEMPORARY '])}TABLE IF EXISTS ${gone?.name}${s.random.pick(['', ', absent'])}`,
      ];
    },
  },
  { name: 'truncate', weight: 1, table: true, make: (s) => [`TRUNCATE ${someTable(s).name}`] },
  {
    name: 'rename',
    weight: 1,
    table: true,
    make: (s) => {
      const name = `${s.databases[0]}.${freshName(s, 'r')}`;
      const [old] = s.tables.splice(s.random.int(0, s.tables.length - 1), 1);
      if (old === undefined) return [];
      s.tables.push({ ...old, name });
      return [`RENAME TABLE ${old.name} TO ${name}`];
    },
  },
  {
    name: 'view',
    weight: 1,
    table: true,
    make: (s) => [
      `CREATE OR REPLACE VIEW ${s.databases[0]}.v1 AS SELECT * FROM ${someTable(s).name}`,
      `DROP VIEW IF EXISTS ${s.databases[0]}.v1`,
    ],
  },
  {
    name: 'database',
    weight: 1,
    make: (s) => [
      `CREATE DATABASE IF NOT EXISTS other_db${s.random.pick(['', ' CHARACTER SET latin1'])}`,
      `ALTER DATABASE other_db CHARACTER SET ${s.random.pick(['utf8mb4', 'latin1', 'ucs2'])}`,
      ...(s.random.chance(0.5) ? ['DROP DATABASE other_db'] : []),
    ],
  },
  { name: 'change of database', weight: 2, make: (s) => [`USE ${someDatabase(s)}`] },
  {
    name: 'maintenance',
    weight: 1,
    table: true,
    make: (s) => [
      `${s.random.pick(['ANALYZE', 'OPTIMIZE', 'REPAIR', 'CHECKSUM'])} TABLE ${someTable(s).name}`,
    ],
  },
  {
    name: 'flush',
    weight: 1,
    make: (s) => [s.random.pick(['FLUSH TABLES', 'FLUSH PRIVILEGES', 'FLUSH STATUS'])],
  },
  {
    name: 'user',
    weight: 1,
    make: (s) => {
      const user = `'u${s.next()}'@'%'`;
      return [
        `CREATE USER ${user} IDENTIFIED BY 'p"w'`,
        `GRANT SELECT ON ${s.databases[0]}.* TO ${user}`,
        `DROP USER ${user}`,
      ];
    },
  },
  {
    name: 'procedure',
    weight: 2,
    table: true,
    make: (s) => {
      const table = someTable(s);
      const name = `${s.databases[0]}.p${s.next()}`;
      return [
        `CREATE PROCEDURE ${name}(x INT) COMMENT 'proc' BEGIN DECLARE i INT DEFAULT 0; WHILE i < 2 DO INSERT IGNORE INTO ${table.name} ${randomRows(s.random, table)}; SET i = i + 1; END WHILE; END`,
        `CALL ${name}(${s.random.int(0, 9)})`,
        ...(s.random.chance(0.5) ? [`DROP PROCEDURE ${name}`] : []),
      ];
    },
  },
  {
    name: 'function',
    weight: 1,
    make: (s) => [
      `CREATE FUNCTION ${s.databases[0]}.f1(x INT) RETURNS INT DETERMINISTIC RETURN x + 1`,
      `SET @a = ${s.databases[0]}.f1(2)`,
      `DROP FUNCTION ${s.databases[0]}.f1`,
    ],
  },
  {
    name: 'trigger',
    weight: 1,
    table: true,
    make: (s) => {
      const table = someTable(s);
      const other = someTable(s);
      const name = `${table.name.split('.')[0]}.trg${s.next()}`;
      return [
        `CREATE TRIGGER ${name} AFTER INSERT ON ${table.name} FOR EACH ROW INSERT IGNORE INTO ${other.name} ${randomRows(s.random, other)}`,
        `INSERT IGNORE INTO ${table.name} ${randomRows(s.random, table)}`,
        `DROP TRIGGER ${name}`,
      ];
    },
  },
  {
    name: 'event',
    weight: 1,
    make: (s) => [
      `CREATE EVENT IF NOT EXISTS ${s.databases[0]}.e1 ON SCHEDULE EVERY 1 YEAR DO SELECT 1`,
      `DROP EVENT ${s.databases[0]}.e1`,
    ],
  },
  {
    name: 'index',
    weight: 1,
    table: true,
    make: (s) => [`CREATE INDEX ix${s.next()} ON ${someTable(s).name} (\`id\`)`],
  },
  {
    name: 'role',
    weight: 1,
    in: isModern,
    make: (s) => {
      const role = `r${s.next()}`;
      return [`CREATE ROLE ${role}`, `DROP ROLE ${role}`];
    },
  },
  {
    name: 'index visibility',
    weight: 1,
    in: isModern,
    table: true,
    make: (s) => [
      `ALTER TABLE ${someTable(s).name} ALTER INDEX \`PRIMARY\` ${s.random.pick(['INVISIBLE', 'IGNORED'])}`,
    ],
  },
  {
    name: 'check constraint',
    weight: 1,
    in: isMysql97,
    table: true,
    make: (s) => [`ALTER TABLE ${someTable(s).name} ADD CHECK (\`id\` > 0)`],
  },
  ...MARIADB_STATEMENTS,
  ...MYSQL_STATEMENTS,
];

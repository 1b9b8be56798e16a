import { isMaria } from './flavour.ts';
import { type StatementKind, someTable } from './script.ts';

/** Statements that define what only MariaDB has. */
export const MARIADB_STATEMENTS: readonly StatementKind[] = [
  {
    name: 'sequence',
    weight: 2,
    in: isMaria,
    make: (s) => {
      const name = `${s.databases[0]}.seq${s.next()}`;
      return [
        `CREATE SEQUENCE ${name} START WITH ${s.random.int(1, 100)} INCREMENT BY ${s.random.pick([1, 5, -1])} CACHE ${s.random.pick([0, 2, 1000])}`,
        `SET @a = NEXTVAL(${name})`,
        `SELECT SETVAL(${name}, ${s.random.int(1, 1000)})`,
        ...(s.random.chance(0.5) ? [`DROP SEQUENCE ${name}`] : [`ALTER SEQUENCE ${name} MAXVALUE 100000`]),
      ];
    },
  },
  {
    name: 'create or replace',
    weight: 1,
    in: isMaria,
    make: (s) => [
      `CREATE OR REPLACE TABLE ${s.databases[0]}.cor (a INT PRIMARY KEY, b TEXT)`,
      `INSERT INTO ${s.databases[0]}.cor VALUES (1, 'x'), (2, NULL)`,
    ],
  },
  {
    name: 'create or replace select',
    weight: 1,
    in: isMaria,
    table: true,
    make: (s) => [
      `CREATE OR REPLACE TABLE ${s.databases[0]}.cors ${s.random.pick(['', 'IGNORE '])}AS SELECT * FROM ${someTable(s).name}`,
    ],
  },
  {
    name: 'cascade',
    weight: 1,
    in: isMaria,
    make: (s) => {
      const [parent, child] = [`${s.databases[0]}.fp${s.next()}`, `${s.databases[0]}.fc${s.next()}`];
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
    name: 'transaction versioning',
    weight: 0.5,
    in: isMaria,
    make: (s) => {
      const name = `${s.databases[0]}.tv${s.next()}`;
      return [
        `CREATE TABLE ${name} (a INT, s BIGINT UNSIGNED GENERATED ALWAYS AS ROW START INVISIBLE, e BIGINT UNSIGNED GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME(s, e)) ENGINE=InnoDB WITH SYSTEM VERSIONING`,
        `INSERT INTO ${name} VALUES (1), (2)`,
        `UPDATE ${name} SET a = a + 1`,
        `DELETE FROM ${name} LIMIT 1`,
      ];
    },
  },
  {
    name: 'application period',
    weight: 0.5,
    in: isMaria,
    make: (s) => {
      const name = `${s.databases[0]}.ap${s.next()}`;
      return [
        `CREATE TABLE ${name} (a INT, s DATE, e DATE, PERIOD FOR p(s, e))`,
        `INSERT INTO ${name} VALUES (1, '2020-01-01', '2021-01-01')`,
        `DELETE FROM ${name} FOR PORTION OF p FROM '2020-03-01' TO '2020-05-01'`,
        `UPDATE ${name} FOR PORTION OF p FROM '2020-06-01' TO '2020-07-01' SET a = 2`,
      ];
    },
  },
  {
    name: 'package',
    weight: 0.5,
    in: isMaria,
    make: (s) => [
      'SET @old_mode = @@session.sql_mode',
      "SET SESSION sql_mode = 'ORACLE'",
      `CREATE OR REPLACE PACKAGE ${s.databases[0]}.pk AS FUNCTION f RETURN INT; END`,
      `CREATE OR REPLACE PACKAGE BODY ${s.databases[0]}.pk AS FUNCTION f RETURN INT AS BEGIN RETURN 1; END; END`,
      `DROP PACKAGE IF EXISTS ${s.databases[0]}.pk`,
      'SET SESSION sql_mode = @old_mode',
    ],
  },
  {
    name: 'system versioning',
    weight: 1,
    in: isMaria,
    make: (s) => [
      `CREATE OR REPLACE TABLE ${s.databases[0]}.sv (a INT PRIMARY KEY, b INT) WITH SYSTEM VERSIONING`,
      `INSERT INTO ${s.databases[0]}.sv VALUES (1, 1), (2, 2)`,
      `UPDATE ${s.databases[0]}.sv SET b = b + 1`,
      `DELETE FROM ${s.databases[0]}.sv WHERE a = 1`,
      `DELETE HISTORY FROM ${s.databases[0]}.sv`,
    ],
  },
];

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingServers, type RunningServer, reach, startServer } from '../servers/index.ts';
import { bothSides } from './rows.ts';
import { replicateToSqlite } from './sqlite-replication.ts';

describe.skipIf(missingServers('mariadb118') !== undefined)('what only MariaDB has', () => {
  let server: RunningServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rowlock-mariadb-'));
    server = await startServer('mariadb118', `target-mariadb-${process.pid}`, { env: { TZ: 'UTC' } });
  }, 120_000);

  afterAll(async () => {
    await server.wipe();
    rmSync(folder, { recursive: true });
  }, 60_000);

  async function compare(): Promise<void> {
    await replicateToSqlite(reach(server), 'mariadb', folder);
    const { theirs, ours } = await bothSides(server, 'x', folder);
    expect(ours).toEqual(theirs);
  }

  it('rows of XA transactions wait for XA COMMIT, also over a restart', { timeout: 60_000 }, async () => {
    await server.query(
      `CREATE DATABASE x; CREATE TABLE x.t (id INT PRIMARY KEY, s VARCHAR(20)); INSERT INTO x.t VALUES (1, 'a'), (2, 'b');
       XA START 'one'; INSERT INTO x.t VALUES (3, 'three'); UPDATE x.t SET s = 'changed' WHERE id = 1; XA END 'one'; XA PREPARE 'one'`,
    );
    await server.query(
      `XA START 'two', 'branch', 7; DELETE FROM x.t WHERE id = 2; XA END 'two', 'branch', 7; XA PREPARE 'two', 'branch', 7`,
    );
    await server.query("INSERT INTO x.t VALUES (10, 'between')");
    await compare();
    await server.query("XA COMMIT 'one'");
    await compare();
    await server.query(
      "XA ROLLBACK 'two', 'branch', 7; XA START 'three'; INSERT INTO x.t VALUES (4, 'four'); XA END 'three'; XA COMMIT 'three' ONE PHASE",
    );
    await compare();
  });

  it('sequences are no tables, and rows that used them are whole', { timeout: 60_000 }, async () => {
    await server.query(
      `CREATE SEQUENCE x.s START WITH 5 INCREMENT BY 2 CACHE 2; CREATE TABLE x.u (id INT DEFAULT (NEXT VALUE FOR x.s), v INT);
       INSERT INTO x.u (v) VALUES (1), (2), (3), (4); SELECT NEXT VALUE FOR x.s; ALTER SEQUENCE x.s RESTART 100; INSERT INTO x.u (v) VALUES (5)`,
    );
    await compare();
    // Dropped before anybody could ask how it looked.
    await server.query(
      'CREATE SEQUENCE x.gone AS SMALLINT UNSIGNED; SELECT NEXT VALUE FOR x.gone; DROP SEQUENCE x.gone',
    );
    await compare();
  });

  it('rows that a statement ends and takes away are gone once', { timeout: 60_000 }, async () => {
    // The same row is found as x and as y: it becomes history, and that is deleted.
    await server.query(
      `CREATE DATABASE IF NOT EXISTS x; USE x; CREATE TABLE x.v (id INT PRIMARY KEY, n INT) WITH SYSTEM VERSIONING; INSERT INTO x.v VALUES (1, 1), (2, 2), (3, 3);
       DELETE a, b FROM x.v AS a, x.v AS b WHERE a.id < 3; INSERT INTO x.v VALUES (1, 7); DELETE HISTORY FROM x.v`,
    );
    await compare();
  });

  it('a key WITHOUT OVERLAPS has a row for every period', { timeout: 60_000 }, async () => {
    await server.query(
      `CREATE DATABASE IF NOT EXISTS x; CREATE TABLE x.o (a INT, s DATE, e DATE, PERIOD FOR p (s, e), PRIMARY KEY (a, p WITHOUT OVERLAPS));
       INSERT INTO x.o VALUES (1, '2020-01-01', '2021-01-01'); DELETE FROM x.o FOR PORTION OF p FROM '2020-03-01' TO '2020-04-01'; UPDATE x.o SET e = '2020-02-01' WHERE s = '2020-01-01'`,
    );
    await compare();
  });

  it('hashes behind rows, addresses that are added and versions of a column', {
    timeout: 60_000,
  }, async () => {
    await server.query(
      `CREATE DATABASE IF NOT EXISTS x; CREATE TABLE x.h (id INT PRIMARY KEY, v LONGTEXT UNIQUE, n INT); INSERT INTO x.h VALUES (1, 'a', 1), (2, 'b', 2);
       REPLACE INTO x.h VALUES (1, 'c', 3); UPDATE x.h SET v = 'd' WHERE id = 2; ALTER TABLE x.h ADD u UUID NOT NULL, ADD i INET4 NOT NULL, DROP PERIOD IF EXISTS FOR p;
       CREATE TABLE x.w (id INT PRIMARY KEY, n INT WITH SYSTEM VERSIONING); INSERT INTO x.w VALUES (1, 1), (2, 2); UPDATE x.w SET n = 3; DELETE FROM x.w WHERE id = 1;
       SET system_versioning_alter_history = KEEP; ALTER TABLE x.w ADD v INT DEFAULT 7; INSERT INTO x.w VALUES (3, 4, 5)`,
    );
    await compare();
  });

  it('a table gets versions, and loses them', { timeout: 60_000 }, async () => {
    await server.query(
      `CREATE DATABASE IF NOT EXISTS x; CREATE TABLE x.g (id INT PRIMARY KEY, n INT); INSERT INTO x.g VALUES (1, 1), (2, 2); ALTER TABLE x.g ADD SYSTEM VERSIONING;
       UPDATE x.g SET n = n + 1; DELETE FROM x.g WHERE id = 1; ALTER TABLE x.g DROP SYSTEM VERSIONING; UPDATE x.g SET n = 9; INSERT INTO x.g VALUES (3, 3);
       ALTER TABLE x.g ADD s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, ADD e TIMESTAMP(6) GENERATED ALWAYS AS ROW END, ADD PERIOD FOR SYSTEM_TIME (s, e), ADD SYSTEM VERSIONING;
       UPDATE x.g SET n = 10 WHERE id = 3; INSERT INTO x.g (id, n) VALUES (4, 4); DELETE FROM x.g WHERE id = 2`,
    );
    await compare();
  });

  it('types are those of the mode, or of the server that they name', { timeout: 60_000 }, async () => {
    await server.query(
      `CREATE DATABASE IF NOT EXISTS x; USE x; SET sql_mode = ORACLE; CREATE TABLE d (id NUMBER(5) PRIMARY KEY, a NUMBER, b DATE, c BLOB, e mariadb_schema.date, f VARCHAR2(5));
       INSERT INTO d VALUES (1, 0.1, '2020-01-01 01:02:03', REPEAT('b', 70000), '2020-02-02', 'f'); SET sql_mode = MAXDB; CREATE TABLE dw (a TIMESTAMP(3), b oracle_schema.date);
       INSERT INTO dw VALUES ('1960-01-01 01:02:03.123', '2020-01-01 01:02:03')`,
    );
    await compare();
  });

  it('what is altered in two phases is altered once, where it was', { timeout: 60_000 }, async () => {
    await server.query(
      `CREATE DATABASE IF NOT EXISTS x; SET binlog_alter_two_phase = 1; CREATE TABLE x.a (id INT PRIMARY KEY, n INT); INSERT INTO x.a VALUES (1, 7), (2, 7);
       ALTER TABLE x.a ADD c INT DEFAULT 5; INSERT INTO x.a VALUES (3, 9, 1)`,
    );
    // Finds the same n twice, when it has begun.
    await expect(
      server.query('SET binlog_alter_two_phase = 1; ALTER TABLE x.a DROP c, ADD UNIQUE (n)'),
    ).rejects.toThrow('Duplicate entry');
    await server.query('INSERT INTO x.a VALUES (4, 9, 2)');
    await compare();
  });

  it('members of a binary ENUM or SET are names', { timeout: 60_000 }, async () => {
    await server.query(
      `CREATE DATABASE IF NOT EXISTS x; SET sql_mode = ''; CREATE TABLE x.m (s SET('ä0', 'b') CHARACTER SET binary, e ENUM('ä1', 'c') CHARACTER SET binary);
       INSERT INTO x.m VALUES ('', 'c'), ('ä0,b', 'ä1'), (NULL, NULL)`,
    );
    await compare();
  });
});

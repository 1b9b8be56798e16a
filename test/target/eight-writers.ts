import { Random } from '../differential/random.ts';
import type { RunningServer } from '../servers/index.ts';
import { tried, writingSession } from './writing-session.ts';

const WRITERS = 8;
const TABLES = 4;

const definitions: readonly string[] = [
  'DROP DATABASE IF EXISTS eight',
  'CREATE DATABASE eight',
  ...Array.from(
    { length: TABLES },
    (_, index) =>
      `CREATE TABLE eight.t${index} (id INT PRIMARY KEY AUTO_INCREMENT, u INT NULL UNIQUE, k INT, v VARCHAR(60), b MEDIUMTEXT, KEY (k)) ENGINE=InnoDB`,
  ),
  // Without a foreign key: some of MySQL 9.7's own logs of REPLACE over one stop its own replicas (1451).
  'CREATE TABLE eight.child (id INT PRIMARY KEY AUTO_INCREMENT, t INT, KEY (t)) ENGINE=InnoDB',
  'CREATE TABLE eight.plain (a INT, v VARCHAR(20)) ENGINE=InnoDB',
];

/** A statement that changes rows; it may fail, or find none. */
function change(random: Random): string {
  const table = `eight.t${random.int(0, TABLES - 1)}`;
  const id = random.int(1, 400);
  const text = `'${random.int(0, 1e9).toString(36)}'`;
  return random.pick([
    `INSERT INTO ${table} (k, v) VALUES (${id}, ${text}), (${id + 1}, ${text}), (NULL, ${text})`,
    `INSERT INTO ${table} (id, u, v) VALUES (${id}, ${random.int(1, 300)}, ${text})`,
    `REPLACE INTO ${table} (id, u, k, v) VALUES (${id}, ${random.int(1, 300)}, ${id}, ${text})`,
    `INSERT INTO ${table} (k, b) VALUES (${id}, REPEAT(${text}, ${random.int(1000, 20_000)}))`,
    `UPDATE ${table} SET k = k + 1, v = ${text} WHERE id BETWEEN ${id} AND ${id + 9}`,
    `UPDATE ${table} SET u = ${random.int(1, 300)} WHERE id = ${id}`,
    `DELETE FROM ${table} WHERE id BETWEEN ${id} AND ${id + 2}`,
    `INSERT INTO eight.child (t) VALUES (${id})`,
    `DELETE FROM eight.child WHERE t BETWEEN ${id} AND ${id + 20}`,
    random.chance(0.7)
      ? `INSERT INTO eight.plain VALUES (${id % 20}, ${text})`
      : `DELETE FROM eight.plain WHERE a = ${id % 20} LIMIT 1`,
  ]);
}

function definition(random: Random): string {
  const table = `eight.t${random.int(0, TABLES - 1)}`;
  return random.pick([
    `ALTER TABLE ${table} ADD COLUMN c${random.int(0, 1e6)} INT DEFAULT 7`,
    `ALTER TABLE ${table} ADD KEY (v)`,
    `CREATE TABLE eight.more${random.int(0, 1e6)} (id INT PRIMARY KEY)`,
    `CREATE TABLE eight.copy${random.int(0, 1e6)} (PRIMARY KEY (id)) AS SELECT id, k FROM ${table} WHERE id < 20`,
    'TRUNCATE TABLE eight.plain',
  ]);
}

async function write(
  server: RunningServer,
  seed: string,
  transactions: number,
  defines: boolean,
): Promise<void> {
  const random = new Random(seed);
  const { connection, logged } = await writingSession(server, seed);
  await connection.query('SET SESSION lock_wait_timeout = 1');
  await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  for (let index = 0; index < transactions; index += 1) {
    if (defines && random.chance(0.05)) await tried(connection, definition(random));
    await connection.query('BEGIN');
    for (let left = random.int(1, 4); left > 0; left -= 1) {
      if (random.chance(0.1)) await tried(connection, 'SAVEPOINT s');
      const sql = change(random);
      if (logged.allows(sql)) await tried(connection, sql);
      if (random.chance(0.1)) await tried(connection, 'ROLLBACK TO SAVEPOINT s');
    }
    await connection.query(random.chance(0.1) ? 'ROLLBACK' : 'COMMIT');
  }
  await connection.close();
}

/** Eight sessions change the same tables of the schema `eight` at once; one of them redefines tables between. */
export async function eightWriters(server: RunningServer, seed: string, transactions: number): Promise<void> {
  for (const sql of definitions) await server.query(sql);
  await Promise.all(
    Array.from({ length: WRITERS }, (_, index) =>
      write(server, `${seed} ${index}`, transactions, index === 0),
    ),
  );
}

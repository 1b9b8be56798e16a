import { Random } from '../differential/random.ts';
import type { RunningServer } from '../servers/index.ts';
import { tried, writingSession } from './writing-session.ts';

const WRITERS = 8;
/** Parents are few, so that all writers meet at them. */
const PARENTS = 30;

const definitions: readonly string[] = [
  'DROP DATABASE IF EXISTS family',
  'CREATE DATABASE family',
  'CREATE TABLE family.parent (id INT PRIMARY KEY, code INT NOT NULL UNIQUE, v TEXT) ENGINE=InnoDB',
  `CREATE TABLE family.child (id INT PRIMARY KEY AUTO_INCREMENT, p INT, v TEXT,
     FOREIGN KEY (p) REFERENCES family.parent (id) ON DELETE CASCADE ON UPDATE CASCADE) ENGINE=InnoDB`,
  // Kept by RESTRICT, and found by a key that is not the primary one.
  `CREATE TABLE family.ward (id INT PRIMARY KEY AUTO_INCREMENT, code INT, FOREIGN KEY (code) REFERENCES family.parent (code)) ENGINE=InnoDB`,
  `CREATE TABLE family.grandchild (id INT PRIMARY KEY AUTO_INCREMENT, c INT,
     FOREIGN KEY (c) REFERENCES family.child (id) ON DELETE SET NULL) ENGINE=InnoDB`,
];

/** A transaction: what one must be there for is often made by another session just before. */
function transaction(random: Random): string[] {
  const id = random.int(1, PARENTS);
  // Small transactions share a session, where nothing meets.
  const text = `REPEAT('${random.int(0, 1e9).toString(36)}', ${random.pick([1, 4000])})`;
  const child = `INSERT INTO family.child (p, v) SELECT id, ${text} FROM family.parent WHERE id = ${id}`;
  return random.pick([
    [`INSERT INTO family.parent VALUES (${id}, ${id + 1000}, ${text})`],
    [`INSERT INTO family.parent VALUES (${id}, ${id + 1000}, ${text})`, child, child],
    [`INSERT INTO family.child (p, v) VALUES (${id}, ${text}), (NULL, ${text})`],
    [
      `INSERT INTO family.child (p, v) VALUES (${id}, ${text})`,
      'INSERT INTO family.grandchild (c) VALUES (LAST_INSERT_ID()), (NULL)',
    ],
    [`INSERT INTO family.ward (code) VALUES (${id + 1000})`],
    [`DELETE FROM family.ward WHERE code = ${id + 1000}`, `DELETE FROM family.parent WHERE id = ${id}`],
    [`DELETE FROM family.parent WHERE id = ${id}`],
    [`DELETE FROM family.child WHERE p = ${id} LIMIT 2`],
    [
      `DELETE FROM family.parent WHERE id = ${id}`,
      `INSERT INTO family.parent VALUES (${id}, ${id + 1000}, ${text})`,
      child,
    ],
    [`UPDATE family.parent SET id = id + ${PARENTS} WHERE id = ${id}`],
    [`UPDATE family.parent SET v = ${text} WHERE id = ${id}`],
    [`UPDATE family.child SET p = ${id} WHERE id % 7 = ${id % 7}`],
    [`DELETE FROM family.parent WHERE id > ${PARENTS}`],
    [`INSERT INTO family.grandchild (c) SELECT MAX(id) FROM family.child`],
  ]);
}

async function write(server: RunningServer, seed: string, transactions: number): Promise<void> {
  const random = new Random(seed);
  const { connection } = await writingSession(server, seed);
  for (let index = 0; index < transactions; index += 1) {
    await connection.query('BEGIN');
    // oxlint-disable-next-line no-await-in-loop -- one statement after the other
    for (const sql of transaction(random)) await tried(connection, sql);
    await connection.query(random.chance(0.1) ? 'ROLLBACK' : 'COMMIT');
  }
  await connection.close();
}

/** Eight sessions change parents and children of the schema `family` at once, bound by foreign keys. */
export async function familyWriters(
  server: RunningServer,
  seed: string,
  transactions: number,
): Promise<void> {
  for (const sql of definitions) await server.query(sql);
  await Promise.all(
    Array.from({ length: WRITERS }, (_, index) => write(server, `${seed} ${index}`, transactions)),
  );
}

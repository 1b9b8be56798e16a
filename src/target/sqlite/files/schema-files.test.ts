import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqlite, type SqliteDatabase } from '../../../store/index.ts';
import type { SchemaFile } from './schema-file.ts';
import { SchemaFiles } from './schema-files.ts';
import { StateFile } from './state-file.ts';

const MANY = 40;

let folder: string;
let database: SqliteDatabase;
let state: StateFile;
let files: SchemaFiles;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowlock-schemas-'));
  database = await openSqlite(':memory:');
  state = new StateFile(database, 'c');
  files = new SchemaFiles(folder, state);
});

afterEach(() => {
  files.close();
  database.close();
  rmSync(folder, { recursive: true });
});

/** A source transaction that writes a row into each of these schemas. */
async function write(schemas: readonly string[]): Promise<SchemaFile[]> {
  state.applied += 1;
  files.begin();
  const written: SchemaFile[] = [];
  for (const schema of schemas) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    const file = await files.of(schema);
    files.enter(file);
    file.database.exec('CREATE TABLE IF NOT EXISTS t (a)');
    file.statement('INSERT INTO t VALUES (?)').run(schema);
    written.push(file);
  }
  files.commit();
  return written;
}

const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `s${from + index}`);

test('of many schemas, few hold memory, and all can be written again', async () => {
  const written = await write(names(0, MANY));
  expect(files.mustFlush).toBe(true);
  files.flush();
  expect(written.filter(({ isWarm }) => isWarm)).toHaveLength(16);
  expect(written.slice(-16).every(({ isWarm }) => isWarm)).toBe(true);
  const [first] = await write(['s0']);
  expect(first).toBe(written[0]);
  expect(files.mustFlush).toBe(false);
  files.flush();
  expect(first!.isWarm).toBe(true);
  expect(written[MANY - 16]!.isWarm).toBe(false);
  expect(first!.database.prepare('SELECT COUNT(*) AS n FROM t').get()).toEqual({ n: 2 });
});

test('a group of few schemas need not end for them', async () => {
  for (let round = 0; round < MANY; round += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one transaction after the other
    await write(names(0, 15));
    expect(files.mustFlush).toBe(false);
  }
});

test('statements of a file at rest are not used again', async () => {
  const [first] = await write(['s0']);
  const { age } = first!;
  files.flush();
  expect(first!.age).toBe(age);
  await write(names(1, MANY));
  files.flush();
  expect(first!.age).toBe(age + 1);
});

test('schemas are saved as they change', () => {
  state.saveSchemas([
    ['a', 'x'],
    ['b', 'y'],
  ]);
  state.saveSchemas([
    ['b', 'z'],
    ['c', 'x'],
  ]);
  expect(new Map(state.schemas())).toEqual(
    new Map([
      ['b', 'z'],
      ['c', 'x'],
    ]),
  );
});

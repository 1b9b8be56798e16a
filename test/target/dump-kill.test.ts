import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openSqlite } from '../../src/store/index.ts';
import { SqliteLoad } from '../../src/target/index.ts';
import { Random } from '../differential/random.ts';
import { bundle, removeBundles } from './bundle.ts';
import { run } from './replicate-run.ts';

// ROWLOCK_KILLS=200 looks further.
const { ROWLOCK_SEED: seed = '5', ROWLOCK_KILLS: kills = '6' } = process.env;

const folder = mkdtempSync(join(tmpdir(), 'rowlock-dump-kill-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeBundles();
});

const TABLES = 6;
const ROWS = 5000;

function dump(): string {
  const row = (id: number): string => `(${id},'text of row ${id}',${id * 7})`;
  const rows = Array.from({ length: ROWS }, (_, id) => row(id)).join(',\n');
  const tables = Array.from(
    { length: TABLES },
    (_, index) =>
      `${index === TABLES / 2 ? 'CREATE DATABASE b; USE b;\n' : ''}CREATE TABLE t${index} (id INT PRIMARY KEY, s VARCHAR(40), n INT, KEY (n)) DEFAULT CHARSET=utf8mb4;\nINSERT INTO t${index} VALUES ${rows};\n`,
  );
  return `-- MySQL dump 10.13\nCHANGE MASTER TO MASTER_LOG_FILE='b.000001', MASTER_LOG_POS=4;\nCREATE DATABASE a; USE a;\n${tables.join('')}-- Dump completed\n`;
}

/** How many rows each table has that somebody would find by its name. */
async function found(target: string): Promise<number[]> {
  const counts: number[] = [];
  for (const name of existsSync(target) ? readdirSync(target) : []) {
    if (!/^[ab]\.sqlite$/.test(name)) continue;
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    const database = await openSqlite(join(target, name));
    const tables = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 't%'")
      .all();
    for (const table of tables)
      counts.push(
        Number(database.prepare(`SELECT count(*) AS n FROM "${String(table['name'])}"`).get()!['n']),
      );
    database.close();
  }
  return counts;
}

test('a load that is killed shows no table before all are whole, and is begun anew', {
  timeout: 300_000,
}, async () => {
  const script = await bundle('replicate-process');
  const path = join(folder, 'dump.sql');
  writeFileSync(path, dump());
  const whole = Array.from({ length: TABLES }, () => ROWS);
  const target = join(folder, 'target');
  // Nobody is there: it ends behind the load.
  const words = ['--no-defaults', '--source=mysql://r@127.0.0.1:1', '--reconnect=0', `--target=${target}`];
  const start = (...more: readonly string[]) => {
    const child = spawn(process.execPath, [script, 'replicate', ...words, ...more], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (piece: Buffer) => (text += piece.toString()));
    const ended = new Promise<string>((resolve) => child.on('close', () => resolve(text)));
    return { child, ended };
  };
  const random = new Random(seed);
  let cutOff = 0;
  // On a quick machine, or where this process has to wait, all tables may be whole by then.
  for (let killed = 0; killed < Number(kills) || cutOff === 0; killed += 1) {
    const life = start(`--from-dump=${path}`);
    // oxlint-disable-next-line no-await-in-loop -- it has begun
    while (!existsSync(join(target, 'a.sqlite')) && life.child.exitCode === null) await pause(2);
    // oxlint-disable-next-line no-await-in-loop -- a moment of this life
    if (cutOff > 0) await pause(random.int(0, 900));
    life.child.kill('SIGKILL');
    // oxlint-disable-next-line no-await-in-loop -- before the next one
    await life.ended;
    // oxlint-disable-next-line no-await-in-loop -- as above
    const counts = await found(target);
    expect(counts.every((count) => count === ROWS)).toBe(true);
    if (counts.length === TABLES) rmSync(target, { recursive: true });
    else if (existsSync(join(target, 'rowlock.sqlite'))) cutOff += 1;
  }
  const said = await start(`--from-dump=${path}`).ended;
  expect(said).toContain(`loaded ${TABLES} tables, ${TABLES * ROWS} rows`);
  expect(await found(target)).toEqual(whole);
});

test('what a load left that was cut off is no target', async () => {
  const target = join(folder, 'left');
  const load = await SqliteLoad.open(target, '');
  await load.begin();
  await load.createSchema('a');
  load.close();
  const words = ['--source=mysql://r@127.0.0.1:1', '--reconnect=0', `--target=${target}`];
  const { lines, status } = await run(...words);
  expect([status, lines[0]]).toEqual([
    1,
    expect.stringContaining('the loading of a dump into this target was cut off'),
  ]);
});

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });

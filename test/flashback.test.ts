import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from './differential/random.ts';
import { contents, randomWorkload } from './differential/undo.ts';
import { runInProcess } from './golden/invocation.ts';
import { missingServers, type RunningServer, startServer, sweepInstances } from './servers/index.ts';

// ROWLOCK_SEED=random and ROWLOCK_UNDONE=100 look further.
const { ROWLOCK_SEED: given = '2', ROWLOCK_UNDONE: count = '4' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

const arguments97 = [
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--log-bin-trust-function-creators=1',
];
const args = { mysql97: arguments97, mysql56: [] } as const;

/** Fresh tables, then statements in a log of their own. */
async function logOf(
  server: RunningServer,
  tables: string,
  statements: string,
  folder: string,
): Promise<string> {
  await server.query(`DROP DATABASE IF EXISTS u; CREATE DATABASE u; USE u; ${tables}; FLUSH BINARY LOGS`);
  const status = await server.query('SHOW BINARY LOG STATUS');
  const log = status.split('\n')[1]!.split('\t')[0]!;
  await server.query(`USE u; ${statements}; FLUSH BINARY LOGS`);
  copyFileSync(join(server.dataFolder, log), join(folder, log));
  return log;
}

const flashback = (cwd: string, ...argv: string[]): ReturnType<typeof runInProcess> =>
  runInProcess({ tool: 'mysqlbinlog', argv: ['--flashback', ...argv], cwd, timeZone: 'UTC' });

describe.skipIf(missingServers('mysql97'))('flashback', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-flashback-'));
  let server: RunningServer;

  beforeAll(async () => {
    server = await startServer('mysql97', `undone-${process.pid}`, { args: arguments97, env: { TZ: 'UTC' } });
  }, 120_000);

  afterAll(async () => {
    await server.wipe();
    rmSync(folder, { recursive: true });
  }, 60_000);

  test.each([
    [
      'rows that leave columns out',
      "SET binlog_row_image = MINIMAL; UPDATE t SET d = '{}'",
      /UPDATE_ROWS_EVENT of u\.t: its rows leave columns out\nhint: .*binlog_row_image=FULL/,
    ],
    [
      'partial JSON',
      "SET binlog_row_value_options = PARTIAL_JSON; UPDATE t SET d = JSON_SET(d, '$.a', 2)",
      /PARTIAL_UPDATE_ROWS_EVENT of u\.t: its JSON values are differences\nhint: /,
    ],
    [
      'a change of a table',
      'ALTER TABLE t ADD z INT',
      /QUERY_EVENT: cannot be undone: ALTER TABLE t ADD z INT\nhint: .*--start-position=\d+/,
    ],
    ['an emptied table', 'TRUNCATE t', /QUERY_EVENT: cannot be undone: TRUNCATE t\n/],
    [
      'statements',
      'SET binlog_format = STATEMENT; DELETE FROM t',
      /QUERY_EVENT: cannot be undone: DELETE FROM t\n/,
    ],
  ])('refuses %s, and prints no row', async (_name, statement, message) => {
    const json = JSON.stringify({ a: 1, b: 'x'.repeat(100) });
    const log = await logOf(
      server,
      `CREATE TABLE t (id INT PRIMARY KEY, d JSON); INSERT INTO t VALUES (1, '${json}'); CREATE TABLE o (id INT)`,
      `INSERT INTO o VALUES (1); ${statement}`,
      folder,
    );
    const all = await flashback(folder, log);
    expect(all.exit).toBe(1);
    expect(all.stderr.toString()).toMatch(message);
    expect(all.stderr.toString()).toContain(`ERROR: ${log}:`);
    expect(all.stdout.toString()).not.toContain('Table_map');
    // Of the other table there is nothing to refuse, where the statement names its own.
    if (!statement.includes('DELETE')) {
      const { exit, stdout } = await flashback(folder, '--table=o', log);
      expect(exit).toBe(0);
      expect(stdout.toString()).toContain('Delete_rows');
    }
  });

  test('sets no GTID, undoes XA transactions that were committed, and compressed ones', async () => {
    const log = await logOf(
      server,
      'CREATE TABLE t (id INT PRIMARY KEY)',
      `XA START 'a'; INSERT INTO t VALUES (1); XA END 'a'; XA PREPARE 'a'; XA ROLLBACK 'a';
       XA START 'b'; INSERT INTO t VALUES (2); XA END 'b'; XA PREPARE 'b'; XA COMMIT 'b';
       XA START 'c'; INSERT INTO t VALUES (3); XA END 'c'; XA COMMIT 'c' ONE PHASE;
       SET binlog_transaction_compression = ON; INSERT INTO t VALUES (4), (5); UPDATE t SET id = id + 10`,
      folder,
    );
    const { exit, stdout, stderr } = await flashback(folder, log);
    expect([exit, stderr.toString()]).toEqual([0, '']);
    const text = stdout.toString();
    expect(text.match(/GTID_NEXT.*/g)).toEqual(["GTID_NEXT='AUTOMATIC'*//*!*/;"]);
    expect(text.match(/^# undoes GTID /gm)).toHaveLength(4);
    await server.query(stdout);
    expect(await server.query('SELECT COUNT(*) FROM u.t')).toBe('COUNT(*)\n0\n');
  });

  test('leaves transactions alone that are not whole in the range', async () => {
    const log = await logOf(
      server,
      'CREATE TABLE t (id INT PRIMARY KEY)',
      'INSERT INTO t VALUES (1); BEGIN; INSERT INTO t VALUES (2); INSERT INTO t VALUES (3); COMMIT',
      folder,
    );
    const whole = (await flashback(folder, '-v', log)).stdout.toString();
    expect(whole.match(/@1=\d/g)).toEqual(['@1=3', '@1=2', '@1=1']);
    const second = Number(/^# at (\d+)\n.*Delete_rows/m.exec(whole)![1]);
    const cut = await flashback(folder, '-v', `--stop-position=${second}`, log);
    expect(cut.stdout.toString().match(/@1=\d/g)).toEqual(['@1=1']);
    expect(cut.stderr.toString()).toMatch(/^WARNING: .*: the transaction is not whole in the range/);
  });
});

describe.each(['mysql97', 'mysql56'] as const)('flashback of logs of %s', (flavour) => {
  const missing = missingServers(flavour);
  const kept = mkdtempSync(join(tmpdir(), `rowlock-flashback-${flavour}-`));
  let server: RunningServer | undefined;

  beforeAll(async () => {
    if (missing !== undefined) return;
    await sweepInstances();
    server = await startServer(flavour, `flashback-${process.pid}`, {
      args: [...args[flavour], '--sync-binlog=0', '--innodb-flush-log-at-trx-commit=0'],
      env: { TZ: 'UTC' },
    });
  }, 120_000);

  afterAll(async () => {
    await server?.wipe();
  }, 60_000);

  test.skipIf(missing)(
    `brings the tables back to what they held (seed ${seed})`,
    { timeout: 60_000 + Number(count) * 20_000 },
    async () => {
      const differing: string[] = [];
      let changed = 0;
      for (let index = 0; index < Number(count); index++) {
        const own = `${seed}/${flavour}/${index}`;
        const folder = join(kept, String(index));
        const { tables, logs, before } = await randomWorkload(server!, flavour, own, folder);
        const after = await contents(server!, tables);
        if (after !== before) changed++;
        const random = new Random(`${own}/options`);
        const options = random.pick([
          [],
          ['-v'],
          ['-vv'],
          ['--print-table-metadata'],
          ['--verify-binlog-checksum'],
        ]);
        const argv = ['--flashback', ...options, ...logs];
        const { exit, stdout, stderr } = await runInProcess({
          tool: 'mysqlbinlog',
          argv,
          cwd: folder,
          timeZone: 'UTC',
        });
        writeFileSync(join(folder, 'undo.sql'), stdout);
        let error = exit === 0 ? '' : `exit ${exit}: ${stderr.toString()}`;
        if (error === '') {
          await server!.query(stdout, { args: ['--binary-mode'] }).catch((thrown: unknown) => {
            error = String(thrown);
          });
        }
        const now = await contents(server!, tables);
        if (now === before && error === '') rmSync(folder, { recursive: true });
        else differing.push(`${folder}: ${error} ${stderr.toString()}`);
      }
      expect(differing).toEqual([]);
      expect(changed).toBeGreaterThan(Number(count) / 2);
      rmSync(kept, { recursive: true, force: true });
    },
  );
});

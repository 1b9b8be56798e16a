import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSqlite } from '../../src/store/index.ts';
import { missingServers, type RunningServer, startServer } from '../servers/index.ts';
import { run } from './replicate-run.ts';

async function rowsOf(folder: string, schema: string, sql: string): Promise<unknown[]> {
  const database = await openSqlite(join(folder, `${schema}.sqlite`));
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}

test('a target that cannot be written is said to be so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-unwritable-'));
  const file = join(folder, 'file');
  writeFileSync(file, 'text');
  const damaged = join(folder, 'damaged');
  mkdirSync(damaged);
  writeFileSync(join(damaged, 'rowlock.sqlite'), 'no database'.repeat(1000));
  try {
    const source = '--source=mysql://u@127.0.0.1:1';
    expect(await run(source, `--target=sqlite:${file}`)).toEqual({
      status: 1,
      lines: [
        `rowlock replicate: ERROR 1026: ${file}: File exists`,
        'hint: What was applied is safe: once files can be written in the folder, start again.',
      ],
    });
    const second = await run(source, `--target=sqlite:${damaged}`);
    expect(second.status).toBe(1);
    expect(second.lines[0]).toBe('rowlock replicate: ERROR 1034: SQLite: file is not a database');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a signal ends it at once while the target does not answer', async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve);
  });
  const { port } = silent.address() as { port: number };
  const met = once(silent, 'connection') as Promise<[Socket]>;
  const running = run('--source=mysql://u@127.0.0.1:1', `--target=mysql://u@127.0.0.1:${port}`);
  const [socket] = await met;
  process.emit('SIGHUP', 'SIGHUP');
  expect(await running).toEqual({
    status: 129,
    lines: ['rowlock replicate: ended by a signal; 0 transactions applied'],
  });
  socket.destroy();
  silent.close();
});

test('what makes no sense is refused before anybody is asked, and shows no password', async () => {
  const target = '--target=sqlite:/nowhere';
  const cases: readonly (readonly [argv: readonly string[], line: string])[] = [
    [['--source=mysql://u@h'], 'ERROR: no target'],
    [
      ['--source=postgres://u:geheim@h', target],
      'ERROR: a server is named mysql://user@host:port or mariadb://user@host:port',
    ],
    [['--source=mysql://u:ge:heim/@h', target], 'ERROR: this is no URL of a server'],
    [
      ['--source=mysql://u@h/shop', target],
      "ERROR: the URL of a server names no schema, and this one ends in '/shop'",
    ],
    [['--source=mysql://u@h?password=geheim', target], "ERROR: the URL of a server has no option 'password'"],
    [['--source=mysql://u@h', '--target=ftp://u:geheim@h'], 'ERROR: a target is sqlite:FOLDER'],
    [
      ['--source=mysql://u@h', target, '--from=yesterday'],
      "ERROR: --from takes beginning, now, FILE:POSITION or GTIDs, not 'yesterday'",
    ],
    [
      ['--source=mysql://u@h', target, '--from-dump=a', '--start-from-dump=b'],
      'ERROR: give one of --from-dump and --start-from-dump',
    ],
    [
      ['--source=mysql://u@h', target, '--start-from-dump=b', '--from=b.1:4'],
      'ERROR: --from and a dump say different places',
    ],
    [
      ['--source=mysql://u@h', '--target=mysql://u@h', '--from-dump=a'],
      'ERROR: a dump is loaded into SQLite only',
    ],
    [
      ['--source=mysql://u@h', target, '--until-position=4711'],
      "ERROR: --until-position takes FILE:POSITION, not '4711'",
    ],
    [
      ['--source=mysql://u@h', target, '--pass-over=4711'],
      "ERROR: --pass-over takes a GTID or FILE:POSITION, not '4711'",
    ],
    [
      ['--source=mysql://u@h', target, '--replicate-do-table=t'],
      "ERROR: --replicate-do-table takes schema.table, not 't'",
    ],
    [
      ['--source=mysql://u@h', target, '--replicate-rewrite-db=a'],
      "ERROR: --replicate-rewrite-db takes FROM->TO, not 'a'",
    ],
  ];
  for (const [argv, line] of cases) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const { status, lines } = await run(...argv);
    expect([argv, status]).toEqual([argv, 1]);
    expect(lines.join('\n')).toContain(line);
    expect(lines.join('\n')).not.toMatch(/geheim|ge:heim/);
  }
});

describe.skipIf(missingServers('mysql97') !== undefined)('rowlock replicate', () => {
  let server: RunningServer;
  let folder: string;
  let source: readonly string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rowlock-replicate-'));
    server = await startServer('mysql97', `command-${process.pid}`, {
      args: ['--gtid-mode=ON', '--enforce-gtid-consistency=ON'],
      env: { TZ: 'UTC' },
    });
    await server.query(
      `CREATE USER 'r@1' IDENTIFIED BY 'p@:/?'; GRANT REPLICATION SLAVE, REPLICATION CLIENT, SELECT ON *.* TO 'r@1';
       CREATE DATABASE a; CREATE DATABASE b; USE a; CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(20));
       INSERT INTO t VALUES (1, 'one'), (2, 'two'); USE b; CREATE TABLE u (id INT PRIMARY KEY); INSERT INTO u VALUES (7)`,
    );
    source = [
      `--source=mysql://r%401:p%40%3A%2F%3F@127.0.0.1:${server.port}?ssl-mode=REQUIRED`,
      '--stop-at-end',
    ];
  }, 120_000);

  afterAll(async () => {
    await server.wipe();
    rmSync(folder, { recursive: true });
  }, 60_000);

  test('applies a log to its end, and goes on from there', { timeout: 60_000 }, async () => {
    const target = join(folder, 'whole');
    const first = await run(...source, `--target=sqlite:${target}`);
    expect(first.lines.at(-1)).toMatch(/ended with the source’s log, at \S+:\d+; \d+ transactions applied$/);
    expect(first.status).toBe(0);
    expect(await rowsOf(target, 'a', 'SELECT * FROM t')).toEqual([
      { id: 1, s: 'one' },
      { id: 2, s: 'two' },
    ]);
    await server.query("INSERT INTO a.t VALUES (3, 'three')");
    const second = await run(...source, '--target', target);
    expect(second.lines.join('\n')).toContain('goes on at');
    expect(second.lines.at(-1)).toContain('; 1 transactions applied');
    expect(await rowsOf(target, 'a', 'SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }]);
  });

  test('leaves out what filters say, and renames schemas', { timeout: 60_000 }, async () => {
    const target = join(folder, 'filtered');
    const { status } = await run(
      ...source,
      '--target',
      target,
      '--replicate-do-db=c',
      '--replicate-rewrite-db=a->c',
    );
    expect(status).toBe(0);
    expect(await rowsOf(target, 'c', 'SELECT count(*) AS n FROM t')).toEqual([{ n: 3 }]);
    expect(await rowsOf(target, 'b', 'SELECT name FROM sqlite_schema').catch(() => [])).toEqual([]);
  });

  test('begins now, and asks the source for tables that were there', { timeout: 60_000 }, async () => {
    const target = join(folder, 'now');
    const none = await run(...source, '--target', target, '--from=now');
    expect(none.lines.at(-1)).toContain('; 0 transactions applied');
    await server.query("INSERT INTO a.t VALUES (4, 'four')");
    expect((await run(...source, '--target', target)).status).toBe(0);
    expect(await rowsOf(target, 'a', 'SELECT * FROM t')).toEqual([{ id: 4, s: 'four' }]);
  });

  test('stops at a conflict with the key and nothing else of the row', { timeout: 60_000 }, async () => {
    const target = join(folder, 'now');
    await server.query("UPDATE a.t SET s = 'geheim' WHERE id = 2");
    const stopped = await run(...source, '--target', target);
    expect(stopped.status).toBe(1);
    expect(stopped.lines.at(-2)).toMatch(
      /ERROR 1032: \S+:\d+ UPDATE_ROWS_EVENT a\.t: Can't find record in 't' \(id=2\)$/,
    );
    expect(stopped.lines.join('\n')).not.toContain('geheim');
    const skipped = await run(...source, '--target', target, '--on-conflict=skip');
    expect(skipped.status).toBe(0);
    expect(skipped.lines.at(-1)).toContain('1 transactions applied, 1 rows in conflict');
    await server.query("UPDATE a.t SET s = 'there' WHERE id = 1");
    expect((await run(...source, '--target', target, '--on-conflict=overwrite')).status).toBe(0);
    expect(await rowsOf(target, 'a', 'SELECT * FROM t ORDER BY id')).toEqual([
      { id: 1, s: 'there' },
      { id: 4, s: 'four' },
    ]);
  });

  test('ends where it is told to', { timeout: 60_000 }, async () => {
    const target = join(folder, 'until');
    const set = (await server.query('SELECT @@global.gtid_executed')).split('\n')[1]!.replaceAll('\\n', '');
    const uuid = set.slice(0, 36);
    const place = (lines: readonly string[]): string => /at (\S+:\d+);/.exec(lines.at(-1)!)![1]!;
    const six = await run(...source, '--target', target, `--until-after-gtids=${uuid}:1-6`);
    expect(six.lines.at(-1)).toMatch(/ended where it was told to.*; 6 transactions applied$/);
    const again = await run(...source, '--target', target, `--until-after-gtids=${uuid}:1-6`);
    expect(again.lines.at(-1)).toContain('; 0 transactions applied');
    const seven = await run(...source, '--target', target, `--until-before-gtids=${uuid}:8`);
    expect(seven.lines.at(-1)).toContain('; 1 transactions applied');
    const here = await run(...source, '--target', target, `--until-position=${place(seven.lines)}`);
    expect(here.lines.at(-1)).toContain('; 0 transactions applied');
  });

  test('keeps to rows where that is asked', { timeout: 60_000 }, async () => {
    const target = join(folder, 'rows');
    expect((await run(...source, '--target', target, '--from=now')).status).toBe(0);
    await server.query('SET SESSION binlog_format = STATEMENT; DELETE FROM a.t WHERE id = 3');
    const strict = await run(...source, '--target', target, '--require-row-format');
    expect(strict.lines.at(-1)).toMatch(
      /ERROR 3944: .*the statement changes rows, which must come as row events/,
    );
    const usual = await run(...source, '--target', target);
    expect(usual.lines.join('\n')).toContain('a statement (delete) cannot be applied: only row events can');
    expect(usual.status).toBe(1);
  });

  test('does without what it is told to pass over, and that alone', { timeout: 60_000 }, async () => {
    const target = join(folder, 'passed');
    expect((await run(...source, '--target', target, '--from=now')).status).toBe(0);
    await server.query(
      "INSERT INTO a.t VALUES (20, 'before'); SET SESSION binlog_format = STATEMENT; BEGIN; INSERT INTO a.t VALUES (21, 'unwanted'); DELETE FROM a.t WHERE id = 2; COMMIT; SET SESSION binlog_format = ROW; INSERT INTO a.t VALUES (22, 'behind')",
    );
    const stopped = await run(...source, '--target', target);
    const place = /ERROR: (\S+:\d+) QUERY_EVENT: a statement/.exec(stopped.lines.join('\n'))?.[1];
    expect(stopped.lines.join('\n')).toContain('--pass-over');
    const elsewhere = await run(...source, '--target', target, `--pass-over=${place?.replace(/\d+$/, '4')}`);
    expect(elsewhere.lines.slice(-2)).toEqual(stopped.lines.slice(-2));
    // Filters hold its events until they know what is left.
    const passed = await run(
      ...source,
      '--target',
      target,
      '--pass-over=11111111-2222-3333-4444-555555555555:7',
      `--pass-over=${place}`,
      '--require-row-format',
      '--replicate-ignore-db=b',
    );
    expect(passed.lines.join('\n')).toMatch(
      /passed over the transaction at \S+:\d+ \([-0-9a-f]{36}:\d+\)\n.*; 1 transactions applied$/,
    );
    expect(passed.status).toBe(0);
    expect((await run(...source, '--target', target)).lines.at(-1)).toContain('; 0 transactions applied');
    expect(await rowsOf(target, 'a', 'SELECT * FROM t')).toEqual([
      { id: 20, s: 'before' },
      { id: 22, s: 'behind' },
    ]);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storedExpressions } from '../../src/relay/views/stored-expressions.ts';
import { NO_FILTERS, ReplicateFilter, type SourcePosition } from '../../src/replication/index.ts';
import type { ColumnType } from '../../src/sql/index.ts';
import { openSqlite, type SqliteValue } from '../../src/store/index.ts';
import { openDump, readDump, readDumpPlace, SqliteLoad, type Table } from '../../src/target/index.ts';
import { fileName } from '../../src/target/sqlite/index.ts';
import { type Flavour, isMaria } from '../differential/flavour.ts';
import { missingServers, type RunningServer, reach, runTool, startServer } from '../servers/index.ts';
import { loggedWorkload } from './log-settings.ts';
import { run } from './replicate-run.ts';
import { replicateToSqlite } from './sqlite-replication.ts';

// ROWLOCK_SEED=random and ROWLOCK_WORKLOADS=50 look further.
const { ROWLOCK_SEED: given = '1', ROWLOCK_WORKLOADS: count = '2' } = process.env;
const seed = given === 'random' ? String(Date.now()) : given;

/** What dumps round: FLOAT, by which rows without a key are found. */
const LOST = {
  keyless: `SELECT DISTINCT table_name FROM information_schema.columns c WHERE table_schema = 'undo' AND (data_type = 'float' OR extra LIKE '%STORED%')
    AND NOT EXISTS (SELECT 1 FROM information_schema.columns k WHERE k.table_schema = 'undo' AND k.table_name = c.table_name AND k.column_key = 'PRI')`,
  /** Their rows are found by the moment they were made, too. */
  versioned: `SELECT table_name FROM information_schema.tables t WHERE table_schema = 'undo' AND table_type = 'SYSTEM VERSIONED'
    AND NOT EXISTS (SELECT 1 FROM information_schema.columns k WHERE k.table_schema = 'undo' AND k.table_name = t.table_name AND k.column_key = 'PRI')`,
} as const;

/** Statements that leave only text in columns of text: a dump has a question mark where a byte is nothing in its character set. */
async function withoutForeignBytes(server: RunningServer): Promise<string> {
  const columns = await server.query(
    `SELECT table_name, HEX(column_name), character_set_name FROM information_schema.columns
       WHERE table_schema = 'undo' AND data_type IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext')`,
  );
  const updates = columns
    .split('\n')
    .slice(1, -1)
    .map((line) => {
      const [table, hex, charset] = line.split('\t');
      const column = `\`${Buffer.from(hex!, 'hex').toString().replaceAll('`', '``')}\``;
      return `UPDATE IGNORE \`undo\`.\`${table}\` SET ${column} = CONVERT(CONVERT(${column} USING utf8mb4) USING ${charset});`;
    });
  return `SET sql_mode = ''; ${updates.join('\n')}`;
}

/** The rows of every table of a folder, with the kinds of their values, in an order of their own. */
async function rowsOf(folder: string): Promise<Map<string, string[]>> {
  const state = await openSqlite(join(folder, 'rowlock.sqlite'));
  const tables = state
    .prepare('SELECT definition FROM tables')
    .all()
    .map(({ definition }) => JSON.parse(String(definition)) as Table);
  state.close();
  const found = new Map<string, string[]>();
  for (const { schema, name, columns } of tables) {
    // oxlint-disable-next-line no-await-in-loop -- one table after the other
    const database = await openSqlite(join(folder, fileName(schema)));
    const kept = columns.filter(({ generated, period }) => generated !== 'virtual' && period === undefined);
    const quoted = kept.map((column) => `"${column.name.replaceAll('"', '""')}"`);
    const asked = quoted.map((column, index) => `typeof(${column}) AS t${index}, ${column} AS v${index}`);
    const statement = database.prepare(`SELECT ${asked.join(', ')} FROM "${name.replaceAll('"', '""')}"`);
    statement.setReadBigInts(true);
    const text = (value: SqliteValue, { name: type, decimals }: ColumnType): string => {
      if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
      if (value === null) return 'null';
      // The servers' programs print six digits, and behind the point as many as are defined: what was worked out may have more.
      if (type === 'float') return String(Number(Number(value).toPrecision(6)));
      if (type === 'double' && decimals !== undefined) return Number(value).toFixed(decimals);
      return String(value);
    };
    const rows = statement
      .all()
      .map((row) =>
        kept
          .map(({ type }, index) => `${String(row[`t${index}`])} ${text(row[`v${index}`]!, type)}`)
          .join('|'),
      );
    found.set(`${schema}.${name}`, rows.sort());
    database.close();
  }
  return found;
}

for (const flavour of [
  'mysql97',
  'mysql56',
  'mariadb118',
  'mariadb1011',
] as const satisfies readonly Flavour[]) {
  describe.skipIf(
    missingServers(flavour, ...(flavour === 'mysql56' ? (['mariadb105'] as const) : [])) !== undefined,
  )(`a dump of ${flavour}`, () => {
    let server: RunningServer;
    let folder: string;
    const family = isMaria(flavour) ? 'mariadb' : 'mysql';
    // 5.6 comes without programs.
    const [tools, program] =
      flavour === 'mysql97'
        ? (['mysql97', 'mysqldump'] as const)
        : ([flavour === 'mysql56' ? 'mariadb105' : flavour, 'mariadb-dump'] as const);
    const at = flavour === 'mysql97' ? '--source-data' : '--master-data';

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'rowlock-dump-'));
      server = await startServer(flavour, `dump-${process.pid}`, {
        args:
          flavour === 'mysql97'
            ? ['--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin-trust-function-creators=1']
            : [],
        env: { TZ: 'UTC' },
      });
    }, 120_000);

    afterAll(async () => {
      await server.wipe();
      rmSync(folder, { recursive: true });
    }, 60_000);

    async function dump(name: string, ...options: readonly string[]): Promise<string> {
      const path = join(folder, name);
      const { exit, stderr } = await runTool(tools, program, [
        '--no-defaults',
        '-uroot',
        `--socket=${server.socket}`,
        `--result-file=${path}`,
        ...options,
      ]);
      expect([exit, stderr.replaceAll(/^Warning.*\n/gm, '')]).toEqual([0, '']);
      return path;
    }

    async function load(target: string, path: string, filter?: ReplicateFilter): Promise<SourcePosition> {
      const sink = await SqliteLoad.open(target, '', storedExpressions);
      try {
        await sink.begin();
        return await readDump(openDump(path), { sink, filter });
      } finally {
        sink.close();
      }
    }

    it(`and the log behind it are what the log from its beginning is, seed ${seed}`, {
      timeout: 300_000,
    }, async () => {
      for (let index = 0; index < Number(count); index += 1) {
        const target = join(folder, `target${index}`);
        let lost: string[] = [];
        const styles = [['--hex-blob'], ['--skip-extended-insert', '--complete-insert'], []];
        // oxlint-disable-next-line no-await-in-loop -- one workload after the other
        await loggedWorkload(server, flavour, `${seed} ${index}`, join(folder, `work${index}`), async () => {
          await server.query(await withoutForeignBytes(server), { force: true });
          const without = isMaria(flavour) ? `${LOST.keyless} UNION ${LOST.versioned}` : LOST.keyless;
          lost = (await server.query(without)).split('\n').slice(1, -1);
          const filter = new ReplicateFilter({
            ...NO_FILTERS,
            ignoreTable: lost.map((name) => `undo.${name}`),
          });
          const path = await dump(
            `${index}.sql`,
            '--databases',
            'undo',
            `${at}=2`,
            '--single-transaction',
            ...styles[index % 3]!,
          );
          const place = await load(target, path, filter);
          expect(await readDumpPlace(openDump(path))).toEqual(place);
        });
        const filters = { ...NO_FILTERS, ignoreTable: lost.map((name) => `undo.${name}`) };
        // What INSERT IGNORE of MariaDB passed over is in its log all the same.
        // oxlint-disable-next-line no-await-in-loop -- goes on where the dump was taken
        await replicateToSqlite(reach(server), family, target, 'beginning', filters, 'overwrite');
        // oxlint-disable-next-line no-await-in-loop -- the same from the beginning
        await replicateToSqlite(
          reach(server),
          family,
          join(folder, 'whole'),
          'beginning',
          NO_FILTERS,
          'overwrite',
        );
        // oxlint-disable-next-line no-await-in-loop -- as above
        const [ours, whole] = [await rowsOf(target), await rowsOf(join(folder, 'whole'))];
        for (const name of lost) whole.delete(`undo.${name}`);
        expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(whole));
      }
    });

    it('is loaded by the command, views and triggers left out, and once only', {
      timeout: 60_000,
    }, async () => {
      await server.query(
        `DROP DATABASE IF EXISTS shop; CREATE DATABASE shop; USE shop; CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(20)); INSERT INTO t VALUES (1, 'one');
         CREATE TABLE days (d DATE) PARTITION BY RANGE (TO_DAYS(d)) (PARTITION p0 VALUES LESS THAN (TO_DAYS('2020-01-01')), PARTITION p1 VALUES LESS THAN MAXVALUE);
         INSERT INTO days VALUES ('2019-12-31'), ('2020-01-01'); CREATE VIEW v AS SELECT id FROM t; CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.s = CONCAT(NEW.s, ';')`,
      );
      // One schema, which only the heading names.
      const path = await dump('shop.sql', 'shop', `${at}=1`, '--routines', '--triggers');
      writeFileSync(`${path}.gz`, gzipSync(readFileSync(path)));
      await server.query("INSERT INTO shop.t VALUES (2, 'two'); UPDATE shop.t SET s = 'first' WHERE id = 1");
      // Which rows go, the dump says.
      await server.query('ALTER TABLE shop.days DROP PARTITION p0');
      const target = join(folder, 'command');
      const source = [
        `--source=mysql://root@localhost?socket=${encodeURIComponent(server.socket)}`,
        '--stop-at-end',
      ];
      const first = await run(...source, `--target=${target}`, `--from-dump=${path}.gz`);
      expect(first.lines.join('\n')).toContain('loaded 2 tables, 3 rows');
      expect([first.lines.at(-1), first.status]).toEqual([
        expect.stringContaining('transactions applied'),
        0,
      ]);
      const rows = ['integer 1|text first', 'integer 2|text two;'];
      expect(Object.fromEntries(await rowsOf(target))).toEqual({
        'shop.t': rows,
        'shop.days': ['text 2020-01-01'],
      });
      const second = await run(...source, `--target=${target}`, `--from-dump=${path}.gz`);
      expect(second.lines[0]).toContain('the dump is not loaded: the target stands at');
      expect(second.lines.at(-1)).toContain('; 0 transactions applied');
      // Whoever has loaded it says so.
      const third = await run(
        ...source,
        `--target=${join(folder, 'noted')}`,
        `--start-from-dump=${path}`,
        '--on-conflict=overwrite',
      );
      expect(third.lines.join('\n')).toMatch(/begins (at|behind) /);
      expect(third.lines.at(-1)).toContain('; 3 transactions applied, 1 rows in conflict');
    });
  });
}

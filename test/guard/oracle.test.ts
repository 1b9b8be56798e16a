import { describe, expect, test } from 'vitest';
import { EventType } from '../../src/binlog/index.ts';
import { type Connection, connect } from '../../src/connection/index.ts';
import { ServerError } from '../../src/errors/index.ts';
import { type GuardQuery, REQUIRE_ROW_FORMAT_ERRNO, StrictGuard } from '../../src/guard/index.ts';
import { Random } from '../differential/random.ts';
import { missingServers, withServer } from '../servers/index.ts';
import { disguised, SETUP } from './hostile-statements.ts';

// ROWLOCK_SEED chooses the statements, ROWLOCK_STATEMENTS=20000 makes more of them.
const { ROWLOCK_SEED: seed = '1', ROWLOCK_STATEMENTS: wanted = '100' } = process.env;

const SQL_MODES = [0, 4, 4, 0x100000, 0x100004];
const CHARSETS = ['utf8mb4', 'latin1', 'gbk', 'sjis', 'big5', 'cp932', 'utf8mb4'];

/** Whether a guard would let the statement pass where a transaction, or a definition, may stand. */
function passes(query: GuardQuery): boolean {
  return [[], ['BEGIN']].some((before) => {
    const guard = new StrictGuard();
    const event = (statement: Uint8Array) => ({
      type: EventType.QUERY_EVENT,
      flags: 0,
      query: { ...query, statement },
    });
    for (const text of before) guard.check(event(Buffer.from(text)));
    return guard.check(event(query.statement)).pass;
  });
}

/** What of the traces is there. A table that was defined and is empty is a definition, as it should be. */
async function trace(connection: Connection): Promise<string> {
  const parts = [await connection.value("SELECT CONCAT_WS(' ', COUNT(*), SUM(a)) FROM g.t")];
  for (const query of ['SELECT COUNT(*) FROM g.made', "SELECT CONCAT('tmp', COUNT(*)) FROM g.tmp"]) {
    parts.push(await connection.value(query).catch(() => '0'));
  }
  return parts.join(',');
}

/** {@link trace} of what {@link CLEAN} leaves. */
const UNTOUCHED = '2 3,0,0';

/** After a statement that changed something. */
const CLEAN = [
  'USE g',
  'ROLLBACK',
  'DROP TABLE IF EXISTS made',
  'DROP TEMPORARY TABLE IF EXISTS tmp',
  'TRUNCATE t',
  'INSERT INTO t VALUES (1), (2)',
] as const;

describe.each([
  ['mysql97', 'mysql'],
  ['mariadb118', 'mariadb'],
] as const)('the strict rule, held against what %s does', (name, flavor) => {
  test.skipIf(missingServers(name))(
    `lets nothing pass that changes rows (seed ${seed})`,
    { timeout: 120_000 + Number(wanted) * 500 },
    async () => {
      await withServer(
        name,
        'guard-oracle',
        { args: ['--log-bin-trust-function-creators=1', '--skip-log-bin'] },
        async (server) => {
          const random = new Random(`${seed}/${name}/guard`);
          const open = async (): Promise<Connection> => {
            const made = await connect({ socketPath: server.socket, user: 'root' });
            await made.query("PREPARE s FROM 'DELETE FROM g.t'");
            return made;
          };
          const first = await connect({ socketPath: server.socket, user: 'root' });
          for (const statement of SETUP) await first.query(statement);
          first.destroy();
          const cleanUp = async (): Promise<void> => {
            for (const clean of CLEAN) await connection.query(clean);
          };
          let connection = await open();
          const count = { statements: 0, passed: 0, changed: 0 };
          const holes: string[] = [];
          let isChanged = true;
          for (; count.statements < Number(wanted); count.statements += 1) {
            const charset = random.pick(CHARSETS);
            const sqlMode = random.pick(SQL_MODES);
            const text = disguised(random);
            const statement = Buffer.from(text, 'latin1');
            const pass = passes({ statement, sqlMode, flavor, charset });
            if (pass) count.passed += 1;
            if (!isChanged) await connection.query('ROLLBACK');
            else
              await cleanUp().catch(async () => {
                // A definition passes, and may have given the table another column.
                for (const statement of SETUP) await connection.query(statement);
                await cleanUp();
              });
            const modes = [
              sqlMode & 4 ? 'ANSI_QUOTES' : '',
              sqlMode & 0x100000 ? 'NO_BACKSLASH_ESCAPES' : '',
            ];
            await connection.query(`SET NAMES ${charset}`);
            await connection.query(`SET sql_mode = '${modes.filter(Boolean).join(',')}'`);
            if (flavor === 'mysql') {
              await connection.query('SET require_row_format = 1');
              const error: unknown = await connection
                .queryBytes(statement)
                .catch((thrown: unknown) => thrown);
              if (pass && error instanceof ServerError && error.errno === REQUIRE_ROW_FORMAT_ERRNO)
                holes.push(JSON.stringify({ text, charset, sqlMode, refused: true }));
              // A transaction that the statement began holds on to the variable.
              await connection.query('ROLLBACK').catch(() => connection.destroy());
              await connection.query('SET require_row_format = 0').catch(() => connection.destroy());
            }
            try {
              await connection.queryBytes(statement);
            } catch {
              // Most are no statements.
            }
            try {
              await connection.query("SET sql_mode = ''");
              await connection.query('SET NAMES utf8mb4');
            } catch {
              connection.destroy();
              connection = await open();
            }
            isChanged = (await trace(connection)) !== UNTOUCHED;
            if (isChanged) count.changed += 1;
            if (isChanged && pass) holes.push(JSON.stringify({ text, charset, sqlMode }));
          }
          console.log(`${name}: ${JSON.stringify(count)}, ${holes.length} holes (seed ${seed})`);
          connection.destroy();
          expect(holes).toEqual([]);
          expect(count.changed).toBeGreaterThan(Number(wanted) / 20);
        },
      );
    },
  );
});

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { EventType, type Flavor, RawEvent } from '../../src/binlog/index.ts';
import { type Connection, connect } from '../../src/connection/index.ts';
import { FormatError, LimitError } from '../../src/errors/index.ts';
import { LogCheck, type Violation } from '../../src/guard/index.ts';
import { fileSource, LogReader } from '../../src/store/index.ts';
import { loadZstd } from '../../src/zstd/index.ts';
import { Random } from '../differential/random.ts';
import { SOURCE_UUID } from '../relay/forged-source.ts';
import { missingServers, type RunningServer, withServer } from '../servers/index.ts';
import { HostileLog } from './hostile-logs.ts';
import { SETUP } from './hostile-statements.ts';

// ROWLOCK_SEED chooses the transactions, ROWLOCK_TRANSACTIONS=3000 makes more of them; ROWLOCK_GUARD_REPORT=FILE tells of each.
const {
  ROWLOCK_SEED: seed = '1',
  ROWLOCK_TRANSACTIONS: wanted = '80',
  ROWLOCK_GUARD_REPORT: report,
} = process.env;

const folder = mkdtempSync(join(tmpdir(), 'rowlock-hostile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Ours = Violation | 'noLegalEvent' | 'pass';

/** What the guard says of a transaction by itself. The next one's first event comes behind it. */
function judge({ format, bytes }: HostileLog, index: number): Ours {
  const event = new RawEvent();
  const check = new LogCheck();
  event.aim(format, 0, format.length, 4, true);
  check.decode(event);
  for (const one of [...bytes[index]!, bytes[index + 1]?.[0]]) {
    if (one === undefined) break;
    event.aim(one, 0, one.length, 4, true);
    try {
      const refusal = check.check(event, check.decode(event));
      if (refusal !== undefined) return refusal.violation;
    } catch (error) {
      if (!(error instanceof FormatError || error instanceof LimitError)) throw error;
      return 'noLegalEvent';
    }
  }
  return 'pass';
}

const READ_ALL = /has read all relay log/i;

/** Status of the replica when its applier has stopped, or has nothing left to do. */
async function whenStopped(
  connection: Connection,
  flavor: Flavor,
  last: number,
): Promise<Map<string, string>> {
  for (;;) {
    const { columns, rows } = await connection.query(
      flavor === 'mysql' ? 'SHOW REPLICA STATUS' : 'SHOW SLAVE STATUS',
    );
    const status = new Map(
      columns.map(({ name }, at) => [name.replace('Slave', 'Replica'), String(rows[0]![at])]),
    );
    if (status.get('Replica_SQL_Running') !== 'Yes') return status;
    // MySQL's coordinator has read all before its worker has done all.
    if (
      flavor === 'mysql'
        ? executed(status) === last
        : READ_ALL.test(status.get('Replica_SQL_Running_State') ?? '')
    )
      return status;
    await pause(2);
  }
}

const WORKER_ERROR =
  'SELECT LAST_ERROR_MESSAGE FROM performance_schema.replication_applier_status_by_worker WHERE LAST_ERROR_NUMBER > 0';

/** The last of the transactions that a replica of MySQL has. */
const executed = (status: ReadonlyMap<string, string>): number =>
  Number(/(\d+)$/.exec(status.get('Executed_Gtid_Set') ?? '')?.[1] ?? 0);

/** The index of the transaction that a replica stopped at. */
function stoppedAt(status: ReadonlyMap<string, string>, { positions }: HostileLog, flavor: Flavor): number {
  if (flavor === 'mariadb') {
    const at = Number(status.get('Relay_Log_Pos'));
    return positions.findLastIndex((position) => position <= at);
  }
  // MySQL says where its worker was; what its coordinator stopped at comes behind the last one that is there.
  const named = new RegExp(`${SOURCE_UUID}:(\\d+)`).exec(status.get('Last_SQL_Error') ?? '');
  return named === null ? executed(status) : Number(named[1]) - 1;
}

/** Lets the replica apply the whole log, past every error: the error of each transaction that had one, by its number. */
async function applyAll(
  connection: Connection,
  log: HostileLog,
  flavor: Flavor,
): Promise<Map<number, string>> {
  const errors = new Map<number, string>();
  const { path, positions } = log;
  const file = path.slice(path.lastIndexOf('/') + 1);
  const change = flavor === 'mysql' ? 'CHANGE REPLICATION SOURCE TO' : 'CHANGE MASTER TO';
  const place = `RELAY_LOG_FILE='${file}', RELAY_LOG_POS=4`;
  await connection.query(
    flavor === 'mysql'
      ? `${change} SOURCE_HOST='none', REQUIRE_ROW_FORMAT=1, ${place}`
      : `${change} MASTER_HOST='none', ${place}`,
  );
  // MySQL cuts a relay log that it does not like before it begins to read: only now it sees all.
  writeFileSync(path, log.whole());
  for (;;) {
    await connection.query(flavor === 'mysql' ? 'START REPLICA SQL_THREAD' : 'START SLAVE SQL_THREAD');
    const status = await whenStopped(connection, flavor, positions.length);
    if (status.get('Replica_SQL_Running') === 'Yes') return errors;
    const index = stoppedAt(status, log, flavor);
    const next = positions[index + 1];
    const [reason] = (await connection.query(flavor === 'mysql' ? WORKER_ERROR : 'SELECT NULL')).rows;
    const isStuck = errors.has(index);
    errors.set(index, `${status.get('Last_SQL_Errno')} ${reason?.[0] ?? status.get('Last_SQL_Error')}`);
    if (next === undefined) return errors;
    if (flavor === 'mysql' && !isStuck) {
      await connection.query('SET GLOBAL sql_replica_skip_counter = 1');
      continue;
    }
    // MySQL does not skip what it cannot read.
    if (flavor === 'mysql') {
      await connection.query('SET GLOBAL sql_replica_skip_counter = 0');
      await connection.query('START REPLICA SQL_THREAD UNTIL SQL_AFTER_MTS_GAPS');
      await whenStopped(connection, flavor, -1);
    }
    await connection.query(`${change} RELAY_LOG_FILE='${file}', RELAY_LOG_POS=${next}`);
    if (flavor === 'mysql') writeFileSync(path, log.whole());
  }
}

/** The numbers of the transactions that left rows in the replica's own binary log. */
function changed({ dataFolder }: RunningServer): Set<number> {
  const found = new Set<number>();
  for (const name of readdirSync(dataFolder)
    .filter((one) => /^mysql-bin\.\d+$/.test(one))
    .sort()) {
    const reader = new LogReader(fileSource(join(dataFolder, name)));
    reader.open();
    const event = new RawEvent();
    let number = 0;
    while (reader.next(event)) {
      const { bytes, bodyStart, type } = event;
      if (type === EventType.GTID_LOG_EVENT) number = Number(bytes.readBigInt64LE(bodyStart + 17));
      else if (type === EventType.GTID_EVENT) number = bytes.readUInt32LE(bodyStart);
      else if (type === EventType.TABLE_MAP_EVENT) found.add(number);
    }
    reader.close();
  }
  return found;
}

describe.each([
  ['mysql97', 'mysql'],
  ['mariadb118', 'mariadb'],
] as const)('the strict rule, held against a replica of %s', (name, flavor) => {
  test.skipIf(missingServers(name))(
    `lets no transaction pass that the replica refuses, or that changes rows otherwise than by row events (seed ${seed})`,
    { timeout: 120_000 + Number(wanted) * 500 },
    async () => {
      await loadZstd();
      const path = join(folder, `${name}.000001`);
      const log = new HostileLog(path, flavor, new Random(`${seed}/${name}/replica`));
      for (let made = 0; made < Number(wanted); made += 1) log.add(made % 2 === 0);
      for (let made = 0; made < 3; made += 1) log.add(true);
      writeFileSync(join(folder, `${name}.index`), `${path}\n`);
      await withServer(
        name,
        'guard-replica',
        {
          args: [
            '--server-id=5',
            '--skip-slave-start',
            `--relay-log=${join(folder, name)}`,
            `--relay-log-index=${join(folder, `${name}.index`)}`,
            '--relay-log-purge=0',
            '--binlog-format=ROW',
            '--log-slave-updates',
            ...(flavor === 'mysql' ? ['--gtid-mode=ON_PERMISSIVE'] : []),
            '--log-bin-trust-function-creators=1',
          ],
        },
        async (server) => {
          const connection = await connect({ socketPath: server.socket, user: 'root' });
          await connection.query('SET sql_log_bin = 0');
          for (const statement of SETUP) await connection.query(statement);
          await connection.query('SET sql_log_bin = 1');
          const errors = await applyAll(connection, log, flavor);
          connection.destroy();
          await server.stop();
          const rows = changed(server);
          const lines: string[] = [];
          const holes: string[] = [];
          const count: Record<string, number> = {};
          for (const [index, { words, rows: may }] of log.transactions.entries()) {
            if (words === 'honest') continue;
            const ours = judge(log, index);
            const error = errors.get(index);
            const theirs = error === undefined ? 'applied' : error.slice(0, error.indexOf(' '));
            const effect = rows.has(index + 1) && !may ? ' with rows' : '';
            const key = `${ours} / ${theirs}${effect}`;
            count[key] = (count[key] ?? 0) + 1;
            const line = `${key}: ${index + 1} ${JSON.stringify(words)} ${error ?? ''}`;
            lines.push(line);
            if (ours === 'pass' && (theirs === '3944' || effect !== '')) holes.push(line);
          }
          console.log(`${name}: ${JSON.stringify(count, undefined, 1)} (seed ${seed})`);
          if (report !== undefined) writeFileSync(`${report}-${name}`, lines.sort().join('\n'));
          expect(holes).toEqual([]);
        },
      );
    },
  );
});

import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { firstRow, lastLine, openStage, type Stage } from '../../test/relay/live/stage.ts';
import { type RunningServer, startServer } from '../../test/servers/index.ts';

export const GTIDS: readonly string[] = [
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--log-bin=mysql-bin',
  '--max-binlog-size=1G',
  // What is measured is reading: the source writes as fast as it can.
  '--sync-binlog=0',
  '--innodb-flush-log-at-trx-commit=0',
];

const ASK_MS = 20;

/** A source and a relay behind it, over TLS, and a folder that goes with them. */
export interface Bench {
  readonly folder: string;
  readonly source: RunningServer;
  readonly stage: Stage;
  /** Waits until the relay has what the source has. */
  caughtUp(): Promise<void>;
  end(): Promise<void>;
}

export async function openBench(): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'rowlock-bench-'));
  const source = await startServer('mysql97', `bench-source-${process.pid}`, {
    args: ['--server-id=1', ...GTIDS],
  });
  await source.query(
    "CREATE USER repl@'%'; GRANT REPLICATION SLAVE ON *.* TO repl@'%'; RESET BINARY LOGS AND GTIDS; CREATE DATABASE d",
  );
  const stage = await openStage({ folder: join(folder, 'relay') });
  const { root } = stage;
  await root.query("CREATE USER reader IDENTIFIED BY 'pw'");
  await root.query('GRANT REPLICATION SLAVE ON *.* TO reader');
  await root.query(
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${source.port}, SOURCE_USER='repl', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1, REQUIRE_ROW_FORMAT=1`,
  );
  return {
    folder,
    source,
    stage,
    caughtUp: async () => {
      const wanted = lastLine(await source.query('SELECT @@global.gtid_executed'));
      for (let round = 1; ; round += 1) {
        if (String(await root.value('SELECT @@global.gtid_executed')) === wanted) return;
        // The relay answers on the thread that is measured: it is not asked often.
        await pause(ASK_MS);
        if (round % 20 > 0) continue;
        const { Last_IO_Error: receiver, Last_SQL_Error: applier } = await firstRow(
          root,
          'SHOW REPLICA STATUS',
        );
        if (`${receiver}${applier}` !== '') throw new Error(`${receiver}${applier}`);
      }
    },
    end: async () => {
      await stage.root.close().catch(() => undefined);
      await stage.relay.close().catch(() => undefined);
      await source.wipe();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Rows of a kilobyte, a thousand to a transaction. */
export async function fillLog({ source }: Bench, megabytes: number): Promise<void> {
  await source.query(`CREATE TABLE d.t (a INT PRIMARY KEY AUTO_INCREMENT, b TEXT); INSERT INTO d.t (b) VALUES (REPEAT('x', 1000));
    ${"INSERT INTO d.t (b) SELECT REPEAT('y', 1000) FROM d.t LIMIT 1000;".repeat(10)}`);
  const rest = Math.max(0, Math.ceil(megabytes - 2));
  for (let done = 0; done < rest; done += 20) {
    const more = Math.min(20, rest - done);
    await source.query("INSERT INTO d.t (b) SELECT REPEAT('z', 1000) FROM d.t LIMIT 1000;".repeat(more));
  }
}

/** Processor time of this process, in milliseconds: unlike the time that passes, it means something on a busy machine. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

export const since = (start: number): number => performance.now() - start;

/** A line of the report, with the load of the machine when it was written. */
export function report(what: string, milliseconds: number, more = ''): void {
  process.stdout.write(
    `${what.padEnd(48)} ${milliseconds.toFixed(0).padStart(7)} ms ${more} (load ${loadavg()[0]!.toFixed(1)})\n`,
  );
}

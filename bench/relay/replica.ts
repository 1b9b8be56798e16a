import { setTimeout as pause } from 'node:timers/promises';
import { lastLine } from '../../test/relay/live/stage.ts';
import { startServer } from '../../test/servers/index.ts';
import { GTIDS, openBench, report, since } from './stage.ts';

/** 100,000 small transactions to a real replica: directly from the source, and through the relay. The log is there before. */
const COUNT = Number(process.env['BENCH_TRANSACTIONS'] ?? 100_000);
const bench = await openBench();
const replica = await startServer('mysql97', `bench-replica-${process.pid}`, {
  args: ['--server-id=3', ...GTIDS],
});
try {
  const { source, stage } = bench;
  await source.query(
    `CREATE TABLE d.s (a INT PRIMARY KEY AUTO_INCREMENT, b INT);
DELIMITER //
CREATE PROCEDURE d.fill(n INT) BEGIN WHILE n > 0 DO INSERT INTO d.s (b) VALUES (n); SET n = n - 1; END WHILE; END//
DELIMITER ;
CALL d.fill(${COUNT})`,
    { timeoutMs: 600_000 },
  );
  const wanted = lastLine(await source.query('SELECT @@global.gtid_executed'));
  const follow = async (port: number, user: string, password: string): Promise<number> => {
    await replica.query(
      'STOP REPLICA; RESET REPLICA ALL; DROP DATABASE IF EXISTS d; RESET BINARY LOGS AND GTIDS',
    );
    await replica.query(
      `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='${user}', SOURCE_PASSWORD='${password}', SOURCE_AUTO_POSITION=1, SOURCE_SSL=1`,
    );
    const start = performance.now();
    await replica.query('START REPLICA');
    while (lastLine(await replica.query('SELECT @@global.gtid_executed')) !== wanted) await pause(50);
    return since(start);
  };
  const speed = (milliseconds: number): string =>
    `${((COUNT * 1000) / milliseconds).toFixed(0)} transactions/s`;
  for (let round = 0; round < 2; round += 1) {
    const direct = await follow(source.port, 'repl', '');
    report('a replica on the source', direct, speed(direct));
    await stage.root.query('STOP REPLICA');
    await stage.root.query('RESET REPLICA');
    await stage.root.query('RESET BINARY LOGS AND GTIDS');
    await stage.root.query('START REPLICA');
    const through = await follow(stage.relay.port, 'reader', 'pw');
    report(
      'a replica behind a relay that begins with it',
      through,
      `${speed(through)}, × ${(direct / through).toFixed(2)}`,
    );
  }
} finally {
  await replica.wipe();
  await bench.end();
}

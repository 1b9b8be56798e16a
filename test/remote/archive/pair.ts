import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningServer, type ServerName, startServer } from '../../servers/index.ts';
import { gtidsOfLogs } from './stage.ts';

/** How a pair of servers of one kind replicates and is asked; the account of replicas and archives is r, password pw. */
interface Dialect {
  readonly args: readonly string[];
  readonly reset: string;
  readonly follow: (port: number) => string;
  readonly promote: string;
  readonly executed: string;
}

const MYSQL: Dialect = {
  args: [],
  reset: 'RESET BINARY LOGS AND GTIDS',
  follow: (port) =>
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='r', SOURCE_PASSWORD='pw', SOURCE_SSL=1, SOURCE_AUTO_POSITION=1; START REPLICA`,
  promote: 'STOP REPLICA; RESET REPLICA ALL',
  executed: 'SELECT @@gtid_executed',
};

const MARIADB: Dialect = {
  args: ['--log-slave-updates=1', '--gtid-strict-mode=1'],
  reset: 'RESET MASTER',
  follow: (port) =>
    `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='r', MASTER_PASSWORD='pw', MASTER_SSL=0, MASTER_USE_GTID=current_pos; START SLAVE`,
  promote: 'STOP SLAVE; RESET SLAVE ALL',
  executed: 'SELECT @@gtid_binlog_pos',
};

const ACCOUNT =
  "SET sql_log_bin=0; CREATE USER r@'%' IDENTIFIED BY 'pw'; GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO r@'%'";

/** Two servers that replicate from each other, one at a time. */
export class Pair {
  readonly one: RunningServer;
  readonly two: RunningServer;
  readonly #dialect: Dialect;

  private constructor(one: RunningServer, two: RunningServer, dialect: Dialect) {
    this.one = one;
    this.two = two;
    this.#dialect = dialect;
  }

  static async start(name: ServerName, tag: string, args: readonly string[] = []): Promise<Pair> {
    const dialect = name.startsWith('mariadb') ? MARIADB : MYSQL;
    const servers: RunningServer[] = [];
    for (const which of ['one', 'two']) {
      const all = ['--sync-binlog=0', '--innodb-flush-log-at-trx-commit=0', ...dialect.args, ...args];
      const server = await startServer(name, `${tag}-${which}-${process.pid}`, { args: all });
      await server.query(ACCOUNT);
      servers.push(server);
    }
    return new Pair(servers[0]!, servers[1]!, dialect);
  }

  /** As if neither had ever written anything. */
  async reset(): Promise<void> {
    for (const server of [this.one, this.two])
      await server.query(`SET sql_log_bin=0; DROP DATABASE IF EXISTS d; ${this.#dialect.reset}`);
  }

  async follow(replica: RunningServer, source: RunningServer): Promise<void> {
    await replica.query(this.#dialect.follow(source.port));
  }

  async promote(replica: RunningServer): Promise<void> {
    await replica.query(this.#dialect.promote);
  }

  async executed(server: RunningServer): Promise<string> {
    const answer = await server.query(this.#dialect.executed);
    return answer.split('\n').slice(1).join('').replaceAll('\\n', '').trim();
  }

  /** Waits until a replica has everything of its source. */
  async caughtUp(replica: RunningServer, source: RunningServer): Promise<void> {
    const wanted = await this.executed(source);
    while ((await this.executed(replica)) !== wanted) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  /** Every transaction in a server's logs, in their order. */
  written(server: RunningServer): string[] {
    const index = readFileSync(join(server.dataFolder, 'mysql-bin.index'), 'utf8').trim().split('\n');
    return gtidsOfLogs(server.dataFolder, index).map(({ gtid }) => gtid);
  }

  async wipe(): Promise<void> {
    await this.one.wipe();
    await this.two.wipe();
  }
}

import { join } from 'node:path';
import { type ProgramResult, type RunningServer, runTool, type ServerName } from '../servers/index.ts';

/** Where the hosts of a drill keep their files. */
export const hostFolder = (folder: string, name: string): string => join(folder, 'hosts', name);

/** What makes a server use the pair of a host, and refuse everything but TLS where it can. */
export function pairOptions(folder: string, host: string): string[] {
  const at = hostFolder(folder, host);
  return [`--ssl-ca=${at}/ca.pem`, `--ssl-cert=${at}/server-cert.pem`, `--ssl-key=${at}/server-key.pem`];
}

/** A command-line client and what makes it verify the server, its name included. */
export interface DrillClient {
  readonly server: ServerName;
  readonly tool: 'mysql' | 'mariadb';
  readonly verify: readonly string[];
}

export const mysqlClient: DrillClient = {
  server: 'mysql97',
  tool: 'mysql',
  verify: ['--ssl-mode=VERIFY_IDENTITY'],
};

export const mariadbClient = (server: ServerName, ...more: readonly string[]): DrillClient => ({
  server,
  tool: 'mariadb',
  verify: ['--ssl-verify-server-cert', ...more],
});

/** Who logs in, and with whose files. */
export interface Login {
  readonly user: string;
  /** Host whose client pair is shown. */
  readonly pair: string;
  /** Host whose ca.pem is believed; the same one when absent. */
  readonly trust?: string;
}

/** One statement over a connection of its own, with everything verified. */
export function runAs(
  folder: string,
  client: DrillClient,
  { user, pair, trust = pair }: Login,
  port: number,
  sql: string,
): Promise<ProgramResult> {
  const at = hostFolder(folder, pair);
  return runTool(client.server, client.tool, [
    '--no-defaults',
    '--host=127.0.0.1',
    `--port=${port}`,
    '--protocol=tcp',
    `--user=${user}`,
    ...client.verify,
    `--ssl-ca=${hostFolder(folder, trust)}/ca.pem`,
    `--ssl-cert=${at}/client-cert.pem`,
    `--ssl-key=${at}/client-key.pem`,
    '--batch',
    '--skip-column-names',
    '-e',
    sql,
  ]);
}

/** A program that writes all the time. */
export interface Writer {
  /** Runs an action that takes the server away: writes that began or ended meanwhile may fail. */
  during(action: () => Promise<void>): Promise<void>;
  /** Ends it. `rows` were written; `failures` are those outside of what `during` ran, `excused` those inside. */
  stop(): Promise<{ readonly rows: number; readonly failures: readonly string[]; readonly excused: number }>;
}

/** A client reads certificate and key one after the other: no rename keeps the two together for it. */
const MIXED_PAIR = /key values mismatch/;

/** Writes a row a connection into `drill.t`, from 1 upwards, each until it is in. */
export function startWriter(folder: string, client: DrillClient, login: Login, port: number): Writer {
  let [stopping, rows, excused, interruptions, away] = [false, 0, 0, 0, false];
  const failures: string[] = [];
  const loop = (async () => {
    while (!stopping) {
      const [before, begunAway] = [interruptions, away];
      // What a server committed before it ended may not have been said any more.
      const sql = `insert ignore into drill.t values (${rows + 1})`;
      const { exit, stderr } = await runAs(folder, client, login, port, sql);
      if (exit === 0) rows++;
      // It opened one file before the change and the other behind it; it connects again, as its operator's script would.
      else if (MIXED_PAIR.test(stderr)) continue;
      else if (begunAway || before !== interruptions) excused++;
      else failures.push(stderr);
    }
  })();
  return {
    during: async (action) => {
      interruptions++;
      away = true;
      try {
        await action();
      } finally {
        away = false;
      }
    },
    stop: async () => {
      stopping = true;
      await loop;
      return { rows, failures, excused };
    },
  };
}

/** How a replica tells whether it has reached its source: a statement, what it prints then, and what it never may. */
interface ReplicaWords {
  readonly ask: string;
  readonly connected: RegExp;
  readonly broken: RegExp;
  readonly reconnect: string;
}

const words: Readonly<Record<'mysql' | 'mariadb' | 'mysql56', ReplicaWords>> = {
  mysql: {
    ask: 'select service_state, last_error_message from performance_schema.replication_connection_status',
    connected: /^ON\t/m,
    broken: /error connecting/,
    reconnect: 'STOP REPLICA IO_THREAD; START REPLICA IO_THREAD',
  },
  mariadb: {
    ask: 'show slave status\\G',
    connected: /Slave_IO_Running: Yes/,
    broken: /Last_IO_Error: \S/,
    reconnect: 'STOP SLAVE IO_THREAD; START SLAVE IO_THREAD',
  },
  mysql56: {
    ask: 'show slave status\\G',
    connected: /Slave_IO_Running: Yes/,
    broken: /Last_IO_Error: \S/,
    reconnect: 'STOP SLAVE IO_THREAD; START SLAVE IO_THREAD',
  },
};

const wordsOf = ({ name }: RunningServer): ReplicaWords =>
  words[name === 'mysql97' ? 'mysql' : name === 'mysql56' ? 'mysql56' : 'mariadb'];

/** Waits until a replica has its source. @throws Error with its words as soon as it says why not */
export async function untilReplicating(replica: RunningServer, isExcused = false): Promise<void> {
  const { ask, connected, broken } = wordsOf(replica);
  let state = '';
  for (let attempt = 0; attempt < 300; attempt++) {
    state = await replica.query(ask, { args: ['--skip-ssl'].filter(() => replica.name !== 'mysql97') });
    if (connected.test(state)) return;
    if (!isExcused && broken.test(state)) break;
    await replica.query('do sleep(0.1)');
  }
  throw new Error(`${replica.tag} has no source: ${state.replace(/^.*: (Yes|No|0|None|\w*)?$/gm, '')}`);
}

/** Every replica connects anew, with the files as they are now. */
export async function reconnectAll(replicas: readonly RunningServer[]): Promise<void> {
  for (const replica of replicas) {
    await replica.query(wordsOf(replica).reconnect);
    await untilReplicating(replica);
  }
}

/** Waits until a replica has as many rows as were written. */
export async function untilRows(replica: RunningServer, rows: number): Promise<void> {
  let seen = -1;
  for (let attempt = 0; attempt < 600 && seen !== rows; attempt++) {
    const said = await replica.query('select count(*) from drill.t', { force: true });
    seen = Number(said.trim().split('\n').at(-1) || -1);
    if (seen !== rows) await replica.query('do sleep(0.05)');
  }
  if (seen !== rows) {
    const state = await replica.query(wordsOf(replica).ask);
    throw new Error(`${replica.tag} has ${seen} of ${rows} rows: ${state}`);
  }
}

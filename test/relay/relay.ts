import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, connect } from '../../src/connection/index.ts';
import { openRelay, type RelayOptions, type RunningRelay } from '../../src/relay/index.ts';
import { IdleStreams } from './idle-streams.ts';
import { startTestReader } from './start-reader.ts';

/** A line of the audit log. */
export interface AuditLine {
  readonly event: string;
  readonly [detail: string]: string | number | undefined;
}

/** A relay of a test, with what it told its logs. */
export interface TestRelay extends RunningRelay {
  readonly audit: readonly AuditLine[];
  readonly failures: readonly unknown[];
  /** Option file of root@localhost. */
  readonly rootFile: string;
  readonly password: string;
  /** Authority of its certificate. */
  readonly authority: string;
  /** Opens a session by the socket; root's, unless it says whose. */
  session(user?: string, password?: string): Promise<Connection>;
  /** Closes it and removes its folder. */
  wipe(): Promise<void>;
}

/** Starts a relay in a folder of its own, with channels that move nothing. */
export async function startRelay(options: Partial<RelayOptions> = {}): Promise<TestRelay> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'rowlock-relay-'));
  const audit: AuditLine[] = [];
  const failures: unknown[] = [];
  const relay = await openRelay({
    flavor: 'mysql',
    programVersion: 'test',
    variables: {},
    port: 0,
    bindAddress: '127.0.0.1',
    socket: 'relay.sock',
    environment: {},
    openStreams: async ({ channels }) =>
      Object.assign(new IdleStreams(channels), { close: async () => undefined }),
    startReader: startTestReader,
    audit: { record: (event, details) => void audit.push({ event, ...details }) },
    report: (error) => void failures.push(error),
    onShutdown: () => undefined,
    reopenLogs: () => undefined,
    skipReplicaStart: true,
    ...options,
    folder,
  }).catch((error: unknown) => {
    if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    throw error;
  });
  const rootFile = join(folder, 'root.cnf');
  const password = /^password=(.*)$/m.exec(readFileSync(rootFile, 'utf8'))![1]!;
  return Object.assign(relay, {
    audit,
    failures,
    rootFile,
    password,
    authority: join(folder, 'certificates', 'ca.pem'),
    session: (user = 'root', secret = password) =>
      connect({ socketPath: relay.socket, user, passwords: [secret], ssl: { sslMode: 'DISABLED' } }),
    wipe: async () => {
      await relay.close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

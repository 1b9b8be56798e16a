import type { Session } from '../connection/index.ts';
import type { MariadbGtid, MysqlGtid } from '../gtid/index.ts';
import type { Until } from '../replication/index.ts';
import type { ChannelConfiguration } from './channel/configuration.ts';
import type { ChannelStatus } from './channel/status.ts';
import type { StartCredentials, Threads } from './channel/threads.ts';

/**
 * What the statements of a relay ask of its streams: channels in, own binary log, dumps out. The statement rooms know this interface
 * and nothing of how bytes move; the streams know nothing of SQL or accounts.
 */
export interface Streams {
  readonly channels: Channels;
  readonly binaryLog: BinaryLogControl;
  readonly dumps: Dumps;
}

export interface Channels {
  /** Sorted by name; the default channel comes first. */
  readonly all: readonly ChannelControl[];
  get(channel: string): ChannelControl | undefined;
  /** Makes the channel or changes it. The caller has checked the statement's rules and stored the configuration. `anew`: it begins at its
   * place whatever was received before. */
  configure(configuration: ChannelConfiguration, anew?: boolean): Promise<ChannelControl>;
  /** RESET REPLICA ALL: the channel is no more. */
  remove(channel: string): Promise<void>;
}

export interface ChannelControl {
  readonly configuration: ChannelConfiguration;
  status(): ChannelStatus;
  /** Comes back as the server's own statement does: when the threads run, before they are connected. */
  start(threads: Threads, until?: Until, credentials?: StartCredentials): Promise<void>;
  /** Comes back when they have stopped. */
  stop(threads: Threads): Promise<void>;
  /** RESET REPLICA: relay logs go, positions are forgotten. Both threads have stopped. */
  reset(): Promise<void>;
  /** FLUSH RELAY LOGS: the next transaction goes to a new file. */
  flushRelayLog(): Promise<void>;
  /** SHOW RELAYLOG EVENTS. */
  relayLogEvents(file: string | undefined, position: number, limit: EventLimit): AsyncIterable<EventLine>;
}

/** LIMIT offset, count. */
export interface EventLimit {
  readonly offset: number;
  readonly count: number;
}

/** A line of SHOW BINLOG EVENTS. */
export interface EventLine {
  readonly logName: string;
  readonly position: number;
  readonly eventType: string;
  readonly serverId: number;
  readonly endLogPosition: number;
  readonly info: string;
}

export interface BinaryLogFile {
  /** `binlog.000001`, without its folder. */
  readonly name: string;
  readonly size: number;
  /** How many read it now. */
  readonly readers: number;
}

export interface BinaryLogControl {
  readonly files: readonly BinaryLogFile[];
  /** Where the next event goes. */
  readonly end: { readonly file: string; readonly position: number };
  /** MySQL: gtid_executed and gtid_purged. MariaDB: gtid_binlog_state, and the state the first file begins with. */
  readonly gtidExecuted: string;
  readonly gtidPurged: string;
  /** MariaDB's gtid_binlog_pos and gtid_current_pos. */
  readonly gtidPosition: string;
  events(file: string | undefined, position: number, limit: EventLimit): AsyncIterable<EventLine>;
  /** SET GTID_NEXT, COMMIT; SET GLOBAL gtid_slave_pos of MariaDB: an empty transaction of that name. */
  executeEmpty(gtid: MysqlGtid | MariadbGtid): Promise<void>;
  /** FLUSH BINARY LOGS. */
  rotate(): Promise<void>;
  /** Removes files before the named one; gives the names kept because a replica reads them. @throws 1373 for an unknown name */
  purgeTo(file: string): Promise<readonly string[]>;
  purgeBefore(time: Date): Promise<readonly string[]>;
  /** SET GLOBAL gtid_purged; gtid_slave_pos of MariaDB: begins behind these transactions. @throws 1840 there are some already */
  beginBehind(gtids: string): Promise<void>;
  /** RESET BINARY LOGS AND GTIDS [TO n]. */
  reset(firstNumber?: number): Promise<void>;
  /** BINLOG_GTID_POS(file, position) of MariaDB; undefined where unknown. */
  gtidPositionAt(file: string, position: number): Promise<string | undefined>;
}

/** What COM_REGISTER_SLAVE said. */
export interface RegisteredReplica {
  readonly serverId: number;
  readonly host: string;
  readonly port: number;
  readonly uuid: string;
}

/** What a session asked for before its dump, in variables and in the command itself. */
export interface DumpOrder {
  readonly from:
    | { readonly kind: 'position'; readonly file: string; readonly position: number }
    | {
        readonly kind: 'mysqlGtids';
        readonly encodedSet: Uint8Array;
        readonly file: string;
        readonly position: number;
      }
    | {
        readonly kind: 'mariadbGtids';
        readonly gtids: string;
        /** A replica that begins in a hole of the log is refused. */
        readonly strict: boolean;
        /** A replica may have what comes here later: it has another source besides. */
        readonly ignoresDuplicates: boolean;
      };
  readonly nonBlocking: boolean;
  /** Flag 2: MySQL, heartbeats of version 2; MariaDB, Annotate_rows wanted. */
  readonly flags: number;
  readonly serverId: number;
  /** Empty: it named none. */
  readonly uuid: string;
  /** Nanoseconds; 0: none. */
  readonly heartbeatPeriod: number;
  /** What the replica understands: undefined, it named none. */
  readonly checksum: 'NONE' | 'CRC32' | undefined;
  readonly mariadbCapability: number;
  /** MariaDB's @slave_until_gtid. */
  readonly untilGtids: string | undefined;
  readonly semiSync: boolean;
}

export interface Dumps {
  /** SHOW REPLICAS. */
  readonly replicas: readonly RegisteredReplica[];
  /** Replicas that acknowledge what they have written, and how often they did. */
  readonly semiSync: { readonly clients: number; readonly acknowledged: number };
  register(session: Session, replica: RegisteredReplica): void;
  /**
   * Serves a dump on this session until the replica goes, is told an error (1236 …), or `signal` aborts. An older dump of the same
   * replica ends.
   *
   * @param waits told when all has been sent, and when there is more again
   */
  serve(
    session: Session,
    order: DumpOrder,
    signal: AbortSignal,
    waits?: (isWaiting: boolean) => void,
  ): Promise<void>;
  /**
   * Ends all dumps, or the one of a session, as a server does that shuts down: the client hears that nothing more comes. Resolved when they
   * have ended; a client that reads nothing is not waited for longer than a second.
   */
  finish(session?: Session): Promise<void>;
}

/** What a table privilege check may ask for, in GRANT's words. */
export type TablePrivilege =
  | 'SELECT'
  | 'INSERT'
  | 'UPDATE'
  | 'DELETE'
  | 'CREATE'
  | 'CREATE VIEW'
  | 'ALTER'
  | 'DROP'
  | 'INDEX'
  | 'REFERENCES';

/** The accounts, as far as PRIVILEGE_CHECKS_USER needs them. Asked for every table map: answers come from memory. */
export interface PrivilegeChecks {
  exists(user: string, host: string): boolean;
  /** REPLICATION_APPLIER, without which a channel does not start (13496). */
  mayApply(user: string, host: string): boolean;
  /** RELOAD, which FLUSH needs. */
  mayReload(user: string, host: string): boolean;
  allows(user: string, host: string, privilege: TablePrivilege, schema: string, table: string): boolean;
}

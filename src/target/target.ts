import type { Query, RawEvent, Rows, TableMap } from '../binlog/index.ts';
import type { SourcePosition } from '../replication/index.ts';
import type { TableStatement } from '../sql/index.ts';
import type { SchemaNames } from './applier/rename-schemas.ts';
import type { LogicalTime } from './logical-clock.ts';
import type { StatementContext, Table } from './schema/index.ts';

/** What a target says at once, or later where it has to ask a server. */
export type Awaitable<T> = T | Promise<T>;

/** Asks the source, by names of the target, for what was there before its log began to be read. */
export interface SourceLookUp {
  /** A table that the log does not describe; undefined: it has none of that name. */
  table(schema: string, name: string): Promise<Table | undefined>;
  /** The default collation of a schema; undefined: it does not show it, or cannot be reached. */
  collation(schema: string): Promise<string | undefined>;
  /** Its `explicit_defaults_for_timestamp`, of new sessions; undefined: it cannot be reached. */
  explicitDefaultsForTimestamp(): Promise<boolean | undefined>;
  /** What `time_zone=SYSTEM` means to it (`system_time_zone`), as the system names it: `UTC`, `CET`; undefined: it cannot be reached. */
  systemTimeZone(): Promise<string | undefined>;
  /** `YYYY-MM-DD hh:mm:ss` of one time zone in another one, by names that sessions of the source have for them; undefined as above. */
  inZone(moment: string, from: string, to: string): Promise<string | undefined>;
}

/** A place between two transactions, worked out only when it is kept: most are passed over. */
export type PositionMark = () => SourcePosition;

/** A transaction of the source that is about to be applied. */
export interface SourceTransaction {
  /** `uuid:tag:number`, `domain-server-sequence`; undefined: anonymous. */
  readonly gtid: string | undefined;
  /** Where it begins in the source's log, for messages. */
  readonly file: string;
  readonly position: number;
  /** What it must wait for; undefined: all before it. */
  readonly time?: LogicalTime | undefined;
  /** By what whoever applies knows it again in {@link Target.workers}. */
  readonly label?: TransactionLabel | undefined;
}

/** A transaction of the source, as whoever applies it knows it. */
export interface TransactionLabel {
  /** When a target that is a server has committed it, milliseconds since 1970; 0: it has not. */
  committedAt: number;
}

/** A transaction that a session of the target has, or had. */
export interface WorkerTransaction {
  readonly transaction: SourceTransaction;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** 0: it is not committed. */
  readonly endedAt: number;
  /** Why it was tried again, for the last time so far. */
  readonly retry: TargetRetry | undefined;
}

/** What a session that applies is doing. */
export interface TargetWorker {
  readonly applying: WorkerTransaction | undefined;
  readonly lastApplied: WorkerTransaction | undefined;
  /** What made it fail, and when; undefined: it has not. */
  readonly failure: { readonly error: unknown; readonly at: number } | undefined;
}

/** One rows event, with the map that it follows. Borrowed: valid until the call comes back. */
export interface RowsOfTable {
  readonly map: TableMap;
  readonly rows: Rows;
  /** For targets that replay events as they are. Inside a compressed transaction, the events of the payload. */
  readonly mapEvent: RawEvent;
  readonly rowsEvent: RawEvent;
  /** Statement settings that decide how rows are taken: flags of the rows event (foreign keys, unique checks). */
  readonly flags: number;
}

/** When a statement ran, and in which time zone its session was. */
export interface StatementClock {
  /** Since 1970. */
  readonly seconds: number;
  /** Of that second; 0: nothing in the statement asked for them. */
  readonly microseconds: number;
  /** `SYSTEM`, `+02:00`, `Europe/Berlin`; undefined: what the statement does hangs on none. */
  readonly timeZone: string | undefined;
}

/** A statement that is not rows. */
export interface Definition {
  /** What it does to tables; `other`, `unknown` too. */
  readonly statement: TableStatement;
  /** As logged, in the character set of its client. */
  readonly sql: Uint8Array;
  /** What schemas that `sql` names are called in the target; undefined: the same. `statement` and the default schema say so already. */
  readonly nameOf?: SchemaNames | undefined;
  readonly context: StatementContext;
  readonly clock: StatementClock;
  /** The session's `sql_mode`, as bits. */
  readonly sqlMode?: bigint | undefined;
  /** Of the event, for targets that replay it: time zone, sql_mode, character sets. */
  readonly event: RawEvent;
}

/** Why a transaction was tried again, for the last time so far. */
export interface TargetRetry {
  /** Of the source's transaction; undefined: anonymous. */
  readonly gtid: string | undefined;
  readonly errno: number;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How often it was tried again. */
  readonly tries: number;
}

/**
 * Where rows go. Calls come in order and one at a time:
 *
 *     open → (begin → (rows | define)* → commit | rollback)* → close
 *
 * A target keeps the position it was told of in the same transaction as the rows: what {@link open} gives back is what has truly been
 * applied. It may put several transactions of the source into one of its own, and make them durable at {@link flush}.
 */
export interface Target {
  /** `sqlite`, `mysql`, … */
  readonly kind: string;
  /** Transactions that lost a lock and were tried again, since {@link open}. */
  readonly retried?: number;
  /** The last of them. */
  readonly lastRetry?: TargetRetry | undefined;
  /** Its sessions, where it is a server: more come as they are needed. */
  readonly workers?: readonly TargetWorker[];
  /** After an error it takes nothing any more: what it has committed by then is what it has. */
  readonly hasFailed?: boolean;
  /** Where the channel stands; undefined: nothing was applied yet. */
  open(channel: string): Awaitable<SourcePosition | undefined>;
  begin(transaction: SourceTransaction): Awaitable<void>;
  /** The statement that began the transaction at the source: its session's settings. */
  session?(begin: Query): Awaitable<void>;
  rows(rows: RowsOfTable): Awaitable<void>;
  define(definition: Definition): Awaitable<void>;
  /** SAVEPOINT and ROLLBACK TO inside the transaction that is open. */
  savepoint(name: string): Awaitable<void>;
  rollbackTo(name: string): Awaitable<void>;
  /** Keeps the rows of a prepared XA transaction, in the transaction that is open. */
  keepPrepared(xid: string, events: Uint8Array): Awaitable<void>;
  /** Gives them back and forgets them; undefined where nothing of that name was prepared. */
  takePrepared(xid: string): Awaitable<Uint8Array | undefined>;
  /** The transaction is whole; `after` says where the next one begins, when it is asked. */
  commit(after: PositionMark | undefined): Awaitable<void>;
  /** Notes where the channel stands, outside of a transaction: where it began. */
  mark(position: SourcePosition): Awaitable<void>;
  /** Forgets what came since {@link begin}. */
  rollback(): Awaitable<void>;
  /** Makes durable what has been committed; never called while a transaction is open. */
  flush(): Awaitable<void>;
  /**
   * What has been committed goes on its way, and nobody waits: more may be given meanwhile. Resolved when one of the transactions under way
   * is committed, by its {@link TransactionLabel}, or none will be any more; never rejected. Undefined: {@link flush} waits for nobody else.
   */
  underWay?(): Promise<void> | undefined;
  close(): Awaitable<void>;
}

/** REQUIRE_TABLE_PRIMARY_KEY_CHECK: whether tables without a key are refused, as the source had it, or get one of the target's own. */
export type PrimaryKeyCheck = 'STREAM' | 'ON' | 'OFF' | 'GENERATE';

/** What to do with a row that is not as the source had it. */
export type ConflictRule = 'stop' | 'skip' | 'overwrite';

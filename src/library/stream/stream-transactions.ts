import { type EventBody, EventType, type RawEvent, xidText } from '../../binlog/index.ts';
import { LimitError } from '../../errors/index.ts';
import { statementText } from '../../replication/index.ts';
import { EventRows } from './event-rows.ts';
import type { FollowedLog } from './followed-log.ts';
import { Gathered, type LoggedStatement } from './gathered.ts';
import type { StreamChange } from './stream-change.ts';
import type { StreamPosition, TransactionOptions } from './stream-options.ts';

const MAX_CHANGES = 100_000;

/** A transaction that is committed, or, with two phases, prepared. */
export interface Transaction {
  /** `uuid:tag:number` or `domain-server-sequence`; undefined where GTIDs are off. */
  readonly gtid: string | undefined;
  /** The server's file, and where the transaction begins and ends in it, in bytes. */
  readonly file: string;
  readonly position: number;
  readonly endPosition: number;
  /** When it began, in seconds since 1970, by the clock of the server that ran it. */
  readonly timestamp: number;
  /** The server that ran it. */
  readonly serverId: number;
  readonly changes: readonly StreamChange[];
  readonly statements: readonly LoggedStatement[];
  /**
   * Name of an XA transaction, `X'616263',X'',1`, that was prepared and not yet committed: what becomes of these changes is said by a
   * later transaction, whose only statement is `XA COMMIT` or `XA ROLLBACK` and that name. Undefined: they are committed.
   */
  readonly prepared: string | undefined;
  /** Store it, give it back as `start`, and the stream goes on behind this transaction. */
  readonly resumeAt: StreamPosition | undefined;
}

export async function* transactionsOf(
  log: FollowedLog,
  options: TransactionOptions,
  skip: number,
): AsyncGenerator<Transaction, void, undefined> {
  const gathering = new Gathering(log, options, skip);
  try {
    for (;;) {
      for (let event = log.next(); event !== undefined; event = log.next()) {
        gathering.take(event);
        if (gathering.isUnnamed) await gathering.name();
        const transaction = gathering.finished();
        if (transaction !== undefined) yield transaction;
      }
      if (!(await log.wait())) return;
    }
  } finally {
    log.close();
  }
}

/** What has come of the transaction that is under way. */
class Gathering {
  readonly #log: FollowedLog;
  readonly #rows: EventRows;
  readonly #maxChanges: number;
  #gathered = new Gathered();
  #prepared: string | undefined;
  #begun = { file: '', position: 0, timestamp: 0, serverId: 0, gtid: undefined as string | undefined };

  constructor(log: FollowedLog, options: TransactionOptions, skip: number) {
    this.#log = log;
    this.#rows = new EventRows(log, options, skip);
    this.#maxChanges = options.maxChanges ?? MAX_CHANGES;
  }

  get isUnnamed(): boolean {
    return this.#rows.isUnnamed;
  }

  take(event: RawEvent): void {
    const { place } = this.#log;
    if (place === 'begins' || place === 'alone') {
      const { position, timestamp, serverId } = event;
      const { file, gtid } = this.#log;
      this.#begun = { file, position, timestamp, serverId, gtid };
      this.#gathered = new Gathered();
      this.#prepared = undefined;
    }
    if (place === 'outside') return;
    this.#rows.begin(event);
    this.#collect();
    if (event.type === EventType.QUERY_EVENT || event.type === EventType.QUERY_COMPRESSED_EVENT) {
      this.#note(this.#log.learned.decode(event));
    } else if (event.type === EventType.XA_PREPARE_LOG_EVENT) {
      const body = this.#log.learned.decode(event);
      if (body.kind === 'xaPrepare' && !body.onePhase) this.#prepared = xidText(body);
    }
  }

  async name(): Promise<void> {
    await this.#rows.name();
    this.#collect();
  }

  /** The transaction, where the last event ended one of which something is left. */
  finished(): Transaction | undefined {
    const { place } = this.#log;
    if (place !== 'ends' && place !== 'alone') return undefined;
    const gathered = this.#gathered;
    this.#gathered = new Gathered();
    if (gathered.isEmpty) return undefined;
    const mark = this.#log.positionMark();
    return {
      ...this.#begun,
      endPosition: this.#log.endPosition,
      changes: gathered.changes,
      statements: gathered.statements,
      prepared: this.#prepared,
      get resumeAt() {
        return mark?.();
      },
    };
  }

  #collect(): void {
    const { changes } = this.#gathered;
    for (let change = this.#rows.next(); change !== undefined; change = this.#rows.next()) {
      if (changes.length >= this.#maxChanges) {
        throw new LimitError(`transaction of more than ${this.#maxChanges} changes`, {
          context: { file: this.#log.file, position: change.position },
          hint: 'Raise `maxChanges`, or read with changes(), which holds no transaction in memory.',
        });
      }
      changes.push(change);
    }
  }

  #note(body: EventBody): void {
    if (body.kind !== 'query') return;
    const statement = statementText(body, this.#log.learned.state.flavor);
    this.#gathered.note({ schema: body.schema.toString(), statement });
  }
}

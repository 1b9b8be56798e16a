import {
  decodeBody,
  EventType,
  type LogState,
  MariadbGtidFlag,
  type RawEvent,
  xidText,
} from '../../binlog/index.ts';
import type { Target } from '../target.ts';
import { PreparedTransaction } from './prepared-transaction.ts';
import { xidOf } from './xid.ts';

const NONE: Iterable<RawEvent> = [];

/**
 * Rows of XA transactions. What becomes of them is said by XA COMMIT or ROLLBACK, which may come many transactions after XA PREPARE: the
 * target keeps their events until then.
 */
export class XaRows {
  readonly #target: Target;
  /** The XA transaction whose rows come. */
  #open: PreparedTransaction | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  /** MariaDB says with the GTID that what follows is an XA transaction until it is prepared; MySQL logs its XA START. */
  begin(event: RawEvent, state: LogState): void {
    if (event.type !== EventType.GTID_EVENT) return;
    const body = decodeBody(event, state);
    if (body.kind !== 'mariadbGtid' || body.xid === undefined) return;
    if ((body.flags & MariadbGtidFlag.PREPARED_XA) !== 0)
      this.#open = new PreparedTransaction(xidText(body.xid));
  }

  start(statement: Buffer): void {
    this.#open = new PreparedTransaction(xidOf(statement));
  }

  /** Takes rows of an XA transaction. False: they are of none, and count now. */
  take(mapEvent: RawEvent, rowsEvent: RawEvent): boolean {
    if (this.#open === undefined) return false;
    this.#open.add(mapEvent, rowsEvent);
    return true;
  }

  /** @returns the events that count now: all, where one phase has prepared and committed them */
  async prepare(isOnePhase: boolean): Promise<Iterable<RawEvent>> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return NONE;
    if (isOnePhase) return PreparedTransaction.events(open.bytes());
    await this.#target.keepPrepared(open.xid, open.bytes());
    return NONE;
  }

  /** @returns the events that count now; none of what was prepared before the channel began */
  async commit(statement: Buffer): Promise<Iterable<RawEvent>> {
    const kept = await this.#target.takePrepared(xidOf(statement));
    if (kept === undefined) return NONE;
    this.#open = undefined;
    return PreparedTransaction.events(kept);
  }

  async rollback(statement: Buffer): Promise<void> {
    await this.#target.takePrepared(xidOf(statement));
  }

  /** Forgets what came of one that is not prepared. */
  clear(): void {
    this.#open = undefined;
  }
}

import { GtidListFlag, type RawEvent, TransactionTracker } from '../../binlog/index.ts';
import { MariadbBinlogState, type MariadbGtid, type MariadbReplicaState } from '../../gtid/index.ts';
import { transactionGtid } from '../../replication/index.ts';

/** What is sent behind a transaction, and whether it is the last thing. */
export interface Landmark {
  readonly gtids: readonly MariadbGtid[];
  readonly flags: number;
  readonly isLast: boolean;
}

/**
 * Where a MariaDB replica is on its way through the log: it is told, in a GTID_LIST made for it, when what it has has been passed over, and
 * when it has all that it asked for (`@slave_until_gtid`). Both as MariaDB 11.8 tells it.
 */
export class MariadbProgress {
  readonly #tracker = new TransactionTracker();
  /** All that the log holds up to here. */
  readonly #state: MariadbBinlogState;
  readonly #ahead: Map<number, MariadbGtid>;
  readonly #left: Map<number, MariadbGtid> | undefined;
  #current: MariadbGtid | undefined;

  /**
   * @param before what stands before the file the dump begins with
   * @param ahead the replica's transactions that will be passed over; without those the dump begins right behind
   */
  constructor(
    before: readonly MariadbGtid[],
    ahead: readonly MariadbGtid[],
    until: MariadbReplicaState | undefined,
  ) {
    this.#state = new MariadbBinlogState(before);
    this.#ahead = new Map(ahead.map((gtid) => [gtid.domainId, gtid]));
    if (until === undefined) return;
    this.#left = new Map(until.gtids().map((gtid) => [gtid.domainId, gtid]));
  }

  /** Nothing more will be told: it need not be asked any more. */
  get isOver(): boolean {
    return this.#ahead.size === 0 && this.#left === undefined;
  }

  /** What is to be said before the first transaction. */
  begin(): Landmark | undefined {
    return this.#left?.size === 0 ? this.#landmark(true) : undefined;
  }

  /** Takes every event of the log, sent or passed over, and says what to send behind it. */
  visit(event: RawEvent): readonly Landmark[] {
    const place = this.#tracker.place(event);
    if (place === 'begins' || place === 'alone') {
      const gtid = transactionGtid(event);
      this.#current = gtid?.flavor === 'mariadb' ? gtid : undefined;
      if (this.#current !== undefined) this.#state.update(this.#current);
    }
    if (place !== 'ends' && place !== 'alone') return NOTHING;
    const gtid = this.#current;
    if (gtid === undefined) return NOTHING;
    const landmarks: Landmark[] = [];
    if (takeReached(this.#ahead, gtid)) landmarks.push(this.#landmark(false));
    if (this.#left !== undefined && takeReached(this.#left, gtid) && this.#left.size === 0)
      landmarks.push(this.#landmark(true));
    return landmarks;
  }

  /** A new file begins. */
  startFile(): void {
    this.#tracker.reset();
  }

  #landmark(isLast: boolean): Landmark {
    return { gtids: this.#state.gtids(), flags: isLast ? GtidListFlag.UNTIL_REACHED : 0, isLast };
  }
}

const NOTHING: readonly Landmark[] = [];

/** Whether the place that is wanted in the domain has come; then it is taken out. */
export function takeReached(
  wanted: Map<number, MariadbGtid>,
  { domainId, serverId, seqNo }: MariadbGtid,
): boolean {
  const gtid = wanted.get(domainId);
  const isReached = gtid !== undefined && gtid.serverId === serverId && gtid.seqNo <= seqNo;
  return isReached && wanted.delete(domainId);
}

import { MariadbReplicaState, MysqlGtidSet, parseMariadbGtidList } from '../../gtid/index.ts';
import type { TransactionGtid } from '../position/transaction-gtid.ts';
import { NO_UNTIL, type Until, type UntilStatus } from './until.ts';

/** Where the applier is between two transactions. */
export interface AppliedPlace {
  readonly sourceFile: string;
  readonly sourcePosition: number;
  readonly relayFile: string;
  readonly relayPosition: number;
}

/** START REPLICA … UNTIL, as the applier asks. */
export class UntilCondition {
  readonly #until: Until | undefined;
  readonly #set: MysqlGtidSet | undefined;
  readonly #state: MariadbReplicaState | undefined;
  #left: MysqlGtidSet | undefined;
  /** Domains of MariaDB whose last transaction has come. */
  readonly #done = new Set<number>();

  constructor(until: Until | undefined) {
    this.#until = until;
    if (until?.kind === 'beforeGtids' || until?.kind === 'afterGtids') {
      this.#set = MysqlGtidSet.parse(until.gtids);
      this.#left = this.#set;
    }
    if (until?.kind === 'mariadbGtids' || until?.kind === 'beforeMariadbGtids')
      this.#state = MariadbReplicaState.parse(until.gtids);
  }

  get status(): UntilStatus {
    const until = this.#until;
    if (until === undefined) return NO_UNTIL;
    if (until.kind === 'sourcePosition') return { ...until, condition: 'Master' };
    if (until.kind === 'relayPosition') return { ...until, condition: 'Relay' };
    return { condition: NAMES[until.kind], file: '', position: 0 };
  }

  /** Whether to stop before a transaction begins. */
  isReachedBefore(gtid: TransactionGtid | undefined, place: AppliedPlace): boolean {
    const until = this.#until;
    if (until === undefined) return false;
    if (until.kind === 'beforeGtids') return gtid?.flavor === 'mysql' && this.#set!.has(gtid);
    if (until.kind === 'mariadbGtids' || until.kind === 'beforeMariadbGtids') {
      // A domain the list does not name is not started any more; nor is one of which all has come, while others wait.
      if (gtid?.flavor !== 'mariadb') return false;
      const last = this.#state!.last(gtid.domainId);
      return (
        last === undefined ||
        this.#done.has(gtid.domainId) ||
        (until.kind === 'beforeMariadbGtids' && gtid.seqNo >= last.seqNo)
      );
    }
    return this.#isAt(place);
  }

  /** Whether to stop behind a transaction. `executed`: what the relay has of all channels. */
  isReachedAfter(gtid: TransactionGtid | undefined, place: AppliedPlace): boolean {
    const until = this.#until;
    if (until === undefined) return false;
    if (until.kind === 'afterGtids' && gtid?.flavor === 'mysql') {
      this.#left = this.#left!.subtract(MysqlGtidSet.of(gtid));
      return this.#left.isEmpty;
    }
    if (until.kind === 'mariadbGtids' && gtid?.flavor === 'mariadb') {
      return this.#state!.last(gtid.domainId)?.seqNo === gtid.seqNo && this.#isLastDomain(gtid);
    }
    return this.#isAt(place);
  }

  /** Takes what was executed before, and the place behind it; an empty file: none is known. Whether that is all that was asked for. */
  begin(executed: string, place: AppliedPlace): boolean {
    if (this.#until?.kind === 'afterMtsGaps') return true;
    if (this.#until?.kind === 'sourcePosition') return place.sourceFile !== '' && this.#isAt(place);
    if (this.#until?.kind === 'relayPosition') return this.#isAt(place);
    if (this.#state !== undefined) return this.#isBeyond(this.#state, executed);
    if (this.#set === undefined) return false;
    this.#left = this.#set.subtract(MysqlGtidSet.parse(executed));
    // What was to be stopped before has come, be it one of many: nothing more is started.
    return this.#until?.kind === 'beforeGtids' ? !this.#left.equals(this.#set) : this.#left.isEmpty;
  }

  /** MariaDB's: whether all of it was executed before. */
  #isBeyond(state: MariadbReplicaState, executed: string): boolean {
    const known = parseMariadbGtidList(executed);
    for (const { domainId, seqNo } of state.gtids()) {
      if (known.some((gtid) => gtid.domainId === domainId && gtid.seqNo >= seqNo)) this.#done.add(domainId);
    }
    return this.#done.size === state.gtids().length && this.#done.size > 0;
  }

  #isLastDomain({ domainId }: { readonly domainId: number }): boolean {
    this.#done.add(domainId);
    return this.#done.size === this.#state!.gtids().length;
  }

  #isAt({ sourceFile, sourcePosition, relayFile, relayPosition }: AppliedPlace): boolean {
    const until = this.#until;
    if (until?.kind === 'sourcePosition') return isBehind(sourceFile, sourcePosition, until);
    if (until?.kind === 'relayPosition') return isBehind(relayFile, relayPosition, until);
    return false;
  }
}

const NAMES = {
  beforeGtids: 'SQL_BEFORE_GTIDS',
  afterGtids: 'SQL_AFTER_GTIDS',
  mariadbGtids: 'Gtid',
  beforeMariadbGtids: 'Gtid',
  // A relay never leaves gaps.
  afterMtsGaps: 'DONE',
} as const;

const numberOf = (file: string): number => Number(/\.(\d+)$/.exec(file)?.[1] ?? 0);

function isBehind(
  file: string,
  position: number,
  until: { readonly file: string; readonly position: number },
): boolean {
  const distance = numberOf(file) - numberOf(until.file);
  return distance > 0 || (distance === 0 && position >= until.position);
}

import type { RawEvent } from '../../binlog/index.ts';
import {
  type SourceClient,
  type SourcePosition,
  type Until,
  UntilCondition,
} from '../../replication/index.ts';

/** Where a replication ends by itself, if anywhere: UNTIL, without a relay log. */
export class ReplicationEnd {
  readonly #condition: UntilCondition;
  #isReached = false;

  constructor(until: Until | undefined) {
    this.#condition = new UntilCondition(until);
  }

  get isReached(): boolean {
    return this.#isReached;
  }

  /** A target begins with what it has stored; that may be all that was asked for. */
  begin(stored: SourcePosition | undefined): void {
    this.#isReached = stored !== undefined && this.#isThere(stored);
  }

  /** The event is the first of a transaction. @returns whether it is one too many */
  isBefore(event: RawEvent, { file, gtid }: SourceClient): boolean {
    if (this.#condition.isReachedBefore(gtid, placeAt(file, event.position))) this.#isReached = true;
    return this.#isReached;
  }

  /** A transaction has been applied. */
  pass({ file, position, gtid }: SourceClient): void {
    if (this.#condition.isReachedAfter(gtid, placeAt(file, position))) this.#isReached = true;
  }

  #isThere({ file = '', position = 0, gtids = '' }: SourcePosition): boolean {
    return this.#condition.begin(gtids, placeAt(file, position));
  }
}

const placeAt = (sourceFile: string, sourcePosition: number) => ({
  sourceFile,
  sourcePosition,
  relayFile: '',
  relayPosition: 0,
});

import { gtidText, type TransactionGtid } from '../../../../replication/index.ts';
import { comparePlaces, type LogPlace } from '../../../../store/index.ts';
import { ChannelError } from '../../channel-error.ts';
import type { SourceFilePlace } from '../../source-place.ts';
import type { TransactionSink } from '../../transaction-sink.ts';
import type { Checkpoint } from './checkpoint.ts';

/** MariaDB's ER_GTID_STRICT_OUT_OF_ORDER */
const OUT_OF_ORDER = 1950;

export interface GtidOrderOptions {
  readonly sink: Pick<TransactionSink, 'has' | 'gtidPosition'>;
  readonly checkpoint: Pick<Checkpoint, 'isAgain'>;
  /** Where the binary log was when the run began: what lies before is in it. */
  readonly logged: LogPlace;
}

/**
 * Holds MariaDB's sequence numbers of a channel that follows positions against those that were here: one that comes again tells of a source
 * that began anew, or of a place that was read before.
 */
export class GtidOrder {
  readonly #options: GtidOrderOptions;

  constructor(options: GtidOrderOptions) {
    this.#options = options;
  }

  /**
   * @param begun where the transaction stands in the relay log
   * @param source where it stands in the source's
   * @throws ChannelError
   */
  check(gtid: TransactionGtid | undefined, begun: LogPlace, source: SourceFilePlace): void {
    if (gtid?.flavor !== 'mariadb') return;
    const { sink, checkpoint, logged } = this.#options;
    if (comparePlaces(begun, logged) < 0 || !sink.has(gtid)) return;
    // A relay log that lost its end has it again.
    if (checkpoint.isAgain(source)) return;
    throw new ChannelError(
      OUT_OF_ORDER,
      `An attempt was made to binlog GTID ${gtidText(gtid)} which would create an out-of-order sequence number with existing GTIDs ` +
        `${sink.gtidPosition}, and gtid strict mode is enabled. The binary log had it before: go on behind it, by MASTER_USE_GTID = ` +
        'slave_pos or by a later position; where the source began anew, so must the relay: RESET MASTER.',
    );
  }
}

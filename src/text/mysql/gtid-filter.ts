import { type EventBody, EventType, type RawEvent } from '../../binlog/index.ts';
import type { PrintOptions } from '../print-options.ts';
import { endsGroup } from './statement-kind.ts';

/** Events that belong to no transaction, even where they stand in the middle of one. */
const alwaysPass: ReadonlySet<number> = new Set([
  EventType.STOP_EVENT,
  EventType.FORMAT_DESCRIPTION_EVENT,
  EventType.ROTATE_EVENT,
  EventType.IGNORABLE_LOG_EVENT,
  EventType.INCIDENT_EVENT,
]);

/** Chooses transactions by their GTIDs: `--include-gtids`, `--exclude-gtids`, and `--skip-gtids`. */
export class GtidFilter {
  readonly #options: PrintOptions;
  /** The current transaction is not wanted. */
  #skipping = false;

  constructor(options: PrintOptions) {
    this.#options = options;
  }

  /** Whether an event is not to be printed. Must see every event in order. */
  skips(event: RawEvent, body: EventBody): boolean {
    const { includeGtids, excludeGtids, skipGtids } = this.#options;
    if (body.kind === 'gtid' || body.kind === 'gtidTagged') {
      const tag = body.kind === 'gtidTagged' ? body.tag : '';
      this.#skipping =
        (includeGtids !== undefined && !includeGtids.contains(body.uuid, tag, body.gno)) ||
        (excludeGtids?.contains(body.uuid, tag, body.gno) ?? false);
      return this.#skipping || skipGtids;
    }
    if (body.kind === 'previousGtids') return skipGtids;
    if (alwaysPass.has(event.type)) return false;
    const skip = this.#skipping;
    if (body.kind === 'xid' || (body.kind === 'query' && endsGroup(body.statement))) this.#skipping = false;
    return skip;
  }
}

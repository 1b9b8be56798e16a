import {
  EventType,
  HEADER_BYTES,
  MariadbGtidFlag,
  type RawEvent,
  ROWS_FLAGS_AT,
  RowsFlag,
  TYPE_AT,
} from '../../binlog/index.ts';

/** Where the events go that pass: copied, with room for a checksum. */
export interface SelectedEvents {
  readonly slabs: readonly Buffer[];
  readonly starts: readonly number[];
  readonly count: number;
  readonly bytes: number;
  add(event: RawEvent): void;
  /** An event that stands alone and ends in a checksum. */
  addBytes(bytes: Buffer): void;
  /** An event was changed where it stands: its checksum is not that of its bytes. */
  changed?(index: number): void;
}

/** Flags of MariaDB's GTID event: behind number and domain. */
const GTID_FLAGS_AT = HEADER_BYTES + 12;

/** Whether rows are the last ones of their statement. */
export function endsStatement({ bytes, start }: RawEvent): boolean {
  return (bytes.readUInt16LE(start + ROWS_FLAGS_AT) & RowsFlag.STMT_END) !== 0;
}

/** The rows behind these were left out: these end their statement. */
export function endStatement(events: SelectedEvents, index: number): void {
  const slab = events.slabs[index]!;
  const at = events.starts[index]! + ROWS_FLAGS_AT;
  slab.writeUInt16LE(slab.readUInt16LE(at) | RowsFlag.STMT_END, at);
  events.changed?.(index);
}

/** Whether MariaDB's GTID, the first event, says that a group follows: that ends by an event of its own. */
export function opensGroup(events: SelectedEvents): boolean {
  const slab = events.slabs[0]!;
  const start = events.starts[0]!;
  const isStandalone = (slab[start + GTID_FLAGS_AT]! & MariadbGtidFlag.STANDALONE) !== 0;
  return slab[start + TYPE_AT] === EventType.GTID_EVENT && !isStandalone;
}

/**
 * MariaDB says with the GTID that one statement follows, or that BEGIN … COMMIT does: here it says the latter of the first event.
 *
 * @returns false: it is no GTID of MariaDB's
 */
export function announceGroup(events: SelectedEvents): boolean {
  const slab = events.slabs[0]!;
  const start = events.starts[0]!;
  if (slab[start + TYPE_AT] !== EventType.GTID_EVENT) return false;
  slab[start + GTID_FLAGS_AT]! &= ~(MariadbGtidFlag.STANDALONE | MariadbGtidFlag.DDL);
  events.changed?.(0);
  return true;
}

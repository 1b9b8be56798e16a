import type { Cursor, Writer } from '../../bytes/index.ts';
import type { EventHeader } from '../raw-event.ts';
import type { Flavor } from '../server-version.ts';
import type { StatusMemory } from '../status-memory.ts';

/** What the events before it say of how an event is laid out. */
export interface LogLayout {
  readonly flavor: Flavor;
  /** `major·65536 + minor·256 + patch`; 0 before a format description. */
  readonly serverVersion: number;
  /** See `LogState`. */
  readonly tolerant: boolean;
  /** Reads status variables. */
  readonly statuses: StatusMemory;
  postHeaderLength(type: number, otherwise: number): number;
  tableIdBytes(type: number): 4 | 6;
}

/**
 * One kind of event body: its shape, and both directions.
 *
 * `decode` gets a cursor framed to the body (no header, no checksum) and must consume it; `encode` writes the same bytes back.
 * Buffers in a decoded body are views: borrowed from the event, valid until the framer's next step.
 */
export interface EventDefinition<Body extends { readonly kind: string }> {
  readonly kind: Body['kind'];
  readonly codes: readonly number[];
  /** Length of the fixed part, as format descriptions list it; checked against real servers' lists in a test. */
  readonly postHeaderLength?: number;
  decode(cursor: Cursor, header: EventHeader, log: LogLayout): Body;
  encode(body: Body, writer: Writer, header: EventHeader, log: LogLayout): void;
}

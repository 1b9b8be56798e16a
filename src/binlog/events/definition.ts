import type { Cursor, Writer } from '../../bytes/index.ts';
import type { LogState } from '../log-state.ts';
import type { EventHeader } from '../raw-event.ts';

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
  decode(cursor: Cursor, header: EventHeader, state: LogState): Body;
  encode(body: Body, writer: Writer, header: EventHeader, state: LogState): void;
}

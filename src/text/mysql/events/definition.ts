import type { EventBody, RawEvent } from '../../../binlog/index.ts';
import type { PrintVerdict } from '../../log-printer.ts';
import type { PrintState } from '../print-state.ts';

/** Any decoded body of one kind. */
export type BodyOfKind<Kind extends EventBody['kind']> = Extract<EventBody, { readonly kind: Kind }>;

/** Prints one kind of event, filters that look into it included. */
export type EventPrinter<Kind extends EventBody['kind']> = (
  state: PrintState,
  event: RawEvent,
  body: BodyOfKind<Kind>,
) => PrintVerdict;

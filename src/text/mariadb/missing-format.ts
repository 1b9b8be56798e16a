import { type EventBody, type RawEvent, shownEventType } from '../../binlog/index.ts';
import type { PrintState } from './print-state.ts';

/** Kinds that BINLOG statements are made of, which no server takes before a format description. */
const rowKinds: ReadonlySet<EventBody['kind']> = new Set<EventBody['kind']>(['rows', 'tableMap']);

/** What the original ends with at rows of a log that has no format description; undefined of all else. */
export function missingFormat(state: PrintState, event: RawEvent, body: EventBody): string | undefined {
  if (state.log.format !== undefined || !state.printsBase64 || !rowKinds.has(body.kind)) return undefined;
  return (
    'malformed binlog: it does not contain any Format_description_log_event. ' +
    `Found a ${shownEventType(event.type, 'mariadb')} event, which is not safe to process without a Format_description_log_event.`
  );
}
